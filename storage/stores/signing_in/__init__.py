"""Grants, sessions and pending sign-ins."""
