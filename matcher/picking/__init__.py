"""Picking artists: how somebody without a history says what they hear."""
