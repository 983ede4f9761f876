"""Blended candidates: a million rows, made from a few thousand profiles.

A blend takes its vector between those of two listeners of one scene, with noise, and its items from both; two
fifths of its items are artists of the scene's long tail, unknown to all training listeners. So vectors lie
where the towers put people, and items are as unevenly popular as in real data, where half the items of a new
listener were never seen in training.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from benchmarks.synthetic_profiles import N_SCENES, catalogue, make_listeners
from matcher.domain.digests import digest_of
from matcher.domain.profile import ListenerProfile
from matcher.domain.vectors import Floats, to_half
from matcher.pipeline import Pipeline
from matcher.scoring.components import WeighedProfile
from matcher.scoring.overlap import KINDS
from matcher.scoring.packed_candidates import FOUND_BY, N_RARE_ITEMS, as_packed, scale_of, write_content
from matcher.scoring.preview import MOST
from storage.server.database import Database

NOW = datetime(2026, 11, 1, tzinfo=UTC)
_BATCH = 1_000
N_BASES = 5_000
"""Listeners the blends are made from."""

TAIL = 0.4
"""Share of a listener's items that come from the long tail of their scene."""

N_TAIL, _UNSEEN = 25_000, 500
"""Artists in the tail of a scene; their popularity falls as 1 / (rank + `_UNSEEN`)."""

_NOISE = 0.5


Bytes = NDArray[np.uint8]


def scene_of(profile: ListenerProfile) -> int:
    """The scene of a synthetic listener, read from the name of a playlist."""
    return int(next(iter(profile.facets.values())).name.split()[0].removeprefix("scene"))


def tail_artist(scene: int, rank: int) -> str:
    """The name, and the canonical key, of an artist of a scene's long tail."""
    return f"tail {scene} {rank}"


def draw_tail(rng: np.random.Generator, shape: tuple[int, ...]) -> NDArray[np.int64]:
    """Ranks in the tail of a scene."""
    spread = (N_TAIL + _UNSEEN) / _UNSEEN
    return np.floor(_UNSEEN * spread ** rng.random(shape)).astype(np.int64) - _UNSEEN


