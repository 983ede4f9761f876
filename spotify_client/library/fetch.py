"""Reads a signed-in listener's library from Spotify."""

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
    """`ListeningSource` over the Web API; each reading has its own client and token.

    Unchanged parts are not fetched again; playlists made by Earshot are never read.
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
        """Read the library within the call budget (see `LibraryReading`).

        A part that fails is marked and keeps its known content; the other parts are still read.

        Raises:
            SpotifyForbidden, SpotifyUnreachable, SpotifyMalformed: not a single part could be read.
            UnknownListener: the listener was erased meanwhile.
            Stopped: raised by `report`; the parts read so far are saved for the next reading.
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
