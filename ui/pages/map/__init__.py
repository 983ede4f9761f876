"""Taste map."""
