"""Canonical keys: one recording under several ids, or in several sources, is one item.

An artist's key is the normalised name; a track's key is `artist|title`, both normalised, without
"remastered", "feat." and the like. Where only an opaque id is given, the key is `#` + the id.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from matcher.domain.listening import Hearing, Listening

SEPARATOR = "|"
OPAQUE = "#"

_COMBINING = re.compile(r"[\u0300-\u036f]")
_NOT_WORD = re.compile(r"[\W_]+")
_VERSION = r"(?:\d{4}\s+)?(?:digital(?:ly)?\s+)?re-?master(?:ed)?(?:\s+\d{4})?(?:\s+version)?"
_EDITION = r"(?:album|single|radio|original|mono|stereo)\s+(?:version|edit|mix)"
_GUEST = r"(?:feat\.?|ft\.?|featuring)\s+[^()\[\]]+"
_NOISE = re.compile(
    rf"\s*[(\[]\s*(?:{_VERSION}|{_EDITION}|{_GUEST}|with\s+[^()\[\]]+)\s*[)\]]"
    rf"|\s+[-–—]\s+(?:{_VERSION}|{_EDITION})\s*$"
    rf"|\s+{_GUEST}$",
    re.IGNORECASE,
)


@lru_cache(maxsize=200_000)
def normalise(text: str) -> str:
    """Fold case, accents and punctuation away, so that spellings of one name meet.

    A name made of punctuation only (such as "!!!") keeps its characters.

    Returns:
        lower-case words divided by single spaces; empty only when `text` holds no visible character.
    """
    folded = unicodedata.normalize("NFKD", text).casefold()
    folded = unicodedata.normalize("NFC", _COMBINING.sub("", folded)).replace("&", " and ")
    words = _NOT_WORD.sub(" ", folded).strip()
    return words or " ".join(text.replace(SEPARATOR, " ").split())


@lru_cache(maxsize=200_000)
def artist_key(name: str = "", artist_id: str = "") -> str:
    """The canonical key of an artist; empty when neither name nor id is given."""
    words = normalise(name)
    if words:
        rest = words.removeprefix("the ")
        return rest or words
    return OPAQUE + artist_id if artist_id else ""


@lru_cache(maxsize=500_000)
def track_key(title: str = "", artist: str = "", track_id: str = "") -> str:
    """The canonical key of a recording; empty when there is neither a title with an artist nor an id.

    Args:
        title: the title as it is written.
        artist: the artist's canonical key.
        track_id: any opaque id, used only where title or artist is missing.
    """
    words = normalise(_NOISE.sub("", title) or title)
    if words and artist:
        return artist + SEPARATOR + words
    return OPAQUE + track_id if track_id else ""


def artist_of(track: str) -> str:
    """The artist's key inside a track's key; empty where the track is an opaque id."""
    artist, found, _ = track.rpartition(SEPARATOR)
    return artist if found else ""


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
