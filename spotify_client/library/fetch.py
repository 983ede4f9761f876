"""Reads the library of a signed-in listener from Spotify."""

import time

from matcher.domain.listening import Listening
from matcher.errors import Stopped
from matcher.ports import Clock, MadePlaylistStore, Report, SoFar
from spotify_client.calls.clients import SignedInClients
from spotify_client.calls.cooldown import CooldownStore, Gate, Sleep
from spotify_client.calls.grants import Grants
from spotify_client.library.known_library import ReadingStore, memory_to_json, recalled
from spotify_client.library.reading import LibraryReading
from spotify_client.settings import SpotifySettings


class SpotifyListeningSource:
    """`ListeningSource` over the Web API. Each reading has its own client, HTTP session and token.

    What has not changed since the last reading is not fetched again; what Earshot made is never read.
    """

    def __init__(
        self,
        grants: Grants,
        settings: SpotifySettings,
        cooldowns: CooldownStore,
        clock: Clock,
        readings: ReadingStore,
        made: MadePlaylistStore,
        sleep: Sleep = time.sleep,
    ) -> None:
        self._settings, self._clock, self._readings, self._made = settings, clock, readings, made
        self._clients = SignedInClients(grants, settings, Gate(settings, cooldowns, clock, sleep))

    def fetch(self, listener_id: str, report: Report, so_far: SoFar | None = None) -> Listening:
        """Read everything that may be read, within the budget of calls; see `LibraryReading`.

        A part that fails is marked, keeps what was known of it, and the others go on.

        Raises:
            SpotifyForbidden, SpotifyUnreachable, SpotifyMalformed: not a single part could be read.
            UnknownListener: the listener was erased meanwhile.
            Stopped: `report` raised it; what was read by then is remembered, so that the next one is shorter.
        """
        known = recalled(self._readings.load(listener_id)).as_of(self._clock())
        with self._clients.of(listener_id, self._settings.calls_budget) as client:
            reading = LibraryReading(client, self._settings, report, known, so_far, self._made.among)
            try:
                listening = reading.read(listener_id)
            except Stopped:
                reading.interrupt()
                self._keep(listener_id, reading)
                raise
        self._keep(listener_id, reading)
        return listening

    def _keep(self, listener_id: str, reading: LibraryReading) -> None:
        self._readings.save(listener_id, memory_to_json(reading.memory(self._clock())))
