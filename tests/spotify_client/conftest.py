"""A scripted Spotify over real loopback HTTP, an emulator, and fakes with a mind of their own."""

import json
import threading
from collections.abc import Callable
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
import requests
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from emulator.server.app import EmulatorSettings, create_app
from emulator.server.running import running
from emulator.world import synthetic_world
from matcher.domain.listening import Hearing, Listening, Part, Source
from matcher.ports import Grant, silent
from spotify_client.calls.budget import CallBudget
from spotify_client.calls.client import SpotifyClient
from spotify_client.calls.cooldown import Gate
from spotify_client.calls.grants import Grants
from spotify_client.library.fetch import SpotifyListeningSource
from spotify_client.settings import SpotifySettings
from spotify_client.signing_in.auth import SpotifyLogin
from tests.fakes.records import FakeMadePlaylistStore
from tests.fakes.spotify import FakeCooldownStore, FakeReadingStore

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


class Clock:
    """A clock that moves when somebody sleeps by it, or moves it."""

    def __init__(self, now: datetime = NOON):
        self.now, self.slept = now, []

    def __call__(self) -> datetime:
        return self.now

    def sleep(self, wait_s: float) -> None:
        self.slept.append(wait_s)
        self.now += timedelta(seconds=wait_s)


class FakeGrantStore:
    """A `GrantStore` in memory with a real lock for each listener."""

    def __init__(self):
        self.grants, self.locks = {}, {}
        self._making = threading.Lock()

    def save(self, listener_id, grant):
        self.grants[listener_id] = grant

    def load(self, listener_id):
        return self.grants.get(listener_id)

    def wipe(self, listener_id):
        self.grants.pop(listener_id, None)

    @contextmanager
    def locked(self, listener_id):
        with self._making:
            lock = self.locks.setdefault(listener_id, threading.Lock())
        with lock:
            yield


@dataclass
class Seen:
    """A request as it arrived."""

    method: str
    path: str
    query: dict
    headers: dict
    form: dict


Answer = Callable[[Seen], Response] | Response


class Script:
    """What the scripted Spotify answers: by path, else the default; and what it was asked."""

    def __init__(self, base: str):
        self.base, self.api = base, base + "/v1/"
        self.reset()

    def reset(self):
        self.seen: list[Seen] = []
        self.answers: dict[str, list[Answer]] = {}
        nothing = {"items": [], "total": 0, "next": None}
        self.default: Answer = JSONResponse({**nothing, "artists": nothing})

    def on(self, path: str, *answers: Answer):
        """Answer calls to `path` with these in turn, the last one for good."""
        self.answers[path] = list(answers)

    def paths(self):
        return [one.path for one in self.seen]

    def answer(self, seen: Seen) -> Response:
        self.seen.append(seen)
        queue = self.answers.get(seen.path, [self.default])
        found = queue.pop(0) if len(queue) > 1 else queue[0]
        return found(seen) if callable(found) and not isinstance(found, Response) else found


def error(status: int, message: str = "", reason: str = "", **headers: str) -> Response:
    body = {"error": {"status": status, "message": message, **({"reason": reason} if reason else {})}}
    return JSONResponse(body, status, {name.replace("_", "-"): value for name, value in headers.items()})


def raw(body: str | bytes, status: int = 200, **headers: str) -> Response:
    return Response(body, status, {name.replace("_", "-"): v for name, v in headers.items()})


def cut(_: Seen) -> Response:
    """Promises more than it sends."""
    return raw('{"items": [', content_length="1000")


def spotify_id(n):
    return f"{n:022d}"


def listening_of(*numbers, source=Source.SPOTIFY_API):
    heard = [
        Hearing(Part.SAVED, "Zemer", track_name=f"Song {n}", track_id=spotify_id(n), plays=1 + 1 / (1 + n))
        for n in numbers
    ]
    return Listening("ann", source, tuple(heard))


@pytest.fixture(scope="session")
def _server():
    holder = {}

    async def handle(request: Request) -> Response:
        body = (await request.body()).decode("utf-8", "replace")
        seen = Seen(
            request.method,
            request.url.path,
            dict(request.query_params),
            dict(request.headers),
            dict(parse_qsl(body)),
        )
        return holder["script"].answer(seen)

    app = Starlette(routes=[Route("/{path:path}", handle, methods=["GET", "POST"])])
    with running(app) as base:
        holder["script"] = Script(base)
        yield holder["script"]


@pytest.fixture
def script(_server) -> Script:
    _server.reset()
    return _server


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def grant() -> Grant:
    return make_grant()


