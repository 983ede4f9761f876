"""Explanation: contributions of components, and of shared items, to a likeness.

A component contributes its weight times its value above chance, over the denominator of the likeness; an item
contributes its share of what its component adds above 0. So components sum to the likeness, and items to
their component, up to rounding.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from matcher.domain.canonical_keys import artist_of
from matcher.scoring.components import WeighedProfile
from matcher.scoring.overlap import KINDS, shared_parts
from matcher.scoring.ranker import Ranker


class SharedItem(NamedTuple):
    """A shared artist, track or tag. A tuple for speed: one list holds thousands.

    Attributes:
        name, artist: as the viewer's library writes them; `artist` for tracks only, empty if unknown.
        strength: contribution to the overlap, > 0; symmetric.
        part: contribution to the score, >= 0; 0 if the ranker does not weigh this kind.
    """

    key: str
    name: str
    artist: str
    strength: float
    part: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """Contributions to a score, and all shared items, highest contribution first.

    Attributes:
        parts: contribution by component; their sum is the likeness.
        artists, tracks, tags: shared items; each kind sums to its component, if that is above 0.
    """

    parts: Mapping[str, float]
    artists: tuple[SharedItem, ...]
    tracks: tuple[SharedItem, ...]
    tags: tuple[SharedItem, ...]

    @property
    def score(self) -> float:
        """Sum of `parts`: the likeness."""
        return math.fsum(self.parts.values())


def explain(
    ranker: Ranker, mine: WeighedProfile, theirs: WeighedProfile, names: Mapping[str, str]
) -> Explanation:
    """Explain the score of two listeners; `names` by canonical key, default the key."""
    shared = {kind: shared_parts(mine.bags[kind], theirs.bags[kind]) for kind in KINDS}
    overlaps = {kind: math.fsum(found.values()) for kind, found in shared.items()}
    parts = ranker.parts(mine, theirs, overlaps)
    return Explanation(
        parts,
        artists=_items(shared["artists"], parts["artists"], names),
        tracks=_items(shared["tracks"], parts["tracks"], names, of_artists=True),
        tags=_items(shared["tags"], parts["tags"], names),
    )


def _items(
    strengths: Mapping[str, float], part: float, names: Mapping[str, str], of_artists: bool = False
) -> tuple[SharedItem, ...]:
    """Shared items by falling strength, ties by key, with their share of `part`, if that is above 0."""
    scale = max(part, 0.0) / math.fsum(strengths.values()) if strengths else 0.0
    found = []
    for minus_strength, key in sorted((-strength, key) for key, strength in strengths.items()):
        artist = artist_of(key) if of_artists else ""
        artist_name = names.get(artist, artist) if of_artists else ""
        strength = -minus_strength
        found.append(SharedItem(key, names.get(key, key), artist_name, strength, strength * scale))
    return tuple(found)
