"""Listening by user name, from services that keep every play: ListenBrainz and Last.fm."""
