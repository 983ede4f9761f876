"""Searches candidates by the full pipeline, and by plain searches of vectors."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics.pairwise import cosine_similarity

from benchmarks.synthetic_profiles import catalogue, listener_ids, make_listeners
from benchmarks.timing import latencies_ms, time_calls
from matcher.domain.profile import ListenerProfile
from matcher.domain.vectors import Floats, query_of
from matcher.pipeline import Pipeline
from matcher.scoring.candidates import RETRIEVED, Candidates
from matcher.scoring.components import WeighedProfile
from towers.model.backend import tf, tfrs
from towers.serving.bundle import load_pipeline

OURS, WEIGHED = "Earshot: embed, retrieve, rank, percent", "Earshot: the same, profile embedded before"
NUMPY, SKLEARN, TFRS = "numpy, exact inner products", "scikit-learn cosine_similarity", "TFRS BruteForce"
TOP = 20
_CHUNK = 2_000

Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Query:
    """One who asks: the profile, and what the searches after embedding begin with."""

    profile: ListenerProfile
    weighed: WeighedProfile
    vector: Floats

    def fresh(self) -> "Query":
        """The same with a profile that has not yet worked out its bags."""
        return Query(replace(self.profile), self.weighed, self.vector)


def answer(request: dict[str, Any]) -> dict[str, Any]:
    pipeline = load_pipeline(Path(request["model"]))
    weighed, embedding_s = _candidates(pipeline, request["n_candidates"], request["seed"] + 1)
    started_s = time.perf_counter()
    pool = Candidates(listener_ids(len(weighed), "candidate"), weighed)
    pool_s = embedding_s + time.perf_counter() - started_s
    matrix = np.array([one.stored for one in weighed])
    queries = _queries(pipeline, request["n_queries"], request["seed"] + 2)
    plain = plain_searches(matrix)
    for query in queries:
        check([search(query) for search in plain.values()])
    seconds = time_calls({**_ours(pipeline, pool), **plain}, queries, request["repeats"], Query.fresh)
    measured = latencies_ms(seconds)
    return {"ours": OURS, "measured": measured, "pool_s": pool_s}


def _candidates(pipeline: Pipeline, n: int, seed: int) -> tuple[list[WeighedProfile], float]:
    """Weighed candidates, and seconds of embedding; in chunks, to save memory."""
    profiles = make_listeners(n, "candidate", seed, catalogue().with_audio)
    found: list[WeighedProfile] = []
    seconds = 0.0
    while chunk := list(islice(profiles, _CHUNK)):
        started_s = time.perf_counter()
        found += pipeline.weigh(chunk)
        seconds += time.perf_counter() - started_s
    return found, seconds


def _queries(pipeline: Pipeline, n: int, seed: int) -> list[Query]:
    profiles = list(make_listeners(n, "asking", seed, catalogue().with_audio))
    rows = pipeline.weigh(profiles)
    return [Query(one, row, query_of(row.stored)) for one, row in zip(profiles, rows, strict=True)]


def _ours(pipeline: Pipeline, pool: Candidates) -> dict[str, Callable[[Query], object]]:
    def whole(query: Query) -> object:
        return list(pipeline.match([query.profile], pool, TOP))

    def ranked(query: Query) -> object:
        found = pool.rank(pipeline.ranker, query.weighed, TOP, k=RETRIEVED)
        n_items = query.weighed.n_items
        return [pipeline.calibration.percent(score, n_items, pool.n_items(key)) for key, score in found]

    return {OURS: whole, WEIGHED: ranked}


def plain_searches(matrix: Floats) -> dict[str, Callable[[Any], Rows]]:
    """Rows of the 20 nearest, nearest first, in three plain ways.

    Args:
        matrix: [n, 2 * dim] stored vectors.

    Returns:
        searches by name; each takes something with a `vector`, [2 * dim] float32.
    """
    index = tfrs.layers.factorized_top_k.BruteForce(k=TOP).index(tf.constant(matrix))

    def numpy(query: Query) -> Rows:
        return _highest(matrix @ query.vector)

    def sklearn(query: Query) -> Rows:
        return _highest(cosine_similarity(query.vector[np.newaxis], matrix)[0])

    def brute_force(query: Query) -> Rows:
        return np.asarray(index(tf.constant(query.vector[np.newaxis]))[1].numpy()[0], np.int64)

    return {NUMPY: numpy, SKLEARN: sklearn, TFRS: brute_force}


def _highest(scores: Floats) -> Rows:
    best = np.argpartition(-scores, TOP)[:TOP]
    return np.asarray(best[np.argsort(-scores[best])])


def check(found: Sequence[Rows]) -> None:
    """Check that all plain searches find the same, except ties in float32."""
    first = set(found[0].tolist())
    if any(len(first & set(rows.tolist())) < TOP - 1 for rows in found):
        raise AssertionError("the plain searches disagree")
