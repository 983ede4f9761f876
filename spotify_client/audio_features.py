"""Audio attributes from Spotify itself, for the few apps that may still ask.

Only apps whose extended quota predates 27 November 2024 get an answer; all others a 403.
"""

import threading
import time
from collections.abc import Mapping
from itertools import islice

from matcher.audio import AudioAttributes
from matcher.errors import SpotifyForbidden
from matcher.listening import Listening, Source
from matcher.ports import Clock
from spotify_client.attributes import attributes_of, ids_by_key
from spotify_client.budget import CallBudget
from spotify_client.client import SpotifyClient
from spotify_client.cooldown import CooldownStore, Gate, Sleep
from spotify_client.fields import mapping, rows, text
from spotify_client.grants import Grants
from spotify_client.settings import SpotifySettings

PROVENANCE = "spotify"
MOST_IDS = 100
MAX_CALLS = 10


class SpotifyAudioFeatures:
    """`AttributeProvider` over `/audio-features`. The first 403 turns it off until the process ends."""

    def __init__(
        self,
        grants: Grants,
        settings: SpotifySettings,
        cooldowns: CooldownStore,
        clock: Clock,
        sleep: Sleep = time.sleep,
    ) -> None:
        self._grants, self._settings = grants, settings
        self._gate = Gate(settings, cooldowns, clock, sleep)
        self._closed = threading.Event()

    def attributes(self, listening: Listening) -> Mapping[str, AudioAttributes]:
        """Attributes by canonical track key; nothing for listening that did not come from Spotify's API.

        Raises:
            GrantRevoked, RateLimited, SpotifyUnreachable, SpotifyMalformed: see `SpotifyClient.call`.
        """
        if self._closed.is_set() or listening.source is not Source.SPOTIFY_API:
            return {}
        ids = dict(islice(ids_by_key(listening).items(), MOST_IDS * MAX_CALLS))
        try:
            found = self._found(listening.listener_id, list(ids.values()))
        except SpotifyForbidden:
            self._closed.set()
            return {}
        return {key: found[track_id] for key, track_id in ids.items() if track_id in found}

    def _found(self, listener_id: str, track_ids: list[str]) -> dict[str, AudioAttributes]:
        found: dict[str, AudioAttributes] = {}
        with self._client(listener_id) as client:
            for start in range(0, len(track_ids), MOST_IDS):
                found |= _attributes_by_id(client.audio_features(track_ids[start : start + MOST_IDS]))
        return found

    def _client(self, listener_id: str) -> SpotifyClient:
        return SpotifyClient(
            self._settings,
            token=self._grants.access_token(listener_id),
            renew=lambda rejected: self._grants.renewed(listener_id, rejected),
            gate=self._gate,
            budget=CallBudget(3 * MAX_CALLS),
        )


def _attributes_by_id(answer: object) -> dict[str, AudioAttributes]:
    found = ((mapping(row), attributes_of(mapping(row), PROVENANCE)) for row in _rows(answer))
    return {text(row.get("id")): attributes for row, attributes in found if attributes is not None}


def _rows(answer: object) -> list[object]:
    return rows(mapping(answer).get("audio_features"))
