"""Local services over one small world, and readers of both."""

from contextlib import ExitStack

import httpx
import pytest

from emulator.server.app import EmulatorSettings, create_app
from emulator.server.running import running
from emulator.settings import LASTFM_KEY, LASTFM_SECRET
from emulator.world import synthetic_world
from sources.scrobbles.calls import Politeness
from sources.scrobbles.lastfm import LastFm, LastFmSettings
from sources.scrobbles.listenbrainz import ListenBrainz
from tests.spotify_client.conftest import Clock


@pytest.fixture(scope="session")
def world():
    return synthetic_world(40, 7, n_artists=240)


@pytest.fixture
def clock():
    return Clock()


class Local:
    """A running emulator whose clock moves when a reader sleeps."""

    def __init__(self, base, http, clock):
        self.base, self.http, self.clock = base, http, clock

    def listenbrainz(self, **politeness):
        return ListenBrainz(
            self.base + "/listenbrainz", self.clock, self.clock.sleep, Politeness(**politeness)
        )

    def lastfm(self, key=LASTFM_KEY, secret=LASTFM_SECRET, **politeness):
        settings = LastFmSettings(key, secret, self.base + "/lastfm/2.0/", Politeness(**politeness))
        return LastFm(settings, self.clock, self.clock.sleep)

    def fault(self, kind, path, **more):
        answer = self.http.post("/_emulator/faults", json={"kind": kind, "path": path, **more})
        assert answer.status_code == 200, answer.text

    def calls(self):
        return self.http.get("/_emulator/calls").json()["calls"]


@pytest.fixture
def serve(world, clock):
    with ExitStack() as stack:

        def start(**settings):
            app = create_app(world, EmulatorSettings(**settings), clock=lambda: clock().timestamp())
            base = stack.enter_context(running(app))
            return Local(base, stack.enter_context(httpx.Client(base_url=base, trust_env=False)), clock)

        yield start


@pytest.fixture
def local(serve):
    return serve()
