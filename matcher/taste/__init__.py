"""A listener's own taste: what counts in it, its facets, and its changes."""
