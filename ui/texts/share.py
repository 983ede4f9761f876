"""Texts of the share card and its alternative text."""

EYEBROW = "Within earshot"
WITH = "with {other}"
BOTH = "{one} with {other}"
SHARED = "Both listen to"
MINE = "Listens to"
MADE_UP = "Synthetic listeners, made up by the demo"
SOMEBODY = "A listener"
