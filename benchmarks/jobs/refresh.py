"""Time from a read library to matches, with the candidates in PostgreSQL."""

import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.blended_candidates import (
    N_BASES,
    NOW,
    TAIL,
    Bases,
    Blends,
    blend,
    blend_id,
    copy_blends,
    draw_tail,
    scene_of,
    tail_artist,
)
from benchmarks.subprocesses import peak_memory_mib
from benchmarks.synthetic_profiles import catalogue, make_listeners
from matcher.domain.library import build_profile
from matcher.domain.listening import Hearing, Listening, Part, Source
from matcher.domain.profile import ListenerProfile
from matcher.domain.vectors import Floats
from matcher.matching.matches import Ask
from matcher.matching.service import MatchingService
from matcher.pipeline import Pipeline
from matcher.ports import Account, Report, lookup_keys
from matcher.scoring.packed_candidates import PackedCandidates
from matcher.taste.service import Tastes
from storage.search.neighbours import ranked
from storage.server.database import Database, open_database
from storage.server.migrate import upgrade
from storage.sql.text import NOBODY
from storage.stores.listeners.listeners import PostgresListenerStore
from storage.stores.listeners.tastes import PostgresTasteStore
from storage.stores.music.attributes import PostgresAttributeStore
from towers.serving.bundle import load_pipeline
from towers.serving.kmeans import SeededKMeans

TOP = 20
_CHUNK = 20_000
_WARM_UP = 10


@dataclass(frozen=True, slots=True)
class Library:
    """Source of a refresh with a library in memory, without any waiting."""

    listening: Listening

    def fetch(self, listener_id: str, report: Report) -> Listening:
        """All of it, at once."""
        return self.listening


def answer(request: dict[str, Any]) -> dict[str, Any]:
    folder = Path(request["folder"])
    pipeline = load_pipeline(Path(request["model"]))
    database = open_database(None, folder / "postgres")
    upgrade(database)
    service = make_service(database, pipeline)
    askers = make_askers(request["n_queries"], request["seed"] + 2)
    asks = _asks(pipeline, askers)
    crowd = Crowd(pipeline, request["n_candidates"], request["seed"] + 3)
    built = _fill(database, service, crowd, asks, pipeline)
    np.save(folder / "vectors.npy", crowd.stored)
    np.save(folder / "queries.npy", np.array([ask.question.query for ask in asks]))
    latencies, found = _measure(service, askers, request["repeats"])
    recall = {
        "recall@20 of the matches": crowd.recall(found),
        "recall@20 of the nearest by vector": _recall_by_vector(database, crowd, asks, pipeline),
    }
    database.close()
    return {"built": built, "latencies": latencies, "recall": recall, "before_mib": peak_memory_mib()}


def make_service(database: Database, pipeline: Pipeline) -> MatchingService:
    """The service as the application has it, but for Spotify and the clock."""
    tastes = Tastes(PostgresTasteStore(database), lambda: pipeline, SeededKMeans(), lambda: NOW)
    return MatchingService(
        store=PostgresListenerStore(database),
        model=lambda: pipeline,
        attributes=PostgresAttributeStore(database),
        clock=lambda: NOW,
        rng=random.Random(0),
        tastes=tastes,
    )


def _asks(pipeline: Pipeline, askers: Sequence[Listening]) -> list[Ask]:
    profiles = [build_profile(one, catalogue().with_audio.attributes) for one in askers]
    rows = pipeline.weigh(profiles)
    return [Ask.of(pipeline, "", one, row.stored) for one, row in zip(profiles, rows, strict=True)]


def make_askers(n: int, seed: int) -> list[Listening]:
    """Listening of listeners like those of the crowd, with a long tail of their own."""
    profiles = make_listeners(n, "asking", seed, catalogue().with_audio)
    return [_listening_of(one, np.random.default_rng([seed, n])) for n, one in enumerate(profiles)]


