"""The listener's own taste."""
