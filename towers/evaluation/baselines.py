"""Rivals of the towers: simple ways to score two listeners, over the same profiles. Training side only."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import scipy.sparse as sp
from implicit.cpu.als import AlternatingLeastSquares
from sklearn.feature_extraction import DictVectorizer
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.preprocessing import normalize
from sklearn.utils.extmath import randomized_svd
from threadpoolctl import threadpool_limits

from matcher.profile import ListenerProfile
from towers.metrics import Scores

Profiles = Sequence[ListenerProfile]


class Rival(Protocol):
    """Scores every listener of one group against every listener of another."""

    def fit(self, profiles: Profiles) -> None:
        """Learn from training listeners."""
        ...

    def score(self, queries: Profiles, candidates: Profiles) -> Scores:
        """[n_queries, n_candidates], higher is nearer."""
        ...


def bag_of_items(profile: ListenerProfile) -> Mapping[str, float]:
    """Log-damped plays by track, and by artist where no track is known; keys cannot collide."""
    tracks = {f"t:{key}": float(np.log1p(plays)) for key, plays in profile.tracks.items()}
    bare = {item.artist: 0.0 for item in profile.items if not item.track}
    artists = {f"a:{key}": float(np.log1p(profile.artists[key])) for key in bare if key}
    return {**tracks, **artists}


class _Bags:
    """Profiles as rows of a TF-IDF matrix, each of unit length; what was not seen in training is left out."""

    def __init__(self) -> None:
        self._columns = DictVectorizer()
        self._idf = TfidfTransformer()

    def fit(self, profiles: Profiles) -> sp.csr_matrix:
        rows = self._columns.fit_transform([bag_of_items(profile) for profile in profiles])
        return sp.csr_matrix(self._idf.fit_transform(rows))

    def rows(self, profiles: Profiles) -> sp.csr_matrix:
        if not profiles:
            return sp.csr_matrix((0, len(self._columns.vocabulary_)))
        rows = self._columns.transform([bag_of_items(profile) for profile in profiles])
        return sp.csr_matrix(self._idf.transform(rows))


@dataclass
class RandomRival:
    """Scores drawn at random: what chance gives."""

    seed: int = 0

    def fit(self, profiles: Profiles) -> None:
        """Learn nothing."""

    def score(self, queries: Profiles, candidates: Profiles) -> Scores:
        """[n_queries, n_candidates] in [0, 1)."""
        return np.random.default_rng(self.seed).random((len(queries), len(candidates)))


@dataclass
class PopularityRival:
    """Scores a candidate by how mainstream its items are, whoever asks."""

    _listeners: dict[str, int] = field(default_factory=dict)

    def fit(self, profiles: Profiles) -> None:
        """Count in how many profiles each item stands."""
        self._listeners = {}
        for profile in profiles:
            for key in bag_of_items(profile):
                self._listeners[key] = self._listeners.get(key, 0) + 1

    def score(self, queries: Profiles, candidates: Profiles) -> Scores:
        """[n_queries, n_candidates], mean number of listeners of the candidate's items; equal rows."""
        row = [self._mean(bag_of_items(candidate)) for candidate in candidates]
        return np.tile(np.asarray(row, np.float64), (len(queries), 1))

    def _mean(self, bag: Mapping[str, float]) -> float:
        return sum(self._listeners.get(key, 0) for key in bag) / max(1, len(bag))


