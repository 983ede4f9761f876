"""The tables, and how values travel to and from them."""
