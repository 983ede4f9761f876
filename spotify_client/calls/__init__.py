"""Calls to the Web API: sessions, rate limits, API errors, grants."""
