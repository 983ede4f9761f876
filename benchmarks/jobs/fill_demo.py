"""Fills the database of a demo with blends of its listeners."""

import os
from typing import Any

from benchmarks.blended_candidates import N_SCENES, Bases, blend, copy_blends
from matcher.domain.digests import digest_of
from matcher.domain.profile import ListenerProfile
from storage.server.database import Database
from wiring.bootstrap import Application, build
from wiring.settings import read_settings

_CHUNK = 20_000


def answer(request: dict[str, Any]) -> dict[str, Any]:
    os.environ["EARSHOT_HOME"] = request["home"]
    app = build(read_settings())
    try:
        n_there = _count(app.database, "vectors")
        _fill(app, request["n_candidates"] - n_there, request["seed"])
        return {"n_candidates": _count(app.database, "vectors")}
    finally:
        app.close()


def _fill(app: Application, n: int, seed: int) -> None:
    pipeline, profiles = app.models.pipeline(), _profiles(app)
    bases = Bases.among(pipeline, profiles, [_scene_of(one) for one in profiles], seed)
    _execute(app.database, *(f'DROP INDEX "{one}"' for one in _search_indexes(app.database)))
    for first in range(0, n, _CHUNK):
        batch = blend(bases, pipeline, min(_CHUNK, n - first), first, seed)
        copy_blends(app.database, batch, pipeline.embedder.model_version)
    _execute(
        app.database,
        "SET LOCAL maintenance_work_mem = '1GB'",
        "CREATE INDEX ix_vectors_rare_items ON vectors USING gin (rare_items) WITH (fastupdate = off)",
    )
    app.service.store.index_vectors(pipeline.embedder.model_version)
    _execute(app.database, "ANALYZE")


def _profiles(app: Application) -> list[ListenerProfile]:
    with app.database.transaction() as connection:
        ids = [str(key) for (key,) in connection.exec_driver_sql("SELECT listener_id FROM profiles").all()]
    return [one for one in app.service.store.profiles(ids).values() if not one.is_empty]


def _scene_of(profile: ListenerProfile) -> int:
    """A scene for the long tail: one a strongest tag."""
    tag = max(profile.tags, key=lambda one: (profile.tags[one], one), default="")
    return digest_of("tags", tag) % N_SCENES


def _execute(database: Database, *statements: str) -> None:
    with database.upkeep() as connection:
        for one in statements:
            connection.exec_driver_sql(one)


def _search_indexes(database: Database) -> list[str]:
    """Indexes that are built faster after all rows are inserted."""
    query = "SELECT indexname FROM pg_indexes WHERE indexname = %(rare_items)s OR indexname LIKE %(near)s"
    asked = {"rare_items": "ix_vectors_rare_items", "near": "ix_vectors_hnsw_%"}
    with database.transaction() as connection:
        return list(connection.exec_driver_sql(query, asked).scalars())


def _count(database: Database, table: str) -> int:
    with database.transaction() as connection:
        return int(connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one())
