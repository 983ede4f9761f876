"""First reading of a library."""
