"""Listeners, their accounts, profiles and tastes."""
