"""Noise that is no taste: what is played to sleep, to be calm, or for children.

Artists are told by names, by tags, or by the titles that a listener has of them: "White Noise" is
also a song, but three titles such as "Rain Sounds" and "Ocean Waves" of one artist are no songs. The lists
are the text files beside this one.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from pathlib import Path

from matcher.domain.canonical_keys import artist_key
from matcher.domain.names.spelling import SEPARATOR, normalise

FEWEST_TITLES = 3
"""Noise titles of one artist that tell; and they are at least half of the artist's titles of a listener."""

_FOLDER = Path(__file__).resolve().parent


def noise_artists(
    items: Iterable[tuple[str, str]], artist_tags: Mapping[str, Mapping[str, float]]
) -> frozenset[str]:
    """Artists of a listener that are noise.

    Args:
        items: canonical keys of artist and track, either may be empty.
        artist_tags: tags by canonical artist key, each with a positive weight.

    Returns:
        canonical artist keys.
    """
    titles: defaultdict[str, set[str]] = defaultdict(set)
    for artist, track in items:
        titles[artist].add(track)
    return frozenset(
        artist
        for artist, tracks in titles.items()
        if artist
        and (_is_named_so(artist) or _is_tagged_so(artist_tags.get(artist, {})) or _is_titled_so(tracks))
    )


@lru_cache(maxsize=200_000)
def _is_named_so(artist: str) -> bool:
    # a band may be called White Noise; "White Noise for Babies" is none
    found = _phrases("phrases.txt").search(artist)
    return artist in _artists() or (found is not None and found[0] != artist)


def _is_tagged_so(tags: Mapping[str, float]) -> bool:
    weights = Counter[bool]()
    for tag, weight in tags.items():
        weights[normalise(tag) in _tags()] += weight  # type: ignore[assignment]
    return weights[True] > weights[False]


def _is_titled_so(tracks: Iterable[str]) -> bool:
    told = [_is_title(track) for track in tracks if track]
    return sum(told) >= max(FEWEST_TITLES, len(told) / 2)


@lru_cache(maxsize=200_000)
def _is_title(track: str) -> bool:
    return _phrases("phrases.txt", "titles.txt").search(track.rpartition(SEPARATOR)[2]) is not None


@cache
def _artists() -> frozenset[str]:
    return frozenset(map(artist_key, _lines("artists.txt")))


@cache
def _tags() -> frozenset[str]:
    return frozenset(map(normalise, _lines("tags.txt")))


@cache
def _phrases(*names: str) -> re.Pattern[str]:
    lines = (normalise(line) for name in names for line in _lines(name))
    words = sorted(map(re.escape, lines), key=len, reverse=True)  # the longest that fits
    # keys have spaces between words; "\w" would end a word before a combining mark
    return re.compile(rf"(?<!\S)(?:{'|'.join(words)})(?!\S)")


def _lines(name: str) -> list[str]:
    lines = (_FOLDER / name).read_text("utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]
