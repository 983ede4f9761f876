"""Adapters for tables, and for attribute services other than Spotify."""
