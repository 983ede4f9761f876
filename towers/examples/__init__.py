"""Training examples: interactions of listeners, views of them, and positive pairs."""
