"""Canonical keys: one recording with several ids or sources is one item.

An artist's key is the normalised name; a track's key is `artist|title`, both normalised, without
"remastered", "feat." and similar. Without a name, the key is `#` + the id that the source gave.
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
    """Remove case, accents and punctuation, so that spellings of one name are equal.

    Returns:
        lower-case words separated by single spaces. A name of punctuation only (such as "!!!") keeps its
        characters, except `|`; the result is empty only if `text` has no other visible character.
    """
    folded = unicodedata.normalize("NFKD", text).casefold()
    folded = unicodedata.normalize("NFC", _COMBINING.sub("", folded)).replace("&", " and ")
    words = _NOT_WORD.sub(" ", folded).strip()
    return words or " ".join(text.replace(SEPARATOR, " ").split())


@lru_cache(maxsize=200_000)
def artist_key(name: str = "", artist_id: str = "") -> str:
    """Canonical key of an artist; empty without name and id."""
    words = normalise(name)
    if words:
        rest = words.removeprefix("the ")
        return rest or words
    return OPAQUE + artist_id if artist_id else ""


@lru_cache(maxsize=500_000)
def track_key(title: str = "", artist: str = "", track_id: str = "") -> str:
    """Canonical key of a recording: from title and artist, or else from the id.

    `artist` is the artist's canonical key. The result is empty if there is no id and the title or the artist
    is missing.
    """
    words = normalise(_NOISE.sub("", title) or title)
    if words and artist:
        return artist + SEPARATOR + words
    return OPAQUE + track_id if track_id else ""


def artist_of(track: str) -> str:
    """Artist key inside a track key; empty if the track key is an opaque id."""
    artist, found, _ = track.rpartition(SEPARATOR)
    return artist if found else ""


Keyed = tuple[tuple[str, str], Hearing]
"""A fact after its canonical artist key and track key; either key may be empty."""


def keys_of(hearing: Hearing) -> tuple[str, str]:
    """Canonical artist key and track key of a fact; either may be empty."""
    artist = artist_key(hearing.artist_name, hearing.artist_id)
    return artist, track_key(hearing.track_name, artist, hearing.track_id)


def facet_of(hearing: Hearing) -> str:
    """Id of the facet that a fact belongs to."""
    return f"{hearing.part}:{hearing.facet_id}" if hearing.facet_id else str(hearing.part)


def keyed_facts(listening: Listening) -> list[Keyed]:
    """All facts with their canonical keys, in order."""
    return [(keys_of(hearing), hearing) for hearing in listening.hearings]


def month_of(hearing: Hearing) -> str:
    """Month of a fact, such as "2026-03"; empty if unknown."""
    when = hearing.heard_at_utc
    return f"{when.year:04d}-{when.month:02d}" if when else ""


def names_of(keyed: Iterable[Keyed]) -> dict[str, str]:
    """Names of artists and tracks by canonical key; the first spelling wins."""
    names: dict[str, str] = {}
    for (artist, track), hearing in keyed:
        if artist and hearing.artist_name:
            names.setdefault(artist, hearing.artist_name)
        if track and hearing.track_name:
            names.setdefault(track, hearing.track_name)
    return names
