"""Baselines: the rivals of the towers, simple scores of two listeners.

Those that learn have their hyper-parameters chosen by `tuning`.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Protocol

import numpy as np

from matcher.domain.profile import Bag
from towers.evaluation.rivals.als import AlsBaseline
from towers.evaluation.rivals.bags import Profiles, bag_of_items, count_listeners
from towers.evaluation.rivals.overlap import OverlapBaseline
from towers.evaluation.rivals.soft_cosine import SoftCosineBaseline
from towers.evaluation.rivals.spectrum import SpectrumBaseline
from towers.evaluation.rivals.user_knn import UserKnnBaseline
from towers.metrics import Scores


class Baseline(Protocol):
    """Scores every query against every candidate."""

    def fit(self, profiles: Profiles) -> None:
        """Learn from training listeners."""
        ...

    def score(self, queries: Profiles, candidates: Profiles) -> Scores:
        """[n_queries, n_candidates], higher is nearer."""
        ...


@dataclass
class RandomBaseline:
    """Random scores."""

    seed: int = 0

    def fit(self, profiles: Profiles) -> None:
        """Learn nothing."""

    def score(self, queries: Profiles, candidates: Profiles) -> Scores:
        """[n_queries, n_candidates] in [0, 1)."""
        return np.random.default_rng(self.seed).random((len(queries), len(candidates)))


class PopularityBaseline:
    """Scores a candidate by the popularity of its items, for all queries alike."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()

    def fit(self, profiles: Profiles) -> None:
        """Count the listeners of each item."""
        self._counts = count_listeners(map(bag_of_items, profiles))

    def score(self, queries: Profiles, candidates: Profiles) -> Scores:
        """[n_queries, n_candidates], mean number of listeners per item; equal rows."""
        row = [self._mean(bag_of_items(candidate)) for candidate in candidates]
        return np.tile(np.asarray(row, np.float64), (len(queries), 1))

    def _mean(self, bag: Bag) -> float:
        return sum(self._counts[key] for key in bag) / max(1, len(bag))


ARTISTS_ALONE = "overlap of artists"

BASELINES: Mapping[str, Callable[..., Baseline]] = {
    "random": RandomBaseline,
    "popularity": PopularityBaseline,
    "tfidf": OverlapBaseline,
    "overlap": OverlapBaseline,
    ARTISTS_ALONE: partial(OverlapBaseline, "artists"),
    "soft cosine": SoftCosineBaseline,
    "als": AlsBaseline,
    "spectrum": SpectrumBaseline,
    "user-kNN": UserKnnBaseline,
}
"""Baselines by their names in reports; hyper-parameters are arguments."""


def baselines_for(profiles: Profiles) -> tuple[str, ...]:
    """Names of the baselines that differ from each other on these listeners.

    Artists alone say more than `overlap` only where tracks are known, too.
    """
    differ = any(profile.tracks and profile.artists for profile in profiles)
    return tuple(name for name in BASELINES if differ or name != ARTISTS_ALONE)
