"""What the product does in several steps, over a fake store or PostgreSQL, for tests that need it done."""

from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple, get_args

import numpy as np

from matcher.domain.consent import Sharing, Switch
from matcher.domain.library import Library
from matcher.domain.listening import Source
from matcher.domain.profile import ListenerProfile
from matcher.domain.vectors import Floats
from matcher.people.service import People
from matcher.ports import Account, ConsentStore, ListenerStore, NewTaste, Question, Shown, TasteStore
from matcher.scoring.packed_candidates import BARE, PackedProfile
from storage.stores.listeners.tastes import PostgresTasteStore
from tests.fakes.stores import FakeListenerStore
from tests.fakes.tastes import FakeTasteStore


class Found(NamedTuple):
    """Somebody found by vector, and the inner product with the query."""

    listener_id: str
    score: float


def nearest(store: ListenerStore, query: Floats, k: int, model_version: str, exclude: str) -> list[Found]:
    """At most `k` whom `exclude` may see, or somebody new where nobody has that id: the nearest first."""
    viewer = exclude
    if store.listener(exclude) is None:
        now = datetime.fromisoformat("2026-01-01T00:00:00Z")
        viewer = store.connect(Account("test:viewer"), Source.TABLE, "Viewer", now).listener_id
    found = store.retrieve(Question(viewer, query, ()), k, model_version)
    visible = store.visible(viewer, found.listener_ids)
    scores = (found.stored.astype(np.float64) * query).sum(axis=1) if len(found.stored) else ()
    pairs = map(Found, found.listener_ids, map(float, scores))
    seen = [one for one in pairs if one.listener_id in visible]
    return sorted(seen, key=lambda one: (-one.score, one.listener_id))[:k]


def save_profile(
    store: Any,
    listener_id: str,
    profile: ListenerProfile,
    stored: Floats,
    model_version: str,
    now: datetime,
    packed: PackedProfile = BARE,
    shown: Shown | None = None,
) -> bool:
    """Keep a profile with what the model made of it; False where all is as it was but the time of reading."""
    tastes: TasteStore = (
        FakeTasteStore(store) if isinstance(store, FakeListenerStore) else PostgresTasteStore(store.database)
    )
    read_before = store.synced_at_utc(listener_id) not in (None, now)
    library = Library(listener_id, profile.source) if read_before else None
    new = NewTaste(frozenset(), profile, stored, packed, model_version, library, shown)
    return tastes.change(listener_id, lambda kept: replace(new, exclusions=kept.exclusions), now)[1]


def choose_sharing(people: People, listener_id: str, sharing: Sharing) -> bool:
    """Turn every switch, facets excepted; whether any of that is a change."""
    return sum(people.share(listener_id, one, getattr(sharing, one)) for one in get_args(Switch)) > 0


def set_sharing(consent: ConsentStore, listener_id: str, sharing: Sharing, now: datetime) -> bool:
    """The same in the store."""
    switches = get_args(Switch)
    return sum(consent.set_shared(listener_id, one, getattr(sharing, one), now) for one in switches) > 0
