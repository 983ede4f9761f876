"""Canonical keys: one recording with several ids or sources is one item.

An artist's key is the normalised name; a track's key is `artist|title`, both normalised, without
"remastered", "feat." and similar. Without a name, the key is `#` + the id that the source gave. Stored
profiles, packed rows and models hold keys: raise `KEY_RULES` with every change of what they come out as.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from matcher.domain.listening import Hearing, Listening, Monthly, by_month
from matcher.domain.names.editions import maybe_with_guests, without_edition, without_guests
from matcher.domain.names.placeholders import PLACEHOLDERS
from matcher.domain.names.spelling import SEPARATOR, normalise

KEY_RULES = 2
"""Version of the rules. 1 dropped vowel signs, sharps and "(With You)", and kept ø and "feat." of artists."""

OPAQUE = "#"

_ARTICLES = r"the|a|an|die|der|das|el|los|las|la|le|les|il|lo|gli|i|o|os|as|de|het"
_ARTICLE_LAST = re.compile(rf"(.+?)(?:,\s*({_ARTICLES})|\s+\((the)\))\s*", re.IGNORECASE | re.DOTALL)
_PART = re.compile(r"\bpt (?=(?:\d\d?|[ivx]+)\b)")
_THE = re.compile(r"(?:the )+(?=.)")


@lru_cache(maxsize=200_000)
def artist_key(name: str = "", artist_id: str = "") -> str:
    """Canonical key of an artist; empty without name and id, and for a name such as "Various Artists"."""
    words = _artist_words(name)
    if words:
        return "" if words in PLACEHOLDERS else words
    return OPAQUE + artist_id if artist_id else ""


def _artist_words(name: str) -> str:
    words = _once(name)
    while maybe_with_guests(words) and (again := _once(words)) != words:  # "A (ft) B"
        words = again
    return words


def _once(name: str) -> str:
    main = without_guests(name)
    moved = _ARTICLE_LAST.fullmatch(main) if "," in main or main.endswith(")") else None
    words = normalise(f"{moved[2] or moved[3]} {moved[1]}" if moved else main) or normalise(name)
    rest = _THE.sub("", words, count=1) if words.startswith("the ") else words
    # "The Unknown" is a name, "Unknown" is none
    return words if rest in PLACEHOLDERS and " " not in rest else rest


@lru_cache(maxsize=500_000)
def track_key(title: str = "", artist: str = "", track_id: str = "") -> str:
    """Canonical key of a recording: from title and artist, or else from the id.

    `artist` is the artist's canonical key. The result is empty if there is no id and the title or the artist
    is missing.
    """
    words = title_words(title) if artist else ""
    if words:
        return artist + SEPARATOR + words
    return OPAQUE + track_id if track_id else ""


@lru_cache(maxsize=200_000)
def title_words(title: str) -> str:
    """The part of a track's key that comes from the title."""
    words = normalise(without_edition(title)) or normalise(title)
    return _PART.sub("part ", words) if "pt " in words else words


def artist_of(track: str) -> str:
    """Artist key inside a track key; empty if the track key is an opaque id."""
    artist, found, _ = track.rpartition(SEPARATOR)
    return artist if found else ""


Keyed = tuple[tuple[str, str], Hearing, Monthly]
"""A fact after its canonical artist key and track key, either may be empty, and its strength by month."""


def keys_of(hearing: Hearing) -> tuple[str, str]:
    """Canonical artist key and track key of a fact; either may be empty.

    A titled track of "Various Artists" without an id is `|title`: no artist, but a track.
    """
    artist = artist_key(hearing.artist_name, hearing.artist_id)
    track = track_key(hearing.track_name, artist, hearing.track_id)
    if not (artist or track) and hearing.artist_name and (words := title_words(hearing.track_name)):
        track = SEPARATOR + words
    return artist, track


def facet_of(hearing: Hearing) -> str:
    """Id of the facet that a fact belongs to."""
    return f"{hearing.part}:{hearing.facet_id}" if hearing.facet_id else str(hearing.part)


def keyed_facts(listening: Listening) -> list[Keyed]:
    """All facts with their canonical keys, in order."""
    return [(keys_of(hearing), hearing, months) for hearing, months in by_month(listening.hearings)]


def names_of(keyed: Iterable[Keyed]) -> dict[str, str]:
    """Names of artists and tracks by canonical key; the first spelling wins."""
    names: dict[str, str] = {}
    for (artist, track), hearing, _ in keyed:
        if artist and hearing.artist_name:
            names.setdefault(artist, hearing.artist_name)
        if track and hearing.track_name:
            names.setdefault(track, hearing.track_name)
    return names
