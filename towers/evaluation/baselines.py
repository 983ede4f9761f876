"""Baselines: simple scores of two listeners, on the towers' profiles."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import scipy.sparse as sp
from implicit.cpu.als import AlternatingLeastSquares
from sklearn.feature_extraction import DictVectorizer
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.preprocessing import normalize
from sklearn.utils.extmath import randomized_svd
from threadpoolctl import threadpool_limits

from matcher.domain.profile import ListenerProfile
from towers.metrics import Scores

Profiles = Sequence[ListenerProfile]


class Baseline(Protocol):
    """Scores every query against every candidate."""

    def fit(self, profiles: Profiles) -> None:
        """Learn from training listeners."""
        ...

    def score(self, queries: Profiles, candidates: Profiles) -> Scores:
        """[n_queries, n_candidates], higher is nearer."""
        ...


def bag_of_items(profile: ListenerProfile) -> Mapping[str, float]:
    """Log-damped plays by track, or by artist if the track is unknown."""
    tracks = {f"t:{key}": float(np.log1p(plays)) for key, plays in profile.tracks.items()}
    without_track = dict.fromkeys(item.artist for item in profile.items if not item.track and item.artist)
    artists = {f"a:{key}": float(np.log1p(profile.artists[key])) for key in without_track}
    return {**tracks, **artists}


def count_listeners(bags: Iterable[Iterable[str]]) -> Counter[str]:
    """Number of bags that hold each key."""
    return Counter(key for bag in bags for key in bag)


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

    def _mean(self, bag: Mapping[str, float]) -> float:
        return sum(self._counts[key] for key in bag) / max(1, len(bag))


class TfidfBaseline:
    """Cosine of TF-IDF bags.

    Source: Manning, Raghavan, Schütze: Introduction to Information Retrieval, 2008, chapter 6.
    """

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._n = 0

    def fit(self, profiles: Profiles) -> None:
        """Learn the inverse document frequencies."""
        self._n = len(profiles)
        self._counts = count_listeners(map(bag_of_items, profiles))

    def score(self, queries: Profiles, candidates: Profiles) -> Scores:
        """[n_queries, n_candidates], cosines in [0, 1]."""
        bags = [[self._weighted(profile) for profile in side] for side in (queries, candidates)]
        columns = DictVectorizer().fit([*bags[0], *bags[1]] or [{}])
        left, right = (normalize(sp.csr_matrix(columns.transform(side or [{}]))) for side in bags)
        product = (left @ right.T).toarray()[: len(queries), : len(candidates)]
        return np.asarray(product, np.float64)

    def _weighted(self, profile: ListenerProfile) -> Mapping[str, float]:
        """Weights by item; smoothed idf = ln((n + 1) / (df + 1)) + 1."""
        return {
            # items unknown from training count as the rarest: without them the baseline would be weaker
            key: amount * (np.log((self._n + 1) / (self._counts[key] + 1)) + 1.0)
            for key, amount in bag_of_items(profile).items()
        }


class SvdBaseline:
    """Cosine after latent semantic analysis (Deerwester et al., JASIS 41(6), 1990)."""

    def __init__(self, n_components: int = 64, seed: int = 0) -> None:
        self._columns = DictVectorizer()
        self._idf = TfidfTransformer()
        self._n_components = n_components
        self._seed = seed

    def fit(self, profiles: Profiles) -> None:
        """Learn the directions."""
        counts = self._columns.fit_transform([bag_of_items(profile) for profile in profiles])
        rows = sp.csr_matrix(self._idf.fit_transform(counts))
        n_components = min(self._n_components, *rows.shape)
        _, _, self._directions = randomized_svd(rows, n_components, random_state=self._seed)

    def score(self, queries: Profiles, candidates: Profiles) -> Scores:
        """[n_queries, n_candidates] in [-1, 1]; 0 for a listener without known items."""
        left, right = self._project(queries), self._project(candidates)
        return np.asarray(left @ right.T, np.float64)

    def _project(self, profiles: Profiles) -> Scores:
        if not profiles:
            return np.zeros((0, len(self._directions)))
        counts = self._columns.transform([bag_of_items(profile) for profile in profiles])
        return np.asarray(normalize(sp.csr_matrix(self._idf.transform(counts)) @ self._directions.T))


class AlsBaseline:
    """Cosine of implicit-feedback factors with fold-in (Hu, Koren, Volinsky 2008)."""

    def __init__(self, n_factors: int = 64, seed: int = 0) -> None:
        self._columns = DictVectorizer(dtype=np.float32)
        self._n_factors = n_factors
        self._seed = seed

    def fit(self, profiles: Profiles) -> None:
        """Factorise listeners by items."""
        rows = sp.csr_matrix(self._columns.fit_transform([bag_of_items(profile) for profile in profiles]))
        with threadpool_limits(1, "blas"):  # implicit runs its own threads
            self._model = AlternatingLeastSquares(
                self._n_factors, alpha=10.0, iterations=8, random_state=self._seed
            )
            self._model.fit(rows, show_progress=False)

    def score(self, queries: Profiles, candidates: Profiles) -> Scores:
        """[n_queries, n_candidates] in [-1, 1]; 0 for a listener without known items."""
        return np.asarray(self._fold_in(queries) @ self._fold_in(candidates).T, np.float64)

    def _fold_in(self, profiles: Profiles) -> Scores:
        if not profiles:
            return np.zeros((0, self._n_factors))
        rows = sp.csr_matrix(self._columns.transform([bag_of_items(profile) for profile in profiles]))
        factors = self._model.recalculate_user(np.arange(rows.shape[0]), rows)
        return np.asarray(normalize(np.nan_to_num(np.asarray(factors, np.float64))))


BASELINES: Mapping[str, Callable[[], Baseline]] = {
    "random": RandomBaseline,
    "popularity": PopularityBaseline,
    "tfidf": TfidfBaseline,
    "svd64": SvdBaseline,
    "svd128": lambda: SvdBaseline(128),
    "als64": AlsBaseline,
}
"""Baselines by their names in reports."""
