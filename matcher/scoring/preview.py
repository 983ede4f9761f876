"""The front: the few artists and tags of a listener that a stranger may be told of.

Before both agree, a stranger is told of an artist only if it is strong on both sides: it stands among the 10
strongest of the other, and they are never more than a third of all the other shows (5 artists give 1, 30 give
10); and it stands among the 30 strongest of the one who looks. Tags likewise. So a wide, shallow library
earns no more than a narrow one, and all probes and all accounts together never learn more by name than the
front. The front is fixed by what its owner shows, whoever looks (docs/adr/0012).
"""

from collections.abc import Mapping

from matcher.domain.digests import digest_of
from matcher.scoring.overlap import WeighedBag

KINDS = ("artists", "tags")
"""What strangers are told of by name. Tracks are for the connected."""

MOST = 10
"""Things of a kind in a front, at most."""

ONE_IN = 3
"""A front is no more than one in so many of what its owner shows."""

STRONG = 30
"""So many of one's own count as strong: what is not among them is not told of, though both have it."""


def front_of(bags: Mapping[str, WeighedBag]) -> dict[str, tuple[str, ...]]:
    """Keys of a listener's front by kind, the strongest first.

    Args:
        bags: the shown view, weighed.
    """
    return {kind: strongest(kind, bags[kind], min(MOST, len(bags[kind].weights) // ONE_IN)) for kind in KINDS}


def strong_of(bags: Mapping[str, WeighedBag]) -> dict[int, tuple[str, str]]:
    """Kind and key of what is strong in a listener who looks, by digest."""
    return {
        digest_of(kind, key): (kind, key) for kind in KINDS for key in strongest(kind, bags[kind], STRONG)
    }


def strongest(kind: str, bag: WeighedBag, most: int) -> tuple[str, ...]:
    """Keys of a bag that weigh most, ties by digest, so that no name decides."""
    order = sorted(bag.weights, key=lambda key: (-bag.weights[key], digest_of(kind, key)))
    return tuple(order[:most])
