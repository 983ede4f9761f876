"""Decisions between listeners: requests, blocks, consent, disclosure."""
