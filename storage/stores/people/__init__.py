"""Consent, relations between listeners, and personal data."""
