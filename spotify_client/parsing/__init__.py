"""Parses Web API responses into listening."""
