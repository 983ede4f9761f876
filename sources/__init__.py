"""Adapters from files, and from services beside Spotify, to listening and audio attributes."""
