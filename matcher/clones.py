"""Clones: profiles that are nearly the same library. Of a group of clones a list shows the best one first.

Nearly the same is measured by resemblance: of all items of two profiles the share that both have (A. Broder,
"On the Resemblance and Containment of Documents", SEQUENCES 1997). Containment would also take a small
library inside a big one for a copy of it. How much of either is heard makes no difference: plays are easily
made up.
"""

from collections.abc import Hashable, Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

Items = AbstractSet[Hashable]
"""Artists and tracks of a profile, by key or by digest."""

FEWEST_ITEMS = 20
"""With fewer items each, two people may well have the same."""

RESEMBLANCE = 0.8
"""From so much on two profiles are clones. Of 943 listeners with their top artists no two resemble each other
by more than 0.52, of 6,853 with playlists by 0.67."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A candidate's place in a list.

    Attributes:
        listener_id: the candidate.
        clone_of: whom in the list it nearly is, one who stands before it; empty if nobody.
        is_double: whether it nearly is the one who asks.
    """

    listener_id: str
    clone_of: str = ""
    is_double: bool = False


def resemblance(one: Items, other: Items) -> float:
    """Share of all items that both have, in [0, 1]; 0 where there are none; symmetric."""
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared) if shared else 0.0


def are_clones(one: Items, other: Items) -> bool:
    """Whether two profiles are nearly the same library; symmetric."""
    fewer, more = sorted((len(one), len(other)))
    if fewer < FEWEST_ITEMS or fewer < RESEMBLANCE * more:
        return False
    return resemblance(one, other) >= RESEMBLANCE


def push_clones_behind(ranked: Iterable[tuple[str, Items]], mine: Items, top_n: int) -> list[Placed]:
    """The first of a list, with every clone of somebody better behind all who are none.

    A clone of the one who asks keeps its place and is flagged, the first of them; others come behind it like
    any clones. What comes behind keeps its order, and is shown only where there are too few others.

    Args:
        ranked: id and items of candidates by falling score; read no further than needed.
        mine: items of the one who asks.
        top_n: how many to give back; fewer where there are fewer.

    Returns:
        at most `top_n`, each candidate once.
    """
    firsts = _Firsts(mine)
    found: list[Placed] = []
    behind: list[Placed] = []
    if top_n <= 0:
        return []
    for key, items in ranked:
        placed = firsts.place(key, items)
        (behind if placed.clone_of else found).append(placed)
        if len(found) == top_n:
            break
    return (found + behind)[:top_n]


class _Firsts:
    """The best of each group so far, and the first double of the one who asks."""

    def __init__(self, mine: Items) -> None:
        self._mine = mine
        self._items: dict[str, Items] = {}
        self._double = ""

    def place(self, key: str, items: Items) -> Placed:
        is_double = are_clones(self._mine, items)
        twin = self._double if is_double else ""
        twin = twin or next((k for k, theirs in self._items.items() if are_clones(items, theirs)), "")
        if not twin:
            self._items[key] = items
        if is_double and not self._double:
            self._double = twin or key
        return Placed(key, twin, is_double)
