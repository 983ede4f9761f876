"""A local Spotify: accounts service and Web API over a synthetic world or any listening table.

It stands alone: nothing here imports another room of the house, and nothing here talks to Spotify.
"""
