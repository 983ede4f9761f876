"""Why two listeners were matched: what they share."""

import heapq
import math
from collections.abc import Mapping
from dataclasses import dataclass

from matcher.keys import artist_of
from matcher.profile import Bag, ListenerProfile


@dataclass(frozen=True, slots=True)
class SharedItem:
    """An artist or a track that both listen to.

    Attributes:
        key: canonical key.
        name: as written by the listener who asks.
        artist: for a track, its artist as written; empty for an artist or where unknown.
        strength: geometric mean of both listeners' log-damped shares, in (0, 1]; the same from both sides.
    """

    key: str
    name: str
    artist: str
    strength: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """What two listeners share, strongest first."""

    artists: tuple[SharedItem, ...]
    tracks: tuple[SharedItem, ...]
    tags: tuple[str, ...]


def explain(mine: ListenerProfile, theirs: ListenerProfile) -> Explanation:
    """Everything two listeners share: artists and tracks, strongest first, ties by key."""
    names = {**theirs.names, **mine.names}
    return Explanation(
        artists=_shared(mine.artists, theirs.artists, names),
        tracks=_shared(mine.tracks, theirs.tracks, names),
        tags=_shared_tags(mine.tags, theirs.tags),
    )


def _shared(mine: Bag, theirs: Bag, names: Mapping[str, str]) -> tuple[SharedItem, ...]:
    common = mine.keys() & theirs.keys()
    if not common:
        return ()
    top_mine, top_theirs = _loudest(mine), _loudest(theirs)
    found = (
        SharedItem(
            key=key,
            name=names.get(key, key),
            artist=names.get(artist_of(key), artist_of(key)),
            strength=math.sqrt(math.log1p(mine[key]) / top_mine * math.log1p(theirs[key]) / top_theirs),
        )
        for key in common
    )
    return tuple(sorted(found, key=lambda item: (-item.strength, item.key)))


def _loudest(bag: Bag) -> float:
    return math.log1p(max(bag.values()))


def _shared_tags(mine: Bag, theirs: Bag, n_most: int = 12) -> tuple[str, ...]:
    common = mine.keys() & theirs.keys()
    return tuple(heapq.nsmallest(n_most, common, key=lambda tag: (-min(mine[tag], theirs[tag]), tag)))
