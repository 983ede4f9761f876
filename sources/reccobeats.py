"""Audio attributes from ReccoBeats, a free service keyed by Spotify track id.

Off by default, because it tells a third party which tracks are looked up. Its terms allow caching for a
limited time, but no permanent table and no training.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import requests

from matcher.domain.audio import AudioAttributes
from matcher.domain.listening import Listening
from matcher.ports import AttributeCache, Clock
from spotify_client.calls.api_errors import refusal_of
from spotify_client.calls.log_redaction import redact_logs
from spotify_client.library.attribute_cache import Answers, CachedAnswers
from spotify_client.parsing.attributes import attributes_of, ids_by_key, is_spotify_id
from spotify_client.parsing.fields import mapping, rows, text

PROVENANCE = "reccobeats"
MOST_IDS = 40
"""Most ids per call; more get a 400."""
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ReccoBeatsSettings:
    """Settings of ReccoBeats.

    Attributes:
        url: the API, without a trailing slash.
        timeout_s: for connecting, and between two pieces of a response.
        max_calls: most calls per library, of 40 tracks each, most played tracks first.
        ttl: how long an answer is valid, "not known" included.
    """

    url: str = "https://api.reccobeats.com/v1"
    # the service rejects the default agents of HTTP libraries
    user_agent: str = "Earshot/0.1"
    timeout_s: float = 10.0
    max_calls: int = 10
    ttl: timedelta = timedelta(days=30)


class _Unavailable(Exception):
    """No usable response; internal to this module."""


class ReccoBeats:
    """`AttributeProvider` over ReccoBeats, for all listeners. Thread-safe.

    If the service fails or asks for a pause, only cached attributes are returned.
    """

    def __init__(
        self, clock: Clock, cache: AttributeCache, settings: ReccoBeatsSettings | None = None
    ) -> None:
        redact_logs()
        self._clock, self._settings = clock, settings or ReccoBeatsSettings()
        self._cached = CachedAnswers(cache, PROVENANCE, self._settings.ttl, clock)
        self._quiet_until: datetime | None = None

    def attributes(self, listening: Listening) -> Mapping[str, AudioAttributes]:
        return self._cached.attributes(ids_by_key(listening), self._ask)

    def _ask(self, track_ids: Sequence[str]) -> Answers:
        batches = [track_ids[i : i + MOST_IDS] for i in range(0, len(track_ids), MOST_IDS)]
        answers: Answers = {}
        try:
            with requests.Session() as session:
                for batch in batches[: self._settings.max_calls]:
                    if self._pauses():
                        break
                    found = dict(_attributes_by_id(self._answer(session, batch)))
                    answers |= {one: found.get(one) for one in batch}
        except _Unavailable as error:
            _LOG.warning("ReccoBeats: %s", error)
        return answers

    def _pauses(self) -> bool:
        return self._quiet_until is not None and self._clock() < self._quiet_until

    def _answer(self, session: requests.Session, track_ids: Sequence[str]) -> object:
        response = self._get(session, track_ids)
        if response.status_code == requests.codes.too_many_requests:
            self._pause(response)
        if response.status_code != requests.codes.ok:
            raise _Unavailable(f"status {response.status_code}")
        try:
            return response.json()
        except (ValueError, RecursionError) as error:
            raise _Unavailable("no JSON") from error

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
            raise _Unavailable("no answer") from error

    def _pause(self, response: requests.Response) -> None:
        now = self._clock()
        self._quiet_until = now + timedelta(seconds=refusal_of(response).wait_s(now))


def _attributes_by_id(answer: object) -> list[tuple[str, AudioAttributes | None]]:
    content: list[Mapping[str, Any]] = [mapping(row) for row in rows(mapping(answer).get("content"))]
    # the Spotify id is the end of `href`; `id` is the service's own
    pairs = [(text(row.get("href")).rpartition("/")[2], attributes_of(row, PROVENANCE)) for row in content]
    return [(track_id, found) for track_id, found in pairs if is_spotify_id(track_id)]
