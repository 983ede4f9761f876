"""Texts of the screen “My taste”."""

from collections.abc import Mapping

TITLE = "My taste"
LEAD = "What Earshot knows of your listening, and what your matches rest on."
SOUND = "How your music sounds"
SOUND_MORE = "The weighted mean over the tracks whose audio attributes are known."
SPREAD = "How widely it ranges"
SPREAD_MORE = "Dot: the median. Thick: the middle half of your listening. Thin: eight in ten."
NO_AUDIO = "No audio attributes are known for your tracks yet, so there is nothing to draw here."
DECADES = "When it was released"
DECADE = "{decade}s"
DECADE_TIP = "{decade}s: {share} of your listening"
ARTISTS = "Artists you hear most"
READ = "What was read"
PARTS: Mapping[str, str] = {
    "ok": "read",
    "empty": "nothing in it",
    "denied": "not permitted",
    "failed": "kept from before",
}
YOU = "you"
SPREAD_TIP = "{label}: median {median}, half between {low} and {high}"