@lru_cache(maxsize=1)
def _tail_digests() -> NDArray[np.int64]:
    """Digests of every tail artist: [N_SCENES, N_TAIL]."""
    rows = [[digest_of("artists", tail_artist(s, rank)) for rank in range(N_TAIL)] for s in range(N_SCENES)]
    return np.array(rows, np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Bases:
    """Listeners that blends are made of.

    Attributes:
        stored: [n, 2 * dim] float32.
        near: [n, n_near] the nearest of the others by vector.
        audio: [n, n_figures] float32.
        keys: [n, N_RARE_ITEMS] digests of their items, some twice where a listener has fewer.
        weights: [n, N_RARE_ITEMS] float32, their weights.
        tracks: [n, N_RARE_ITEMS] whether the item is a track; else it is an artist.
        scenes: [n] the scene each belongs to most.
        scale: [n, 2 + n_components] float32, as `write_content` takes it; a blend has that of its base.
    """

    stored: Floats
    near: NDArray[np.int64]
    audio: Floats
    keys: NDArray[np.int64]
    weights: Floats
    tracks: NDArray[np.bool_]
    scenes: NDArray[np.int64]
    scale: Floats

    @classmethod
    def of(cls, pipeline: Pipeline, seed: int, n: int = N_BASES) -> "Bases":
        """Invent, embed and weigh the bases."""
        profiles = list(make_listeners(n, "base", seed, catalogue().with_audio))
        return cls.among(pipeline, profiles, [scene_of(one) for one in profiles], seed)

    @classmethod
    def among(
        cls, pipeline: Pipeline, profiles: Sequence[ListenerProfile], scenes: Sequence[int], seed: int
    ) -> "Bases":
        """Embed and weigh listeners; `scenes` are the scenes of their long tails."""
        rows = [
            as_packed(row)
            for start in range(0, len(profiles), _BATCH)
            for row in pipeline.weigh(profiles[start : start + _BATCH])
        ]
        rng = np.random.default_rng(seed)
        items = [_items(row, rng) for row in rows]
        stored = np.array([row.stored for row in rows])
        return cls(
            stored=stored,
            near=_nearest(stored),
            audio=np.array([row.audio for row in rows], np.float32),
            keys=np.array([[key for key, _, _ in one] for one in items], np.int64),
            weights=np.array([[weight for _, weight, _ in one] for one in items], np.float32),
            tracks=np.array([[track for _, _, track in one] for one in items]),
            scenes=np.array(scenes),
            scale=np.array([scale_of(row) for row in rows], np.float32),
        )


def _items(row: WeighedProfile, rng: np.random.Generator) -> list[tuple[int, float, bool]]:
    """`N_RARE_ITEMS` of a listener's items: digest, weight, whether it is a track."""
    found = [
        (digest_of(kind, key), weight, kind == "tracks")
        for kind in FOUND_BY
        for key, weight in row.bags[kind].weights.items()
    ]
    return [found[place] for place in rng.integers(0, len(found), N_RARE_ITEMS)]


def _nearest(stored: Floats, n_near: int = 20) -> NDArray[np.int64]:
    chunks = (stored[start : start + 500] @ stored.T for start in range(0, len(stored), 500))
    return np.concatenate([np.argpartition(-chunk, n_near, axis=1)[:, :n_near] for chunk in chunks])


@dataclass(frozen=True, slots=True, eq=False)
class Blends:
    """A batch of blended listeners; rows of all arrays belong together.

    Attributes:
        first: number of the first among all blends.
        stored: [n, 2 * dim] float32 in half precision.
        contents: [n] packed profiles' contents, all of one length.
        rare_items: [n, N_RARE_ITEMS] digests.
    """

    first: int
    stored: Floats
    contents: list[bytes]
    rare_items: NDArray[np.int64]


def blend(bases: Bases, pipeline: Pipeline, n: int, first: int, seed: int) -> Blends:
    """Make `n` blends; they depend on the seed and on `first`."""
    rng = np.random.default_rng([seed, first])
    one = rng.integers(0, len(bases.stored), n)
    other = bases.near[one, rng.integers(0, bases.near.shape[1], n)]
    share = rng.uniform(0.5, 1.0, (n, 1))
    stored = _between(bases.stored[one], bases.stored[other], share.astype(np.float32), rng)
    keys, weights, tracks = _mix(
        bases, one, other, share, rng, pipeline.ranker.frequencies.idf("artists", "")
    )
    contents = _contents(bases.audio[one], bases.scale[one], keys, weights, tracks)
    return Blends(first, stored, contents, keys)


def _between(one: Floats, other: Floats, share: Floats, rng: np.random.Generator) -> Floats:
    half = one.shape[1] // 2
    mixed = share * one + (1 - share) * other
    noisy = mixed + rng.normal(0, _NOISE / np.sqrt(one.shape[1]), one.shape).astype(np.float32)
    towers = noisy.reshape(len(one), 2, half)
    towers /= np.linalg.norm(towers, axis=2, keepdims=True) * np.float32(np.sqrt(2))
    return to_half(towers.reshape(len(one), 2 * half))


def _mix(
    bases: Bases,
    one: NDArray[np.int64],
    other: NDArray[np.int64],
    share: NDArray[np.float64],
    rng: np.random.Generator,
    rarest: float,
) -> tuple[NDArray[np.int64], Floats, NDArray[np.bool_]]:
    """Distinct items of each blend, sorted by digest: keys, weights, is-track flags."""
    shape = (len(one), N_RARE_ITEMS)
    whose = np.where(rng.random(shape) < share, one[:, np.newaxis], other[:, np.newaxis])
    slots = rng.integers(0, N_RARE_ITEMS, shape)
    keys, weights, tracks = (part[whose, slots] for part in (bases.keys, bases.weights, bases.tracks))
    tail = _repeats(keys) | (rng.random(shape) < TAIL)
    keys = np.where(tail, _tail_digests()[bases.scenes[one][:, np.newaxis], draw_tail(rng, shape)], keys)
    keys = np.where(_repeats(keys), rng.integers(0, 2**62, shape), keys)  # artists without other listeners
    weights, tracks = np.where(tail, np.float32(rarest), weights), tracks & ~tail
    order = np.argsort(keys, axis=1)
    return tuple(np.take_along_axis(part, order, axis=1) for part in (keys, weights, tracks))  # type: ignore[return-value]


def _repeats(keys: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether an item stood in its row before."""
    order = np.argsort(keys, axis=1, kind="stable")
    risen = np.take_along_axis(keys, order, axis=1)
    again = np.zeros(keys.shape, bool)
    again[:, 1:] = risen[:, 1:] == risen[:, :-1]
    found = np.zeros(keys.shape, bool)
    np.put_along_axis(found, order, again, axis=1)
    return found


def _contents(
    audio: Floats, scale: Floats, keys: NDArray[np.int64], weights: Floats, tracks: NDArray[np.bool_]
) -> list[bytes]:
    norms = np.zeros((len(keys), len(KINDS)))
    squares = weights.astype(np.float64) ** 2
    for kind, mine in (("artists", ~tracks), ("tracks", tracks)):
        norms[:, KINDS.index(kind)] = np.sqrt((squares * mine).sum(axis=1))
    n_artists = (~tracks).sum(axis=1)
    return [
        write_content(
            audio=audio[row],
            items=keys[row],
            weights=weights[row],
            n_tags=0,
            norms=norms[row],
            n_items=N_RARE_ITEMS,
            n_artists=n_artists[row],
            front=keys[row, :MOST],
            scale=scale[row].tolist(),
        )
        for row in range(len(keys))
    ]


def copy_blends(database: Database, blends: Blends, model_version: str) -> None:
    """Stream a batch into the database, in PostgreSQL's binary form."""
    n = len(blends.contents)
    ids = _as_bytes([blend_id(blends.first + place).bytes for place in range(n)])
    accounts = _as_bytes([f"blend:{blends.first + place:09d}".encode() for place in range(n)])
    moment = np.int64((NOW - datetime(2000, 1, 1, tzinfo=UTC)).total_seconds() * 1e6).astype(">i8")
    listeners = (ids, accounts, b"A Blend 100", b"synthetic", b"\x01", moment.tobytes())
    vectors = (
        ids,
        model_version.encode(),
        _halfvecs(blends.stored),
        _as_bytes(blends.contents),
        _arrays(blends.rare_items),
    )
    with database.transaction(patient=True) as connection:
        names = "id, account_key, alias, source, discoverable, created_at_utc"
        _copy(connection, f"listeners ({names})", listeners, n)
        names = "listener_id, model_version, embedding, weighed, rare_items"
        _copy(connection, f"vectors ({names})", vectors, n)


def _copy(connection: Any, table: str, fields: Sequence[Any], n: int) -> None:
    """Copy rows in binary form; a field is constant bytes or an [n, length] array."""
    rows = [np.broadcast_to(np.frombuffer(len(fields).to_bytes(2, "big"), np.uint8), (n, 2))]
    for field in fields:
        values = np.frombuffer(field, np.uint8)[np.newaxis] if isinstance(field, bytes) else field
        length = np.frombuffer(values.shape[1].to_bytes(4, "big"), np.uint8)
        rows += [np.broadcast_to(length, (n, 4)), np.broadcast_to(values, (n, values.shape[1]))]
    with connection.connection.cursor().copy(f"COPY {table} FROM STDIN (FORMAT BINARY)") as copy:
        copy.write(b"PGCOPY\n\xff\r\n\0" + bytes(8) + np.hstack(rows).tobytes() + b"\xff\xff")


def _as_bytes(values: Sequence[bytes]) -> Bytes:
    """[n, length] of values of one length."""
    return np.frombuffer(b"".join(values), np.uint8).reshape(len(values), -1)


def _halfvecs(stored: Floats) -> Bytes:
    head = np.frombuffer(stored.shape[1].to_bytes(2, "big") + bytes(2), np.uint8)
    numbers = stored.astype(">f2").view(np.uint8)
    return np.hstack([np.broadcast_to(head, (len(stored), 4)), numbers])


def _arrays(keys: NDArray[np.int64]) -> Bytes:
    """Binary form of bigint arrays: a header of five numbers, then the elements."""
    n, length = keys.shape
    head = np.array([1, 0, 20, length, 1], ">i4").view(np.uint8)
    cells = np.zeros((n, length), [("size", ">i4"), ("value", ">i8")])
    cells["size"], cells["value"] = 8, keys
    return np.hstack([np.broadcast_to(head, (n, 20)), cells.view(np.uint8).reshape(n, -1)])


def blend_id(number: int) -> UUID:
    """The id of a blend: spread, as random ids are."""
    return UUID(int=(number + 1) * 0x9E3779B97F4A7C15F39CC0605CEDC835 % 2**128)
