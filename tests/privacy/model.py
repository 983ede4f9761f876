"""A small model whose every part answers to every item: the hardest to keep a secret from.

Trained towers smooth over single items, and a secret can hide in the smoothing. Here an artist, a track and a
tag each have a direction of their own, so that nothing in a profile leaves its vector as it was.
"""

import hashlib
from functools import cache
from itertools import combinations

import numpy as np

from matcher.domain.calibration import Calibration, Halves
from matcher.domain.profile import ListenerProfile
from matcher.domain.vectors import Floats, TowerVectors
from matcher.pipeline import Pipeline
from matcher.scoring.audio_similarity import measure_scale
from matcher.scoring.cohort import Cohort
from matcher.scoring.overlap import count_items
from matcher.scoring.ranker import Ranker
from matcher.scoring.taste_map import Community, TasteMap

DIM = 16
VERSION = "privacy-1"
WEIGHTS = {"towers": 0.7, "artists": 0.3, "tracks": 0.3, "tags": 0.2, "audio": 0.2}


class HashedEmbedder:
    """Sums of one fixed random direction an item, in two towers that weigh kinds differently."""

    model_version, dim = VERSION, DIM

    def embed(self, profiles: list[ListenerProfile]) -> TowerVectors:
        user, candidate = (
            np.array([_row(one, kinds) for one in profiles], np.float32).reshape(-1, DIM)
            for kinds in ({"artists": 1.0, "tracks": 0.4, "tags": 1.5}, {"artists": 0.8, "tracks": 0.6})
        )
        return TowerVectors(user, candidate)


def small_model(training: list[ListenerProfile]) -> Pipeline:
    """The whole pipeline, with every component weighed and a map."""
    embedder = HashedEmbedder()
    vectors = embedder.embed(training).stored.astype(np.float64)
    means = np.array([vectors[place::4].mean(axis=0) for place in range(4)])
    cohort = Cohort(np.asarray(means / np.linalg.norm(means, axis=1, keepdims=True), np.float32))
    chance = dict.fromkeys(WEIGHTS, 0.05)
    scale = measure_scale([one.audio for one in training])
    ranker = Ranker(WEIGHTS, count_items(training), scale, 0.5, cohort, chance)
    centre = vectors.mean(axis=0)
    axes = np.linalg.svd(vectors - centre, full_matrices=False)[2][:2]
    axes /= np.quantile(np.abs((vectors - centre) @ axes.T), 0.98, axis=0)[:, np.newaxis]
    communities = (Community((0.0, 0.0), ("Band 0 0",), 1.0),)
    weighed = [
        ranker.weigh(one, row) for one, row in zip(training, embedder.embed(training).stored, strict=True)
    ]
    scores = [ranker.score(one, other) for one, other in combinations(weighed, 2)]
    strangers, *halves = (100 * float(one) for one in np.quantile(scores, (0.8, 0.9, 0.95, 0.99)))
    calibration = Calibration((1.0,), (Halves(*halves),), strangers, noise=10.0)
    return Pipeline(embedder, ranker, calibration, TasteMap(centre, axes, communities))


def _row(profile: ListenerProfile, kinds: dict[str, float]) -> Floats:
    total = np.full(DIM, 1e-3)
    for kind, weight in kinds.items():
        for key, plays in getattr(profile, kind).items():
            total = total + weight * np.sqrt(plays) * _direction(kind, key)
    return np.asarray(total / np.linalg.norm(total), np.float32)


@cache
def _direction(kind: str, key: str) -> np.ndarray:
    seed = int.from_bytes(hashlib.blake2b(f"{kind} {key}".encode(), digest_size=8).digest())
    return np.random.default_rng(seed).normal(size=DIM)
