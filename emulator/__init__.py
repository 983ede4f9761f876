"""A local Spotify: accounts service and Web API over a synthetic world or any listening table.

It stands alone: only `world.listening_table` imports other rooms, for the reader of listening tables, and
nothing here talks to Spotify.
"""
