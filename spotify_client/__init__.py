"""Adapter for the Spotify Web API: sign-in, grants, libraries, audio attributes.

`calls.client` makes every Web API call, `signing_in.tokens` every call to the accounts service.
"""
