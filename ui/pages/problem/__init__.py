"""What went wrong, in place of a page."""
