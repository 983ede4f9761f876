"""List of matches."""
