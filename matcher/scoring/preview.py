"""The front: the few artists and tags of a listener that strangers may see.

Before both agree, a shared artist is visible only if it is among the 10 strongest of the other, limited to a
third of all the other shows (5 artists give 1, 30 give 10), and among the 30 strongest of the viewer. The
same holds for tags. So a wide, shallow library reveals no more than a narrow one, and all probes by all
accounts together reveal at most the front, which depends only on its owner (docs/adr/0012).
"""

from collections.abc import Mapping

from matcher.domain.digests import digest_of
from matcher.scoring.overlap import WeighedBag

KINDS = ("artists", "tags")  # named to strangers; tracks only to connected listeners

MOST = 10  # items of a kind in a front

ONE_IN = 3  # a front is at most one in three of what its owner shows

STRONG = 30  # the viewer's strongest items of a kind; shared items outside are not named


def front_of(bags: Mapping[str, WeighedBag]) -> dict[str, tuple[str, ...]]:
    """Keys of a listener's front by kind, strongest first; `bags` of the shown view."""
    return {kind: strongest(kind, bags[kind], min(MOST, len(bags[kind].weights) // ONE_IN)) for kind in KINDS}


def strong_of(bags: Mapping[str, WeighedBag]) -> dict[int, tuple[str, str]]:
    """Kind and key of the viewer's strongest items, by digest."""
    return {
        digest_of(kind, key): (kind, key) for kind in KINDS for key in strongest(kind, bags[kind], STRONG)
    }


def strongest(kind: str, bag: WeighedBag, most: int) -> tuple[str, ...]:
    """Keys with the highest weight, ties by digest, so that spelling has no effect."""
    order = sorted(bag.weights, key=lambda key: (-bag.weights[key], digest_of(kind, key)))
    return tuple(order[:most])
