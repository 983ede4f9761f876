"""The list of matches."""
