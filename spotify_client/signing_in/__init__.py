"""Signing in by OAuth, and the tokens."""
