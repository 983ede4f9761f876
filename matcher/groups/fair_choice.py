"""Choosing things for a group so that nobody is left out.

Least misery first: of all choices the one whose least satisfied member is satisfied most, then the second
least, and so on (leximin). J. Masthoff, "Group Modeling: Selecting a Sequence of Television Items to Suit a
Group of Viewers", UMUAI 14 (2004), names the strategies; D. Serbos, S. Qi, N. Mamoulis, E. Pitoura and
P. Tsaparas, "Fairness in Package-to-Group Recommendations", WWW 2017, show that finding the best package is
NP-hard and that a greedy choice does well. This is that greedy choice. Exchanging afterwards, for as long as
it helped the least satisfied, gained them 2 % and took fifteen times as long (docs/results/discovery.md).
"""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from matcher.scoring.audio_similarity import Doubles

Rows = NDArray[np.int64]
_GRAIN = 1e9
"""Satisfaction is compared to nine digits: below that, sums of the same numbers differ by their order."""


def choose_fairly(liking: Doubles, n: int, groups: Sequence[str] = (), most_each: int = 0) -> Rows:
    """Choose columns so that the least satisfied row is satisfied as much as can be found.

    Args:
        liking: [n_members, n_items] in [0, 1].
        n: how many to choose; fewer where there are no more.
        groups: of each item, such as its artist; empty texts are no group.
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
    """The plain rival: the columns that are liked most on average, ties to the lower one."""
    return np.argsort(-liking.mean(axis=0), kind="stable")[: max(n, 0)]


def satisfaction(liking: Doubles, chosen: Rows, n: int) -> Doubles:
    """[n_members] float64 in [0, 1]: what a choice gives each, of the most that any `n` items could give."""
    best = best_possible(liking, n)
    return np.asarray(liking[:, chosen].sum(axis=1) / np.where(best > 0, best, 1.0))


def best_possible(liking: Doubles, n: int) -> Doubles:
    """[n_members] float64: the sum of each row's `n` highest."""
    return np.asarray(-np.sort(-liking, axis=1)[:, : max(n, 0)].sum(axis=1))


class _Limit:
    """Each item once, and at most so many of one group."""

    def __init__(self, groups: Sequence[str], most: int) -> None:
        self._groups, self._most = np.array(groups, np.object_), most
        self._open = np.ones(len(groups), bool)
        self._taken: Counter[str] = Counter()

    def open_to(self) -> Rows:
        """Columns that can still be chosen, rising."""
        return np.flatnonzero(self._open)

    def take(self, column: int) -> None:
        """Choose a column; where its group is full then, close the rest of the group."""
        group = self._groups[column]
        self._open[column] = False
        self._taken[group] += 1
        if group and self._taken[group] == self._most:
            self._open &= self._groups != group


def _leximin(totals: Doubles) -> int:
    """The column whose sorted rows, the lowest first, are the highest; the first of equals."""
    ranked = np.rint(np.sort(totals, axis=0) * _GRAIN)
    return int(np.lexsort((np.arange(ranked.shape[1]), *(-ranked[::-1])))[0])
