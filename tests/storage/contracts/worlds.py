"""Small values for the contracts of the stores."""

from datetime import UTC, datetime, timedelta

import numpy as np

from matcher.domain.listening import Part, PartStatus, Source
from matcher.domain.profile import Facet, Item, ListenerProfile
from matcher.domain.vectors import Floats, to_half
from matcher.ports import Account, Candidate, Grant, PendingLogin

NOW = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
VERSION = "model-1"
STRANGER = "00000000-0000-4000-8000-000000000000"


def profile(artist: str = "low", source: Source = Source.TABLE, plays: float = 1.5) -> ListenerProfile:
    return ListenerProfile(
        listener_id="",
        source=source,
        items=(Item(artist, f"{artist}|song", plays, "saved", 1990),),
        facets={"saved": Facet(Part.SAVED)},
        tags={"slowcore": 1.0},
        names={artist: artist.title()},
        parts={Part.SAVED: PartStatus.OK},
    )


def unit(*values: float) -> Floats:
    vector = np.array(values, dtype=np.float32)
    return to_half(vector / np.linalg.norm(vector))


def random_units(n: int, dim: int = 16, seed: int = 7) -> Floats:
    rows = np.random.default_rng(seed).normal(size=(n, dim)).astype(np.float32)
    return to_half(rows / np.linalg.norm(rows, axis=1, keepdims=True))


def candidates(vectors: Floats, prefix: str = "table") -> list[Candidate]:
    return [
        Candidate(Account(f"{prefix}:{place}"), profile(f"artist {place}"), vector)
        for place, vector in enumerate(vectors)
    ]


def aliases(n: int) -> list[str]:
    return [f"Velvet Heron {100 + place}" for place in range(n)]


def grant(token: str = "token-1") -> Grant:
    return Grant(token, f"refresh-{token}", frozenset({"user-top-read", "user-library-read"}), LATER, NOW)


def pending(state: str = "state-1") -> PendingLogin:
    soon = datetime.now(UTC) + timedelta(minutes=10)
    return PendingLogin(state, "verifier-1", "ab" * 32, soon)
