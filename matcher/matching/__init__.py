"""Refreshing profiles and finding matches."""
