"""Taste: what counts in a library, its facets, and changes to it."""