class TfidfRival:
    """Cosine of TF-IDF bags (Manning, Raghavan, Schütze: Introduction to Information Retrieval, 2008, 6).

    Items that were never seen in training count as the rarest: to drop them would make the rival weaker.
    """

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}
        self._n = 0

    def fit(self, profiles: Profiles) -> None:
        """Learn the inverse document frequencies."""
        self._n = len(profiles)
        self._counts = {}
        for profile in profiles:
            for key in bag_of_items(profile):
                self._counts[key] = self._counts.get(key, 0) + 1

    def score(self, queries: Profiles, candidates: Profiles) -> Scores:
        """[n_queries, n_candidates], cosines in [0, 1]."""
        columns = DictVectorizer().fit(
            [self._weighed(profile) for profile in (*queries, *candidates)] or [{}]
        )
        left, right = (
            normalize(sp.csr_matrix(columns.transform([self._weighed(profile) for profile in some] or [{}])))
            for some in (queries, candidates)
        )
        product = (left @ right.T).toarray()[: len(queries), : len(candidates)]
        return np.asarray(product, np.float64)

    def _weighed(self, profile: ListenerProfile) -> Mapping[str, float]:
        """Weights by item with the smoothed idf ln((n + 1) / (df + 1)) + 1."""
        return {
            key: amount * (np.log((self._n + 1) / (self._counts.get(key, 0) + 1)) + 1.0)
            for key, amount in bag_of_items(profile).items()
        }


class SvdRival:
    """Cosine after latent semantic analysis, TF-IDF cut by SVD (Deerwester et al., JASIS 41(6), 1990).

    Args:
        n_components: dimensions; fewer where the training set is smaller.
        seed: of the randomised SVD.
    """

    def __init__(self, n_components: int = 64, seed: int = 0) -> None:
        self._bags = _Bags()
        self._n_components = n_components
        self._seed = seed

    def fit(self, profiles: Profiles) -> None:
        """Learn the directions."""
        rows = self._bags.fit(profiles)
        n_components = min(self._n_components, *rows.shape)
        _, _, self._directions = randomized_svd(rows, n_components, random_state=self._seed)

    def score(self, queries: Profiles, candidates: Profiles) -> Scores:
        """[n_queries, n_candidates], cosines in [-1, 1]; 0 with a listener of whom no item is known."""
        left, right = self._project(queries), self._project(candidates)
        return np.asarray(left @ right.T, np.float64)

    def _project(self, profiles: Profiles) -> Scores:
        rows = self._bags.rows(profiles) @ self._directions.T
        return np.asarray(normalize(rows)) if len(rows) else rows


class AlsRival:
    """Cosine of implicit-feedback matrix factors (Y. Hu, Y. Koren, C. Volinsky, ICDM 2008), with fold-in.

    Args:
        n_factors: dimensions.
        seed: of the factors to begin with.
    """

    def __init__(self, n_factors: int = 64, seed: int = 0) -> None:
        self._columns = DictVectorizer(dtype=np.float32)
        self._n_factors = n_factors
        self._seed = seed

    def fit(self, profiles: Profiles) -> None:
        """Factorise listeners by items."""
        rows = sp.csr_matrix(self._columns.fit_transform([bag_of_items(profile) for profile in profiles]))
        with threadpool_limits(1, "blas"):  # implicit has threads of its own
            self._model = AlternatingLeastSquares(
                self._n_factors, alpha=10.0, iterations=8, random_state=self._seed
            )
            self._model.fit(rows, show_progress=False)

    def score(self, queries: Profiles, candidates: Profiles) -> Scores:
        """[n_queries, n_candidates], cosines in [-1, 1]; 0 with a listener of whom no item is known."""
        return np.asarray(self._fold_in(queries) @ self._fold_in(candidates).T, np.float64)

    def _fold_in(self, profiles: Profiles) -> Scores:
        if not profiles:
            return np.zeros((0, self._n_factors))
        rows = sp.csr_matrix(self._columns.transform([bag_of_items(profile) for profile in profiles]))
        found = self._model.recalculate_user(np.arange(rows.shape[0]), rows)
        return np.asarray(normalize(np.nan_to_num(np.asarray(found, np.float64))))


RIVALS: Mapping[str, Callable[[], Rival]] = {
    "random": RandomRival,
    "popularity": PopularityRival,
    "tfidf": TfidfRival,
    "svd64": SvdRival,
    "svd128": lambda: SvdRival(128),
    "als64": AlsRival,
}
"""Every rival by its name in reports."""
