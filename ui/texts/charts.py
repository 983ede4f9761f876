"""Texts inside charts."""

from collections.abc import Mapping

NOTHING = "Nothing to show yet."
SHARED = "shared"
UNKNOWN = "not known"
TOTAL = "Likeness"
TOTAL_MEANING = "the parts together; below 0 it is shown as 0 %"
ZOOM_IN, ZOOM_OUT, ZOOM_ALL = "Zoom in", "Zoom out", "Show all"
ZOOM_KEYS = "Arrow keys move it, + and − zoom, 0 shows all"
ZOOM_HINT = "Point at a dot to see who it is. Drag to move; pinch, or Ctrl and the wheel, to zoom."
ZOOM_TOUCH = "Touch a dot to meet who it is. Pinch to zoom, then drag to move."
UNITS: Mapping[str, str] = {"tempo": "BPM", "loudness": "dB"}
"""Units by audio attribute; the others are percentages."""

AUDIO: Mapping[str, tuple[str, str]] = {
    "danceability": ("Danceable", "how easy to dance to: tempo, steadiness and beat taken together"),
    "energy": ("Energy", "how intense and busy: fast, loud and noisy is high"),
    "valence": ("Mood", "how cheerful it sounds: low is sad or angry, high is happy"),
    "acousticness": ("Acoustic", "how likely it is played without electric amplification"),
    "instrumentalness": ("Instrumental", "how likely it has no singing"),
    "speechiness": ("Spoken", "how much of it is spoken word"),
    "liveness": ("Live", "how likely an audience can be heard"),
    "tempo": ("Tempo", "beats a minute (BPM)"),
    "loudness": ("Loudness", "decibels (dB) below the loudest possible"),
}
"""Name and meaning by audio attribute."""
TRAITS: Mapping[str, tuple[str, str]] = {
    "danceability": ("less danceable", "more danceable"),
    "energy": ("calmer", "more energetic"),
    "valence": ("darker", "more cheerful"),
    "acousticness": ("less acoustic", "more acoustic"),
    "instrumentalness": ("more sung", "more instrumental"),
    "speechiness": ("less spoken", "more spoken"),
    "liveness": ("less live", "more live"),
    "tempo": ("slower", "faster"),
    "loudness": ("quieter", "louder"),
    "mode": ("more in minor", "more in major"),
}
"""Less and more of an audio attribute than average, in words."""
SPREAD_TIP = "{label}: median {median}, middle half from {low} to {high}"
