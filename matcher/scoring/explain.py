"""Explanation: contributions of components to a likeness, and what two listeners share.

A component contributes its weight times its value above chance, over the denominator of the likeness, so
components sum to the likeness. What a single item adds is not a share of that sum: without it norms, tags,
sound and the vector are others, too. `matcher.matching.service.MatchingService.effects` works it out
(docs/adr/0015).
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
    """

    key: str
    name: str
    artist: str
    strength: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """Contributions to a score, and all shared items, strongest first.

    Attributes:
        parts: contribution by component; their sum is the likeness.
        artists, tracks, tags: shared items.
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
        artists=_items(shared["artists"], names),
        tracks=_items(shared["tracks"], names, of_artists=True),
        tags=_items(shared["tags"], names),
    )


def _items(
    strengths: Mapping[str, float], names: Mapping[str, str], of_artists: bool = False
) -> tuple[SharedItem, ...]:
    """Shared items by falling strength, ties by key."""
    found = []
    for minus_strength, key in sorted((-strength, key) for key, strength in strengths.items()):
        artist = artist_of(key) if of_artists else ""
        artist_name = names.get(artist, artist) if of_artists else ""
        found.append(SharedItem(key, names.get(key, key), artist_name, -minus_strength))
    return tuple(found)
