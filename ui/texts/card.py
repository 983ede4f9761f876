"""Texts of a match as a card."""

from collections.abc import Mapping

PERCENT = "match"
PERCENT_MEANING = (
    "Of pairs this close, {value} in 100 were two halves of one person’s listening rather than two "
    "strangers. With this much to go by it lies between {low} and {high}."
)
SCORE = "Score"
SCORE_MADE = "What the score is made of, about"
COMPONENTS: Mapping[str, str] = {
    "towers": "The towers’ sense of it",
    "artists": "Artists in common",
    "tracks": "Tracks in common",
    "tags": "Tags in common",
    "audio": "How it sounds",
    "crowd": "Being close to everybody",
}
SYNTHETIC = "synthetic"
SYNTHETIC_MORE = "Made up by the demo; not a person"
SHARED_ARTISTS = "Artists you share"
SHARED_TRACKS = "Tracks you share"
SHARED_TAGS = "Tags you share"
SHARED_ALL = "Why, and everything else you share"
SHARED_NOTHING = "No artist, track or tag in common by name; the model still places you close together."
MORE = "and {n} more"


def percent_meaning(value: float, low: float, high: float) -> str:
    """What a percentage means, with its interval; all in [0, 100]."""
    return PERCENT_MEANING.format(value=round(value), low=round(low), high=round(high))
