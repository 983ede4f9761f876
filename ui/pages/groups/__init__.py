"""Groups of connected listeners."""
