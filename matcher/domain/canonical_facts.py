"""What a single fact of listening says: its canonical keys, its facet, its month."""

from collections.abc import Iterable

from matcher.domain.canonical_keys import artist_key, track_key
from matcher.domain.listening import Hearing, Listening

Keyed = tuple[tuple[str, str], Hearing]
"""A fact with the canonical keys of its artist and its track; either may be empty."""


def keys_of(hearing: Hearing) -> tuple[str, str]:
    """The canonical artist key and track key of a fact; either may be empty."""
    artist = artist_key(hearing.artist_name, hearing.artist_id)
    return artist, track_key(hearing.track_name, artist, hearing.track_id)


def facet_of(hearing: Hearing) -> str:
    """The id of the facet that a fact belongs to."""
    return f"{hearing.part}:{hearing.facet_id}" if hearing.facet_id else str(hearing.part)


def keyed_facts(listening: Listening) -> list[Keyed]:
    """Each fact with the canonical keys of its artist and its track, in order."""
    return [(keys_of(hearing), hearing) for hearing in listening.hearings]


def month_of(hearing: Hearing) -> str:
    """The month a fact is of, such as "2026-03"; empty where it is not known."""
    when = hearing.heard_at_utc
    return f"{when.year:04d}-{when.month:02d}" if when else ""


def names_of(keyed: Iterable[Keyed]) -> dict[str, str]:
    """Names of artists and tracks by canonical key, as first written."""
    names: dict[str, str] = {}
    for (artist, track), hearing in keyed:
        if artist and hearing.artist_name:
            names.setdefault(artist, hearing.artist_name)
        if track and hearing.track_name:
            names.setdefault(track, hearing.track_name)
    return names
