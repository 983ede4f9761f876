"""Records of what happened, in memory: small real programs that pass the same contracts as PostgreSQL."""

import math
import threading
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

from matcher.domain.audio import AudioAttributes
from matcher.errors import UnknownListener
from matcher.ports import ItemKey, KeptPlaylist, KnownModel, Limits, Look, ModelState, ScoredPair


class FakeFeedbackStore:
    """Feedback in a set, of the listeners that are told to exist."""

    def __init__(self, listener_ids: Collection[str]) -> None:
        self.listener_ids = listener_ids
        self.rows: set[tuple[str, str, int, str]] = set()

    def add(self, listener_id: str, other_id: str, score: int, model_version: str, now: datetime) -> bool:
        _check({listener_id, other_id}, self.listener_ids)
        row = (listener_id, other_id, score, model_version)
        is_new = row not in self.rows
        self.rows.add(row)
        return is_new

    def strongest(self) -> Iterator[ScoredPair]:
        best: dict[tuple[str, str], int] = {}
        for listener_id, other_id, score, _ in self.rows:
            best[listener_id, other_id] = max(score, best.get((listener_id, other_id), 0))
        yield from (ScoredPair(*pair, float(score)) for pair, score in sorted(best.items()))

    def given(self, listener_id: str, score: int, model_version: str) -> frozenset[str]:
        return frozenset(one[1] for one in self._such(listener_id, score, model_version))

    def take_back(self, listener_id: str, score: int, model_version: str) -> int:
        found = self._such(listener_id, score, model_version)
        self.rows -= found
        return len(found)

    def _such(self, listener_id: str, score: int, model_version: str) -> set[tuple[str, str, int, str]]:
        wanted = (listener_id, score, model_version)
        return {one for one in self.rows if (one[0], *one[2:]) == wanted and one[1] in self.listener_ids}


class FakeHistoryStore:
    """The last two looks of each listener in a dict, of the listeners that are told to exist."""

    def __init__(self, listener_ids: Collection[str]) -> None:
        self.listener_ids = listener_ids
        self.kept: dict[str, tuple[Look, ...]] = {}

    def looks(self, listener_id: str) -> tuple[Look, ...]:
        found = [self._there(look) for look in self.kept.get(listener_id, ())]
        return tuple(look for look in found if look.places)

    def add(self, listener_id: str, look: Look, last: Look | None) -> bool:
        _check({listener_id}, self.listener_ids)
        kept = self.looks(listener_id)
        newest = kept[0].seen_at_utc if kept else None
        if newest != (last and last.seen_at_utc) or (newest is not None and look.seen_at_utc <= newest):
            return False
        self.kept[listener_id] = (self._there(look), *kept)[:2]
        return True

    def _there(self, look: Look) -> Look:
        return replace(look, places=tuple(one for one in look.places if one.other_id in self.listener_ids))


class FakeModelRegistry:
    """Models in a dict."""

    def __init__(self) -> None:
        self.known: dict[str, KnownModel] = {}

    def propose(self, model_version: str, metrics: Mapping[str, Any], now: datetime) -> bool:
        if model_version in self.known:
            return False
        found = _finite(dict(metrics))
        self.known[model_version] = KnownModel(model_version, ModelState.PROPOSED, now, None, found)
        return True

    def move(self, model_version: str, before: Collection[ModelState], to: ModelState, now: datetime) -> bool:
        one = self.known.get(model_version)
        if one is None or one.state not in before:
            return False
        self.known[model_version] = replace(one, state=to, changed_at_utc=now)
        return True

    def serve(self, model_version: str, before: Collection[ModelState], now: datetime) -> bool:
        served = self.serving()
        if not self.move(model_version, before, ModelState.SERVING, now):
            return False
        if served != model_version:
            self.move(served, [ModelState.SERVING], ModelState.RETIRED, now)
        one = self.known[model_version]
        self.known[model_version] = replace(one, first_served_at_utc=one.first_served_at_utc or now)
        return True

    def serving(self) -> str:
        serves = (one for one in self.known.values() if one.state is ModelState.SERVING)
        return next((one.model_version for one in serves), "")

    def models(self) -> tuple[KnownModel, ...]:
        by_version = sorted(self.known.values(), key=lambda one: one.model_version)
        return tuple(sorted(by_version, key=lambda one: one.changed_at_utc, reverse=True))


