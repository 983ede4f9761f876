"""Adapters from files to listening."""
