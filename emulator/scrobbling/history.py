"""Every single play of a listener, as services keep them that note what is played."""

from collections import Counter
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

import numpy as np

from emulator.errors import ApiError
from emulator.state.context import Emulator
from emulator.world.ids import base62_id, seed_from
from emulator.world.music import EPOCH_S, Library, Listener, Track

DAY_S = 86_400
_YEARS_S = 1_500 * DAY_S


class Play(NamedTuple):
    """A play; times are unix seconds, UTC."""

    at_s: int
    track: Track


def listener_named(emulator: Emulator, name: str) -> Listener:
    """The listener of a user name, which is their id, whatever its case.

    Raises:
        ApiError: there is none.
    """
    listeners, wanted = emulator.world.listeners, name.casefold()
    found = listeners.get(name) or next(
        (one for key, one in listeners.items() if key.casefold() == wanted), None
    )
    if found is None:
        raise ApiError(404, "No such listener")
    return found


def plays_of(emulator: Emulator, listener: Listener) -> tuple[Play, ...]:
    """All plays, newest first: as many of each track as the library says.

    The latest are those that Spotify lists as recent. No two plays are at one second.
    """
    tracks = emulator.world.tracks
    times = _times(listener.id, _Hashed(emulator.libraries.library(listener.id)))
    return tuple(Play(at_s, tracks[key]) for at_s, key in times if key in tracks and tracks[key].name)


class _Hashed:
    """A library as a key of a cache: the same object is the same library."""

    def __init__(self, library: Library) -> None:
        self.library = library

    def __hash__(self) -> int:
        return id(self.library)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Hashed) and other.library is self.library


@lru_cache(maxsize=64)
def _times(listener_id: str, hashed: _Hashed) -> tuple[tuple[int, str], ...]:
    library = hashed.library
    recent = [(row.at_s, row.item_id) for row in library.recent if row.item_id is not None]
    earlier = Counter({key: library.plays.get(key, 1) for key in library.item_ids()})
    earlier.subtract(key for _, key in recent)
    keys = np.array([key for key, n in earlier.items() for _ in range(n)], dtype=object)
    rng = np.random.default_rng(seed_from("history", listener_id))
    end = min([at_s for at_s, _ in recent], default=EPOCH_S)
    ages = 1 + np.sort(rng.choice(_YEARS_S, len(keys), replace=False))
    old = zip((end - ages).tolist(), rng.permutation(keys).tolist(), strict=True)
    return (*recent, *old)


def mbid(kind: str, key: str) -> str:
    """A MusicBrainz id, invented."""
    return str(UUID(bytes=base62_id("mbid", kind, key).encode()[:16], version=4))
