"""Retention and erasure."""
