"""Texts inside charts."""

from collections.abc import Mapping

NOTHING = "Nothing to show yet."
SHARED = "shared"
UNKNOWN = "not known"
RANGE = "{label}: {low} to {high}"
TOTAL = "Score"

AUDIO: Mapping[str, tuple[str, str]] = {
    "danceability": ("Danceable", "how easy to dance to: tempo, steadiness and beat taken together"),
    "energy": ("Energy", "how intense and busy: fast, loud and noisy is high"),
    "valence": ("Mood", "how cheerful it sounds: low is sad or angry, high is happy"),
    "acousticness": ("Acoustic", "how likely it is played without electric amplification"),
    "instrumentalness": ("Instrumental", "how likely it has no singing"),
    "speechiness": ("Spoken", "how much of it is spoken word"),
    "liveness": ("Live", "how likely an audience can be heard"),
    "tempo": ("Tempo", "beats a minute"),
    "loudness": ("Loudness", "decibels below the loudest possible"),
}
"""By audio attribute: a short name, and what it means."""
