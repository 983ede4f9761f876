"""Why two listeners were matched: parts that sum to the score, and inside overlap every item's share.

Each component's part is its weight times its value, shrunk by the factor that turns the raw sum into the
score; an item's part is its share of its component's. So all parts sum to the score, and the parts of items
to their component, to rounding. Take an item away and the score falls by about its part: the norms of what
is left and the towers' sense of it move a little too, and near 1 the score gives way less, so pages say
"about".
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
    """An artist, a track or a tag that both listen to. Thousands are made for one list, and a tuple is quick.

    Attributes:
        key: canonical key.
        name: as written by the listener who asks.
        artist: for a track, its artist as written; empty otherwise, or where unknown.
        strength: its contribution to the overlap, > 0: how telling it is; the same from both sides.
        part: its part of the score, >= 0; 0 where the ranker does not weigh this kind.
    """

    key: str
    name: str
    artist: str
    strength: float
    part: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a score is made of, and everything two listeners share, the most telling first.

    Attributes:
        parts: part of the score by component; they sum to it.
        artists, tracks, tags: what is shared; the parts of each sum to that component's part.
    """

    parts: Mapping[str, float]
    artists: tuple[SharedItem, ...]
    tracks: tuple[SharedItem, ...]
    tags: tuple[SharedItem, ...]

    @property
    def score(self) -> float:
        """The score that the parts sum to, in (-1, 1)."""
        return math.fsum(self.parts.values())


def explain(
    ranker: Ranker, mine: WeighedProfile, theirs: WeighedProfile, names: Mapping[str, str]
) -> Explanation:
    """Explain the score of two listeners.

    Args:
        ranker: what scored them.
        mine: the listener who asks.
        theirs: the other.
        names: names as written by canonical key; a key without one shows itself.
    """
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
    """The most telling first, ties by key, with what each has of the part."""
    scale = part / math.fsum(strengths.values()) if strengths else 0.0
    found = []
    for minus_strength, key in sorted((-strength, key) for key, strength in strengths.items()):
        artist = artist_of(key) if of_artists else ""
        artist_name = names.get(artist, artist) if of_artists else ""
        strength = -minus_strength
        found.append(SharedItem(key, names.get(key, key), artist_name, strength, strength * scale))
    return tuple(found)
