"""Requests, connections, hidden and blocked listeners."""
