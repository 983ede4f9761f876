"""Audio attributes from Spotify, for apps with access to `/audio-features`.

Only apps with an extended quota from before 27 November 2024 have access; others get a 403.
"""

import threading
import time
from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from itertools import islice

from matcher.domain.audio import AudioAttributes
from matcher.domain.listening import Listening, Source
from matcher.errors import SpotifyForbidden
from matcher.ports import AttributeCache, Clock
from spotify_client.calls.clients import SignedInClients
from spotify_client.calls.cooldown import CooldownStore, Gate, Sleep
from spotify_client.calls.grants import Grants
from spotify_client.library.attribute_cache import Answers, CachedAnswers
from spotify_client.parsing.attributes import attributes_of, ids_by_key
from spotify_client.parsing.fields import mapping, rows, text
from spotify_client.settings import SpotifySettings

PROVENANCE = "spotify"
MOST_IDS = 100
MAX_CALLS = 10
TTL = timedelta(days=7)
"""Validity of an answer: Spotify limits how long metadata may be cached."""


class SpotifyAudioFeatures:
    """`AttributeProvider` over `/audio-features`; off after the first 403."""

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
        self._cached = CachedAnswers(cache, PROVENANCE, TTL, clock)
        self._closed = threading.Event()

    def attributes(self, listening: Listening) -> Mapping[str, AudioAttributes]:
        """Empty for listening from other sources; raises as `SpotifyClient.call`."""
        if self._closed.is_set() or listening.source is not Source.SPOTIFY_API:
            return {}
        ids = dict(islice(ids_by_key(listening).items(), MOST_IDS * MAX_CALLS))
        try:
            return self._cached.attributes(ids, partial(self._ask, listening.listener_id))
        except SpotifyForbidden:
            self._closed.set()
            return {}

    def _ask(self, listener_id: str, track_ids: list[str]) -> Answers:
        found: Answers = dict.fromkeys(track_ids)
        with self._clients.of(listener_id, 3 * MAX_CALLS) as client:
            for start in range(0, len(track_ids), MOST_IDS):
                found |= _attributes_by_id(client.audio_features(track_ids[start : start + MOST_IDS]))
        return found


def _attributes_by_id(answer: object) -> dict[str, AudioAttributes]:
    content = map(mapping, rows(mapping(answer).get("audio_features")))
    found = ((text(row.get("id")), attributes_of(row, PROVENANCE)) for row in content)
    return {track_id: attributes for track_id, attributes in found if attributes is not None}
