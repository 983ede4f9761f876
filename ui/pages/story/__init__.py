"""The story of one's taste in five cards."""
