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

from matcher.keys import artist_of
from matcher.overlap import shared_parts
from matcher.rank import Ranker, WeighedProfile


@dataclass(frozen=True, slots=True)
class SharedItem:
    """An artist, a track or a tag that both listen to.

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
    parts = ranker.parts(mine, theirs)
    return Explanation(
        parts, *(_shared(kind, parts, mine, theirs, names) for kind in ("artists", "tracks", "tags"))
    )


def _shared(
    kind: str,
    parts: Mapping[str, float],
    mine: WeighedProfile,
    theirs: WeighedProfile,
    names: Mapping[str, str],
) -> tuple[SharedItem, ...]:
    strengths = shared_parts(mine.bags[kind], theirs.bags[kind])
    scale = parts[kind] / math.fsum(strengths.values()) if strengths else 0.0
    found = (
        SharedItem(
            key=key,
            name=names.get(key, key),
            artist=names.get(artist_of(key), artist_of(key)) if kind == "tracks" else "",
            strength=strength,
            part=strength * scale,
        )
        for key, strength in strengths.items()
    )
    return tuple(sorted(found, key=lambda item: (-item.strength, item.key)))
