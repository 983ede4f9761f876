"""Loop listening: one track or artist holds an absurd share of a profile's plays.

How many items a listener really hears is the effective number, exp of the entropy of the shares (M. Hill,
"Diversity and Evenness: A Unifying Notation and Its Consequences", Ecology 54, 1973, order 1): of fifty
artists heard alike it is 50, of fifty of which one has nearly all plays it is little above 1.
"""

import math
from dataclasses import dataclass

from matcher.domain.profile import Bag, ListenerProfile

FEWEST_ITEMS = 10
"""With fewer items one of them easily holds half."""

LARGEST_SHARE = 0.5
FEWEST_EFFECTIVE = 3.0
"""Half of the plays or more on one item, and no more than three items effectively heard: 1.9 % of 944
listeners with their top artists, nobody in a world of synthetic ones."""


@dataclass(frozen=True, slots=True)
class Loop:
    """An item that is heard in a loop.

    Attributes:
        kind: "tracks" or "artists".
        key: canonical key of the item.
        share: its share of the plays, in [0.5, 1].
        n_effective: items that are effectively heard, in [1, 3].
        n_items: items of that kind in the profile.
    """

    kind: str
    key: str
    share: float
    n_effective: float
    n_items: int


def effective_number(bag: Bag) -> float:
    """How many items are effectively heard: exp of the entropy, from 1 to their number; 0 of none."""
    total = math.fsum(bag.values())
    if total <= 0:
        return 0.0
    shares = (plays / total for plays in bag.values())
    return math.exp(-math.fsum(share * math.log(share) for share in shares if share > 0))


def find_loop(profile: ListenerProfile) -> Loop | None:
    """The track, or else the artist, that a profile is in a loop on; None where it is in none."""
    found = (_loop_in(getattr(profile, kind), kind) for kind in ("tracks", "artists"))
    return next((loop for loop in found if loop), None)


def _loop_in(bag: Bag, kind: str) -> Loop | None:
    if len(bag) < FEWEST_ITEMS:
        return None
    key = max(bag, key=lambda one: (bag[one], one))
    share, n_effective = bag[key] / math.fsum(bag.values()), effective_number(bag)
    is_loop = share >= LARGEST_SHARE and n_effective <= FEWEST_EFFECTIVE
    return Loop(kind, key, share, n_effective, len(bag)) if is_loop else None