def make_grant(name: str = "ann", start: datetime = NOON, life_s: float = 3600) -> Grant:
    return Grant(
        access_token=f"access-{name}",
        refresh_token=f"refresh-{name}",
        scopes=frozenset({"user-top-read"}),
        expires_at_utc=start + timedelta(seconds=life_s),
        authorized_at_utc=start,
    )


def make_settings(base: str = "https://accounts.spotify.com", **changed) -> SpotifySettings:
    given = {
        "client_id": "earshot",
        "redirect_uri": "http://127.0.0.1:8501/callback",
        "accounts_url": base,
        "api_url": base + "/v1/",
        "timeout_s": 60,
    }
    return SpotifySettings(**given | changed)


@dataclass
class Room:
    """This package put together over one server, with its clock and stores in reach."""

    settings: SpotifySettings
    clock: Clock
    store: FakeGrantStore = field(default_factory=FakeGrantStore)
    cooldowns: FakeCooldownStore = field(default_factory=FakeCooldownStore)
    open: ExitStack = field(default_factory=ExitStack)

    @property
    def login(self) -> SpotifyLogin:
        return SpotifyLogin(self.settings, self.clock, self.cooldowns, self.clock.sleep)

    @property
    def grants(self) -> Grants:
        return Grants(self.store, self.login, self.clock)

    def source(self, readings=None, made=None) -> SpotifyListeningSource:
        return SpotifyListeningSource(
            self.grants,
            self.settings,
            self.cooldowns,
            self.clock,
            readings or FakeReadingStore(),
            made or FakeMadePlaylistStore(),
            self.clock.sleep,
        )

    @property
    def gate(self) -> Gate:
        return Gate(self.settings, self.cooldowns, self.clock, self.clock.sleep)

    def client(self, token="access-ann", renew=lambda rejected: "renewed", budget=60) -> SpotifyClient:
        client = SpotifyClient(self.settings, token, renew, self.gate, CallBudget(budget))
        return self.open.enter_context(client)

    def fetch(self, listener_id="ann", report=silent, so_far=None):
        return self.source().fetch(listener_id, report, so_far)


@pytest.fixture
def room_of(clock):
    """Puts the package together over a server; clients are closed with the test."""
    with ExitStack() as stack:

        def make(base: str, **changed) -> Room:
            room = Room(make_settings(base, **changed), clock)
            stack.enter_context(room.open)
            room.store.save("ann", make_grant("ann", clock()))
            return room

        yield make


@pytest.fixture
def room(room_of, script) -> Room:
    return room_of(script.base)


@pytest.fixture(scope="session")
def world():
    return synthetic_world(12, 7, n_artists=120)


@dataclass
class LocalSpotify:
    """The emulator with its administration, and a room that is not signed in yet."""

    base: str
    room: Room

    def consent(self, listener_id: str, room: Room | None = None) -> Grant:
        """Go through the consent page as a listener, as a browser would."""
        login = (room or self.room).login
        pending, address = login.begin("browser")
        query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        answer = requests.post(
            self.base + "/authorize",
            data=query | {"listener_id": listener_id},
            allow_redirects=False,
            timeout=5,
        )
        back = dict(parse_qsl(urlsplit(answer.headers["location"]).query))
        assert back["state"] == pending.state
        return login.finish(back["code"], pending)

    def sign_in(self, listener_id: str) -> None:
        self.room.store.save(listener_id, self.consent(listener_id))

    def fault(self, kind: str, **more) -> None:
        answer = requests.post(
            self.base + "/_emulator/faults", data=json.dumps({"kind": kind, **more}), timeout=5
        )
        answer.raise_for_status()

    def admin(self, path: str) -> None:
        requests.post(self.base + "/_emulator/" + path, timeout=5).raise_for_status()

    def calls(self) -> list[dict]:
        return requests.get(self.base + "/_emulator/calls", timeout=5).json()["calls"]


def page_of_playlists(spotify: LocalSpotify, listener_id: str) -> list[str]:
    """Ids of the playlists that stand in a listener's library."""
    client = spotify.room.client(spotify.room.grants.access_token(listener_id))
    return [one["id"] for one in client.playlists()["items"]]


@pytest.fixture
def emulated(world, room_of, clock):
    """Starts emulators; all end with the test."""
    with ExitStack() as stack:

        def start(settings: EmulatorSettings | None = None, **changed) -> LocalSpotify:
            app = create_app(world, settings or EmulatorSettings(), clock=lambda: clock().timestamp())
            base = stack.enter_context(running(app))
            return LocalSpotify(base, room_of(base, **changed))

        yield start
