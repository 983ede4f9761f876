"""Rivals: plain scores of two listeners, tuned on training halves."""
