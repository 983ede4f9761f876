"""Audio attributes from Spotify itself, for the few apps that may still ask.

Only apps whose extended quota predates 27 November 2024 get an answer; all others a 403.
"""

import threading
import time
from collections.abc import Mapping
from datetime import timedelta
from itertools import islice

from matcher.domain.audio import AudioAttributes
from matcher.domain.listening import Listening, Source
from matcher.errors import SpotifyForbidden
from matcher.ports import AttributeCache, Clock
from spotify_client.calls.clients import SignedInClients
from spotify_client.calls.cooldown import CooldownStore, Gate, Sleep
from spotify_client.calls.grants import Grants
from spotify_client.library.attribute_cache import Answers, RememberedAnswers
from spotify_client.parsing.attributes import attributes_of, ids_by_key
from spotify_client.parsing.fields import mapping, rows, text
from spotify_client.settings import SpotifySettings

PROVENANCE = "spotify"
MOST_IDS = 100
MAX_CALLS = 10
TTL = timedelta(days=7)
"""How long an answer is believed: Spotify's metadata may only be cached for a while."""


class SpotifyAudioFeatures:
    """`AttributeProvider` over `/audio-features`. The first 403 turns it off until the process ends."""

    def __init__(
        self,
        grants: Grants,
        settings: SpotifySettings,
        cooldowns: CooldownStore,
        cache: AttributeCache,
        clock: Clock,
        sleep: Sleep = time.sleep,
    ) -> None:
        self._clients = SignedInClients(grants, settings, Gate(settings, cooldowns, clock, sleep))
        self._remembered = RememberedAnswers(cache, PROVENANCE, TTL, clock)
        self._closed = threading.Event()

    def attributes(self, listening: Listening) -> Mapping[str, AudioAttributes]:
        """Attributes by canonical track key; nothing for listening that did not come from Spotify's API.

        Raises:
            GrantRevoked, RateLimited, SpotifyUnreachable, SpotifyMalformed: see `SpotifyClient.call`.
            StorageUnreachable: the cache does not answer.
        """
        if self._closed.is_set() or listening.source is not Source.SPOTIFY_API:
            return {}
        ids = dict(islice(ids_by_key(listening).items(), MOST_IDS * MAX_CALLS))
        known = self._remembered.known(ids.values())
        try:
            known |= self._learn(listening.listener_id, [one for one in ids.values() if one not in known])
        except SpotifyForbidden:
            self._closed.set()
            return {}
        found = {key: known.get(track_id) for key, track_id in ids.items()}
        return {key: one for key, one in found.items() if one is not None}

    def _learn(self, listener_id: str, track_ids: list[str]) -> Answers:
        """Ask for tracks, and remember what was answered."""
        if not track_ids:
            return {}
        learnt: Answers = dict.fromkeys(track_ids)
        with self._clients.of(listener_id, 3 * MAX_CALLS) as client:
            for start in range(0, len(track_ids), MOST_IDS):
                learnt |= _attributes_by_id(client.audio_features(track_ids[start : start + MOST_IDS]))
        self._remembered.keep(learnt)
        return learnt


def _attributes_by_id(answer: object) -> dict[str, AudioAttributes]:
    found = ((mapping(row), attributes_of(mapping(row), PROVENANCE)) for row in _rows(answer))
    return {text(row.get("id")): attributes for row, attributes in found if attributes is not None}


def _rows(answer: object) -> list[object]:
    return rows(mapping(answer).get("audio_features"))
