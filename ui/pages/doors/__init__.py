"""Doors of our own, as plain HTML: recovery key and file."""