class Crowd:
    """Candidates in batches, and the matches of an exact ranking of all candidates.

    Args:
        pipeline: what embeds and ranks.
        n: how many candidates.
        seed: of everything random.
    """

    def __init__(self, pipeline: Pipeline, n: int, seed: int) -> None:
        self.n, self._pipeline, self._seed = n, pipeline, seed
        self._bases = Bases.of(pipeline, seed, min(N_BASES, n // 5))
        self.stored: Floats = np.zeros((n, self._bases.stored.shape[1]), np.float32)
        self.best: list[list[tuple[float, str]]] = []

    def batches(self) -> Iterator[Blends]:
        """All candidates; to be gone through once."""
        for first in range(0, self.n, _CHUNK):
            batch = blend(self._bases, self._pipeline, min(_CHUNK, self.n - first), first, self._seed)
            self.stored[first : first + len(batch.contents)] = batch.stored
            yield batch

    def rank(self, batch: Blends, asks: Sequence[Ask]) -> None:
        """Go on with the exact ranking."""
        ids = [str(blend_id(batch.first + place)) for place in range(len(batch.contents))]
        self.best = self.best or [[] for _ in asks]
        for place, ask in enumerate(asks):
            pool = PackedCandidates(ids, batch.stored, batch.contents, ask.mine)
            scores = pool.scores(self._pipeline.ranker)
            highest = np.argpartition(-scores, min(TOP, len(scores) - 1))[:TOP]
            more = [(float(scores[row]), ids[row]) for row in highest]
            self.best[place] = sorted(self.best[place] + more, reverse=True)[:TOP]

    def recall(self, found: Sequence[Sequence[str]]) -> list[float]:
        """Share of each exact top 20 that was found."""
        return [_share([key for _, key in best], ids) for best, ids in zip(self.best, found, strict=True)]

    def nearest(self, query: Floats) -> list[str]:
        """The 20 nearest by vector, exactly."""
        scores = self.stored @ query
        return [str(blend_id(row)) for row in np.argpartition(-scores, TOP)[:TOP].tolist()]


def _share(wanted: Sequence[str], found: Sequence[str]) -> float:
    return len(set(wanted) & set(found)) / len(wanted)


def _fill(
    database: Database, service: MatchingService, crowd: Crowd, asks: Sequence[Ask], pipeline: Pipeline
) -> dict[str, float]:
    """Store attributes and candidates, build indexes; seconds by index, total size."""
    sound = catalogue().with_audio.attributes
    PostgresAttributeStore(database).add_attributes((lookup_keys(key), one) for key, one in sound.items())
    with database.upkeep() as connection:
        connection.exec_driver_sql("DROP INDEX ix_vectors_rare_items")
    started_s = time.perf_counter()
    for batch in crowd.batches():
        copy_blends(database, batch, pipeline.embedder.model_version)
        crowd.rank(batch, asks)
    streamed_s = time.perf_counter()
    with database.upkeep() as connection:
        connection.exec_driver_sql("SET LOCAL maintenance_work_mem = '1GB'")
        connection.exec_driver_sql(
            "CREATE INDEX ix_vectors_rare_items ON vectors USING gin (rare_items) WITH (fastupdate = off)"
        )
    shared_s = time.perf_counter()
    service.store.index_vectors(pipeline.embedder.model_version)
    near_s = time.perf_counter()
    with database.upkeep() as connection:
        connection.exec_driver_sql("ANALYZE")
        size = connection.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one()
    return {
        "inventing, streaming in and exact ranking, s": streamed_s - started_s,
        "building the index of items, s": shared_s - streamed_s,
        "building the index of vectors, s": near_s - shared_s,
        "size of the database, MiB": size / 2**20,
    }


def _measure(
    service: MatchingService, askers: Sequence[Listening], repeats: int
) -> tuple[dict[str, list[list[float]]], list[list[str]]]:
    """Seconds by step, [repeats][queries]; and the matches with the full library."""
    ids = [service.connect_listener(Account(f"asking:{one.listener_id}")).listener_id for one in askers]
    found: list[list[str]] = [[] for _ in ids]
    steps: dict[str, list[list[float]]] = {"refresh": [], "match": [], "both": []}
    for key, one in list(zip(ids, askers, strict=True))[:_WARM_UP]:
        _refresh_and_match(service, key, _less(one, -1, repeats))
    for repeat in range(repeats):
        rows = []
        for place, (key, one) in enumerate(zip(ids, askers, strict=True)):
            remainder = repeat if repeat < repeats - 1 else -1
            *seconds, found[place] = _refresh_and_match(service, key, _less(one, remainder, repeats))
            rows.append(seconds)
        for name, column in zip(steps, zip(*((a, b, a + b) for a, b in rows), strict=True), strict=True):
            steps[name].append(list(column))
    return steps, found


def _refresh_and_match(
    service: MatchingService, key: str, listening: Listening
) -> tuple[float, float, list[str]]:
    started_s = time.perf_counter()
    service.refresh_listener(key, Library(listening))
    refreshed_s = time.perf_counter()
    found = service.find_matches(key, TOP)
    done_s = time.perf_counter()
    return refreshed_s - started_s, done_s - refreshed_s, [one.listener.listener_id for one in found.matches]


def _listening_of(profile: ListenerProfile, rng: np.random.Generator) -> Listening:
    """Listening that gives a profile, with some items from the tail of its scene."""
    ranks = draw_tail(rng, (len(profile.items),)).tolist()
    tails = (rng.random(len(ranks)) < TAIL).tolist()
    hearings = tuple(
        Hearing(
            Part.PLAYLISTS,
            tail_artist(scene_of(profile), rank) if tail else item.artist,
            track_name="" if tail else item.track.rpartition("|")[2],
            plays=item.plays,
            facet_id=item.facet.partition(":")[2],
            facet_name=profile.facets[item.facet].name,
            release_year=item.decade,
        )
        for item, rank, tail in zip(profile.items, ranks, tails, strict=True)
    )
    known = catalogue().with_audio.artist_tags
    tags = {item.artist: known[item.artist] for item in profile.items}
    return Listening(profile.listener_id, Source.SYNTHETIC, hearings, tags)


def _less(whole: Listening, remainder: int, of: int) -> Listening:
    """All but every hearing whose place leaves `remainder` when divided by `of`."""
    kept = (hearing for place, hearing in enumerate(whole.hearings) if place % of != remainder)
    return replace(whole, hearings=tuple(kept))


def _recall_by_vector(
    database: Database, crowd: Crowd, asks: Sequence[Ask], pipeline: Pipeline
) -> list[float]:
    version = pipeline.embedder.model_version
    with database.transaction() as connection:
        found = [
            [key for key, _ in ranked(connection, ask.question.query, TOP, version, NOBODY)] for ask in asks
        ]
    return [_share(crowd.nearest(ask.question.query), ids) for ask, ids in zip(asks, found, strict=True)]
