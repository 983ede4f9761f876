"""Audio attributes of tracks with a Spotify id."""

from collections.abc import Mapping

from matcher.domain.audio import RANGES, AudioAttributes
from matcher.domain.canonical_keys import keys_of
from matcher.domain.listening import Hearing, Listening
from spotify_client.parsing.fields import number


def ids_by_key(listening: Listening) -> dict[str, str]:
    """One Spotify id per track, by canonical track key, most played tracks first."""
    found: dict[str, str] = {}
    for hearing in sorted(listening.hearings, key=_weight):
        key = keys_of(hearing)[1]
        if key and is_spotify_id(hearing.track_id):
            found.setdefault(key, hearing.track_id)
    return found


def is_spotify_id(text: str) -> bool:
    """Whether a text has the form of a Spotify id: 22 letters and digits."""
    return len(text) == _ID_LENGTH and text.isascii() and text.isalnum()


def attributes_of(row: Mapping[str, object], provenance: str) -> AudioAttributes | None:
    """Attributes of a row; missing and out-of-range values are omitted."""
    numbers = {name: number(row.get(name)) for name in RANGES}
    values = {name: value for name, value in numbers.items() if value is not None and _is_known(name, value)}
    return AudioAttributes(values, provenance) if values else None


_ID_LENGTH = 22


def _weight(hearing: Hearing) -> float:
    return -hearing.plays


def _is_known(name: str, value: float) -> bool:
    """Whether a value is in range and not a placeholder: key -1 means "not found"."""
    low, high = RANGES[name]
    return low <= value <= high and not (name == "key" and value < 0)
