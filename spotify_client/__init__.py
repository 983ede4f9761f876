"""Adapter on the Spotify Web API: logging in, keeping grants fresh, reading a library, audio attributes.

settings → auth → grants → client → fetch. `client` is the only way to a Web API call; `tokens` the only way
to the accounts service. This package imports `matcher` and nothing else of Earshot.
"""
