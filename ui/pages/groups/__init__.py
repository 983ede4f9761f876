"""Groups of the connected."""
