"""One's own taste."""
