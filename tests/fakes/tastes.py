"""The taste store in memory, over the fake listener store: what it keeps is kept there."""

import threading
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from matcher.domain.consent import Sharing
from matcher.domain.exclusions import Exclusion
from matcher.domain.library import Library
from matcher.domain.listening import Source
from matcher.errors import UnknownListener
from matcher.ports import Decide, KeptSource, KeptTaste, NewTaste, Show
from matcher.taste.merging import merged
from tests.fakes.stores import FakeListenerStore


class FakeTasteStore:
    """Libraries and what is left out in dicts; one change at a time."""

    def __init__(self, listeners: FakeListenerStore) -> None:
        self._listeners = listeners
        self._libraries: dict[str, dict[str, KeptSource]] = {}
        self._exclusions: dict[str, dict[Exclusion, datetime]] = {}
        self._lock = threading.Lock()

    def library(self, listener_id: str) -> Library | None:
        return merged(one.library for one in self.sources(listener_id) if one.library)

    def sources(self, listener_id: str) -> list[KeptSource]:
        found = self._libraries.get(listener_id, {}) if self._listeners.listener(listener_id) else {}
        return sorted(found.values(), key=lambda one: (one.read_at_utc, one.origin))

    def read_times(self, listener_id: str) -> dict[str, datetime]:
        return {one.origin: one.read_at_utc for one in self.sources(listener_id)}

    def exclusions(self, listener_id: str) -> Mapping[Exclusion, datetime]:
        found = self._exclusions.get(listener_id, {}) if self._listeners.listener(listener_id) else {}
        return dict(sorted(found.items(), key=lambda pair: (pair[1], pair[0].value, pair[0].kind)))

    def mark(self, listener_id: str) -> str:
        found = self.library(listener_id)
        return repr((found, self.exclusions(listener_id))) if found else ""

    def change(self, listener_id: str, decide: Decide, now: datetime) -> tuple[NewTaste, bool]:
        with self._lock:
            if self._listeners.listener(listener_id) is None:
                raise UnknownListener("there is no such listener")
            before = self.exclusions(listener_id)
            new = decide(self._kept(listener_id))
            read_at = now if new.library else self._listeners.synced_at_utc(listener_id) or now
            changed = self._listeners.keep_profile(
                listener_id,
                new.profile,
                new.stored,
                new.model_version,
                read_at,
                new.packed,
                new.shown,
                new.also,
            )
            if new.library:
                mine = replace(new.library, listener_id=listener_id)
                self._libraries.setdefault(listener_id, {})[mine.origin] = KeptSource(
                    mine.origin, now, mine, mine.proven
                )
            if new.removed:
                self._libraries[listener_id].pop(new.removed, None)
            origins = self._libraries.get(listener_id, {})
            has_brought = any(Source.of_origin(one).brought for one in origins)
            (self._listeners.brought.add if has_brought else self._listeners.brought.discard)(listener_id)
            self._exclusions[listener_id] = {one: before.get(one, now) for one in new.exclusions}
            return new, changed

    def renew(self, listener_id: str, show: Show) -> NewTaste | None:
        with self._lock:
            if self._listeners.listener(listener_id) is None:
                raise UnknownListener("there is no such listener")
            new = show(self._kept(listener_id))
            if new is not None:
                self._listeners.renew(listener_id, new)
            return new

    def _kept(self, listener_id: str) -> KeptTaste:
        return KeptTaste(
            frozenset(self.exclusions(listener_id)),
            lambda: self.library(listener_id),
            self._listeners.sharing.get(listener_id, Sharing()),
            lambda: self._listeners.profile(listener_id),
            lambda: {one.origin: one.library for one in self.sources(listener_id) if one.library},
        )
