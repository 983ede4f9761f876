"""Audio attributes from ReccoBeats, a free service that knows tracks by their Spotify id.

Off unless an operator asks for it: it tells a third party which tracks are being looked up.
Its terms allow caching for a while, and neither keeping a table for good nor training on it.
"""

import logging
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import requests

from matcher.audio import AudioAttributes
from matcher.errors import SpotifyUnreachable
from matcher.listening import Listening
from matcher.ports import Clock
from spotify_client.attributes import attributes_of, ids_by_key, is_spotify_id
from spotify_client.fields import mapping, rows, text
from spotify_client.quiet import keep_quiet
from spotify_client.refusals import refusal_of

PROVENANCE = "reccobeats"
MOST_IDS = 40
"""Ids in one call; one more is answered with 400."""
_LOG = logging.getLogger(__name__)
_CACHE_SIZE = 50_000


@dataclass(frozen=True, slots=True)
class ReccoBeatsSettings:
    """How ReccoBeats is asked.

    Attributes:
        url: its API, without a slash at its end.
        user_agent: says who asks; the service turns anonymous libraries away.
        timeout_s: longest wait for a connection, and for each piece of an answer.
        max_calls: most calls for one library, of 40 tracks each, heaviest tracks first.
        ttl: how long an answer, also "not known", is believed.
    """

    url: str = "https://api.reccobeats.com/v1"
    user_agent: str = "Earshot/0.1"
    timeout_s: float = 10.0
    max_calls: int = 10
    ttl: timedelta = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class _Cached:
    """An answer, None where the service does not know the track, and until when it is believed."""

    attributes: AudioAttributes | None
    until_utc: datetime


class ReccoBeats:
    """`AttributeProvider` over ReccoBeats. Serves all listeners; safe from several threads.

    A service that does not answer, or wants a pause, costs nothing but coverage: what is in the cache is
    still given.
    """

    def __init__(self, clock: Clock, settings: ReccoBeatsSettings | None = None) -> None:
        keep_quiet()
        self._clock, self._settings = clock, settings or ReccoBeatsSettings()
        self._cache: dict[str, _Cached] = {}
        self._lock = threading.Lock()
        self._quiet_until: datetime | None = None

    def attributes(self, listening: Listening) -> Mapping[str, AudioAttributes]:
        """Attributes by canonical track key, for the tracks the service knows."""
        ids = ids_by_key(listening)
        self._learn([one for one in ids.values() if self._cached(one) is None])
        entries = {key: self._cached(track_id) for key, track_id in ids.items()}
        return {key: e.attributes for key, e in entries.items() if e is not None and e.attributes is not None}

    def _cached(self, track_id: str) -> _Cached | None:
        with self._lock:
            entry = self._cache.get(track_id)
        return entry if entry is not None and self._clock() < entry.until_utc else None

    def _learn(self, track_ids: Sequence[str]) -> None:
        batches = [track_ids[i : i + MOST_IDS] for i in range(0, len(track_ids), MOST_IDS)]
        try:
            with requests.Session() as session:
                for batch in batches[: self._settings.max_calls]:
                    if self._pauses():
                        return
                    self._keep(batch, self._ask(session, batch))
        except SpotifyUnreachable as error:
            _LOG.warning("ReccoBeats: %s", error)

    def _pauses(self) -> bool:
        return self._quiet_until is not None and self._clock() < self._quiet_until

    def _ask(self, session: requests.Session, track_ids: Sequence[str]) -> object:
        """Raises SpotifyUnreachable, which does not leave this module, when there is no answer to use."""
        response = self._get(session, track_ids)
        if response.status_code == requests.codes.too_many_requests:
            self._pause(response)
        if response.status_code != requests.codes.ok:
            raise SpotifyUnreachable(f"status {response.status_code}")
        try:
            return response.json()
        except (ValueError, RecursionError) as error:
            raise SpotifyUnreachable("no JSON") from error

    def _get(self, session: requests.Session, track_ids: Sequence[str]) -> requests.Response:
        try:
            return session.get(
                self._settings.url + "/audio-features",
                params={"ids": ",".join(track_ids)},
                headers={"User-Agent": self._settings.user_agent},
                timeout=self._settings.timeout_s,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise SpotifyUnreachable("no answer") from error

    def _pause(self, response: requests.Response) -> None:
        now = self._clock()
        self._quiet_until = now + timedelta(seconds=refusal_of(response).wait_s(now))

    def _keep(self, asked: Sequence[str], answer: object) -> None:
        """Remember what is known, and of the others that they are not."""
        found = dict(_attributes_by_id(answer))
        until = self._clock() + self._settings.ttl
        with self._lock:
            if len(self._cache) > _CACHE_SIZE:
                self._cache.clear()
            self._cache.update({one: _Cached(found.get(one), until) for one in asked})


def _attributes_by_id(answer: object) -> list[tuple[str, AudioAttributes | None]]:
    """Attributes by Spotify id, which is the end of `href`: a row's `id` is the service's own."""
    content: list[Mapping[str, Any]] = [mapping(row) for row in rows(mapping(answer).get("content"))]
    pairs = [(text(row.get("href")).rpartition("/")[2], attributes_of(row, PROVENANCE)) for row in content]
    return [(track_id, found) for track_id, found in pairs if is_spotify_id(track_id)]
