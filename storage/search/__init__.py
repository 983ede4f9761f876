"""Search among all listeners: indexes, neighbours, retrieval, the map."""
