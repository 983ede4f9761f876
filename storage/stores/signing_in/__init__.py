"""Grants, sessions and sign-ins on their way."""