class FakeAttributeCache:
    """Answers in a dict by service and key."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], tuple[AudioAttributes | None, datetime]] = {}

    def answers(
        self, service: str, keys: Sequence[str], since: datetime
    ) -> Mapping[str, AudioAttributes | None]:
        found = {key: self.kept[service, key] for key in keys if (service, key) in self.kept}
        return {key: answer for key, (answer, at) in found.items() if at >= since}

    def keep(self, service: str, answers: Mapping[str, AudioAttributes | None], now: datetime) -> None:
        self.kept.update({(service, key): (answer, now) for key, answer in answers.items()})


class FakePaceStore:
    """Acts in a list, of the listeners that are told to exist."""

    def __init__(self, listener_ids: Collection[str]) -> None:
        self.listener_ids = listener_ids
        self.acts: list[tuple[str, str, str, datetime]] = []
        self._lock = threading.Lock()

    def take(self, listener_id: str, act: str, what: str, now: datetime, limits: Limits) -> datetime | None:
        _check({listener_id}, self.listener_ids)
        longest = max(within for _, within in limits)
        with self._lock:
            self.acts = [one for one in self.acts if one[3] > now - longest]
            mine = [one for one in self.acts if one[:2] == (listener_id, act)]
            if what and any(one[2] == what for one in mine):
                return None
            moments = sorted((one[3] for one in mine), reverse=True)
            ends = [moments[most - 1] + within for most, within in limits if len(moments) >= most]
            again_at = max((end for end in ends if end > now), default=None)
            if again_at is None:
                self.acts.append((listener_id, act, what, now))
            return again_at


def _check(wanted: set[str], known: Collection[str]) -> None:
    if not all(one in known for one in wanted):
        raise UnknownListener("there is no such listener")


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_finite(one) for one in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


class FakeItemIdStore:
    """Ids in a dict."""

    def __init__(self) -> None:
        self.known: dict[ItemKey, str] = {}

    def keep_ids(self, ids: Mapping[ItemKey, str]) -> None:
        self.known.update(ids)

    def ids_of(self, items: Collection[ItemKey]) -> Mapping[ItemKey, str]:
        return {one: self.known[one] for one in items if one in self.known}


class FakeMadePlaylistStore:
    """Playlists in a list, of the listeners that are told to exist; without those, of anybody."""

    def __init__(self, listener_ids: Collection[str] | None = None) -> None:
        self.listener_ids = listener_ids
        self.rows: dict[tuple[str, str], tuple[datetime, str, int | None]] = {}
        self._locks: dict[str, threading.Lock] = defaultdict(threading.Lock)

    def remember(self, listener_id: str, playlist_id: str, content_digest: str, now: datetime) -> None:
        if self.listener_ids is not None:
            _check({listener_id}, self.listener_ids)
        self.rows[listener_id, playlist_id] = (now, content_digest, None)

    def fill(self, listener_id: str, playlist_id: str, n_tracks: int) -> None:
        if (listener_id, playlist_id) in self.rows:
            now, digest, _ = self.rows[listener_id, playlist_id]
            self.rows[listener_id, playlist_id] = (now, digest, n_tracks)

    def made_of(self, listener_id: str, content_digest: str) -> KeptPlaylist | None:
        found = [
            (now, playlist_id, n_tracks)
            for (owner, playlist_id), (now, digest, n_tracks) in self.rows.items()
            if (owner, digest) == (listener_id, content_digest)
        ]
        return KeptPlaylist(*max(found)[1:]) if found else None

    def among(self, playlist_ids: Sequence[str]) -> frozenset[str]:
        return frozenset(key for _, key in self.rows) & frozenset(playlist_ids)

    @contextmanager
    def locked(self, listener_id: str) -> Iterator[None]:
        with self._locks[listener_id]:
            yield
