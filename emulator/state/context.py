"""World and state of one running emulator, for the routes."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import Request

from emulator.settings import EmulatorSettings
from emulator.state.faults import FaultPlan
from emulator.state.grants import GrantStore
from emulator.state.library import LibraryStore
from emulator.state.scrobbling import LastFmSessions, Rates
from emulator.world.directory import Directory
from emulator.world.music import World

_CALLS_KEPT = 10_000


@dataclass(frozen=True, slots=True)
class Call:
    """One answered request; ``listener_id`` is None without a valid token."""

    method: str
    path: str
    listener_id: str | None
    status: int


class Emulator:
    """World and state of one emulator; ``calls`` are the latest, oldest first."""

    def __init__(self, world: World, settings: EmulatorSettings, clock: Callable[[], float]) -> None:
        # no locks: only the server's event loop uses these
        self.world, self.settings, self.clock = world, settings, clock
        self.libraries = LibraryStore(world)
        self.grants = GrantStore(settings, clock)
        self.faults = FaultPlan()
        self.calls: deque[Call] = deque(maxlen=_CALLS_KEPT)
        self.directory = Directory(world)
        self.listenbrainz_rates = Rates(settings.listenbrainz_calls, settings.listenbrainz_window_s, clock)
        self.lastfm_rates = Rates(settings.lastfm_calls, settings.lastfm_window_s, clock)
        self.lastfm_sessions = LastFmSessions(clock)

    def reset(self) -> None:
        """Undo library changes; delete grants, sessions, faults, calls and their counts."""
        rates = (self.listenbrainz_rates, self.lastfm_rates)
        for part in (self.libraries, self.grants, self.faults, self.calls, self.lastfm_sessions, *rates):
            part.clear()


def emulator_of(request: Request) -> Emulator:
    """The emulator that serves a request."""
    emulator: Emulator = request.app.state.emulator
    return emulator
