"""The application, its own switches, and serving it."""
