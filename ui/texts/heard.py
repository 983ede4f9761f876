"""Texts of play buttons and of Spotify's player."""

PLAY = "Play {name} on Spotify"
FIND = "Find {name} on Spotify"
BY = "{name} – {artist}"
PLAYER = "Spotify’s player"
NOTE = "This player is Spotify’s own: Spotify sees that you opened it."
CLOSE = "Close the player"
