"""The taste map."""
