"""Fair choice of items for a group: greedy leximin.

Least misery: of all choices, take the one whose least satisfied member is satisfied most, then the second
least, and so on (leximin). J. Masthoff, "Group Modeling: Selecting a Sequence of Television Items to Suit a
Group of Viewers", UMUAI 14 (2004), names the strategies. D. Serbos, S. Qi, N. Mamoulis, E. Pitoura and P.
Tsaparas, "Fairness in Package-to-Group Recommendations", WWW 2017, show that the best package is NP-hard to
find and that a greedy choice, as here, does well. Exchanging items afterwards gained the least satisfied 2 %
and took fifteen times as long (docs/results/discovery.md).
"""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from matcher.scoring.audio_similarity import Doubles

Rows = NDArray[np.int64]
_GRAIN = 1e9  # compare satisfaction to nine digits: further ones depend on the order of summation


def choose_fairly(liking: Doubles, n: int, groups: Sequence[str] = (), most_each: int = 0) -> Rows:
    """Choose columns greedily so that the least satisfied row is satisfied most.

    Args:
        liking: [n_members, n_items] in [0, 1].
        n: how many to choose; fewer if there are no more.
        groups: group of each item, such as its artist; '' is no group.
        most_each: most items of one group; 0 for no limit.

    Returns:
        chosen columns in the order of choice; ties go to the lower column.
    """
    limit = _Limit(groups or [""] * liking.shape[1], most_each)
    share = liking / np.maximum(best_possible(liking, n), 1e-12)[:, np.newaxis]
    chosen: list[int] = []
    while len(chosen) < min(n, liking.shape[1]):
        open_to = limit.open_to()
        if not len(open_to):
            break
        totals = share[:, chosen].sum(axis=1, keepdims=True) + share[:, open_to]
        chosen.append(int(open_to[_leximin(totals)]))
        limit.take(chosen[-1])
    return np.array(chosen, np.int64)


def choose_by_average(liking: Doubles, n: int) -> Rows:
    """Baseline: the columns with the highest mean, ties to the lower one."""
    return np.argsort(-liking.mean(axis=0), kind="stable")[: max(n, 0)]


def satisfaction(liking: Doubles, chosen: Rows, n: int) -> Doubles:
    """Liking of a choice relative to each member's best `n`: [n_members] in [0, 1]."""
    best = best_possible(liking, n)
    return np.asarray(liking[:, chosen].sum(axis=1) / np.where(best > 0, best, 1.0))


def best_possible(liking: Doubles, n: int) -> Doubles:
    """Sum of each row's `n` highest: [n_members] float64."""
    return np.asarray(-np.sort(-liking, axis=1)[:, : max(n, 0)].sum(axis=1))


class _Limit:
    """Open columns: each item once, and at most `most` of one group."""

    def __init__(self, groups: Sequence[str], most: int) -> None:
        self._groups, self._most = np.array(groups, np.object_), most
        self._open = np.ones(len(groups), bool)
        self._taken: Counter[str] = Counter()

    def open_to(self) -> Rows:
        return np.flatnonzero(self._open)

    def take(self, column: int) -> None:
        group = self._groups[column]
        self._open[column] = False
        self._taken[group] += 1
        if group and self._taken[group] == self._most:
            self._open &= self._groups != group


def _leximin(totals: Doubles) -> int:
    """Index of the leximin-best column; the lowest of equals."""
    ranked = np.rint(np.sort(totals, axis=0) * _GRAIN)
    return int(np.lexsort((np.arange(ranked.shape[1]), *(-ranked[::-1])))[0])
