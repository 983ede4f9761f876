"""Stores, by owner of the data."""
