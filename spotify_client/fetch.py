"""Reads the library of a signed-in listener from Spotify."""

import time

from matcher.listening import Listening
from matcher.ports import Clock, Report
from spotify_client.budget import CallBudget
from spotify_client.client import SpotifyClient
from spotify_client.cooldown import CooldownStore, Gate, Sleep
from spotify_client.grants import Grants
from spotify_client.reading import LibraryReading
from spotify_client.settings import SpotifySettings


class SpotifyListeningSource:
    """`ListeningSource` over the Web API. Each reading has its own client, HTTP session and token."""

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

    def fetch(self, listener_id: str, report: Report) -> Listening:
        """Read everything that may be read, within the budget of calls; see `LibraryReading`.

        A part that fails is marked and the others go on.

        Raises:
            GrantRevoked: the listener has to connect again.
            RateLimited, QuotaExceeded: the app has to wait.
            SpotifyForbidden: not a single part may be read.
            SpotifyUnreachable, SpotifyMalformed: not a single part could be read.
        """
        with self._client(listener_id) as client:
            return LibraryReading(client, self._settings, report).read(listener_id)

    def _client(self, listener_id: str) -> SpotifyClient:
        return SpotifyClient(
            self._settings,
            token=self._grants.access_token(listener_id),
            renew=lambda rejected: self._grants.renewed(listener_id, rejected),
            gate=self._gate,
            budget=CallBudget(self._settings.calls_budget),
        )
