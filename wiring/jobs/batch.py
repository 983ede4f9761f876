"""Embed and match whole tables, without a database and without TensorFlow."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from rich.console import Console

from matcher.domain.profile import ListenerProfile
from matcher.errors import InputError
from matcher.pipeline import Pipeline, Ranked
from matcher.scoring.candidates import Candidates
from towers.serving.bundle import load_pipeline
from towers.serving.embedder import LiteRtEmbedder
from wiring.checks import require_writable
from wiring.jobs.progress import bar
from wiring.jobs.tables import tell
from wiring.jobs.training import read_corpus

BATCH = 256


def embed_table(
    model: Path,
    listening: Path,
    user_tower: bool,
    out: Path,
    attributes: Path | None,
    tags: Path | None,
    console: Console,
) -> None:
    """Write one tower's vectors of all listeners in a table, in its order.

    Raises:
        InputError: a table is malformed, or `out` cannot be written.
        ModelMissing, ModelBroken: there is no usable model.
    """
    require_writable(out)
    embedder = LiteRtEmbedder.load(model)
    profiles = _read(listening, attributes, tags, console)
    rows = np.zeros((len(profiles), embedder.dim), np.float32)
    with bar(console, "Embedding listeners", len(profiles)) as advance:
        for start in range(0, len(profiles), BATCH):
            found = embedder.embed(profiles[start : start + BATCH])
            rows[start : start + BATCH] = found.user if user_tower else found.candidate
            advance(min(start + BATCH, len(profiles)))
    ids = pa.array([one.listener_id for one in profiles], pa.string())
    vectors = pa.array(list(rows), pa.list_(pa.float32()))
    _write(pa.table({"listener_id": ids, "vector": vectors}), out)


def match_tables(
    model: Path,
    queries: Path,
    candidates: Path,
    top_n: int,
    out: Path,
    attributes: Path | None,
    tags: Path | None,
    console: Console,
) -> None:
    """Write the best candidates of each query, except its own listener_id.

    Raises:
        InputError: a table is malformed, or `out` cannot be written.
        ModelMissing, ModelBroken: there is no usable model.
    """
    require_writable(out)
    pipeline = load_pipeline(model)
    asking = _read(queries, attributes, tags, console)
    found = _read(candidates, attributes, tags, console)
    pool = pipeline.pool([one for one in found if not one.is_empty])
    with bar(console, "Matching listeners", len(asking)) as advance:
        rows = [row for batch in _matched(pipeline, asking, pool, top_n, advance) for row in batch]
    _write(_table(rows), out)


def _matched(
    pipeline: Pipeline,
    asking: Sequence[ListenerProfile],
    pool: Candidates,
    top_n: int,
    advance: Callable[..., None],
) -> Iterator[list[Ranked]]:
    for start in range(0, len(asking), BATCH):
        yield list(pipeline.match(asking[start : start + BATCH], pool, top_n))
        advance(min(start + BATCH, len(asking)))


def _table(rows: Sequence[Ranked]) -> pa.Table:
    return pa.table(
        {
            "query_id": pa.array([row.query_id for row in rows], pa.string()),
            "candidate_id": pa.array([row.candidate_id for row in rows], pa.string()),
            "rank": pa.array([row.rank for row in rows], pa.int32()),
            "score": pa.array([row.score for row in rows], pa.float64()),
            "percent": pa.array([row.percent.value for row in rows], pa.float64()),
        }
    )


def _read(
    path: Path, attributes: Path | None, tags: Path | None, console: Console
) -> tuple[ListenerProfile, ...]:
    corpus = read_corpus([path], attributes, tags)
    tell(corpus.skipped, console)
    return corpus.profiles


def _write(table: pa.Table, out: Path) -> None:
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(table, out)
    except OSError as error:
        raise InputError(f"{out} cannot be written: {error.strerror or error}") from error
