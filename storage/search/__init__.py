"""Searching among all listeners: indexes, neighbours, retrieval, the map."""
