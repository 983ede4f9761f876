"""One small world and one running emulator for all tests of this room."""

import base64
import hashlib
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from emulator.server.app import EmulatorSettings, create_app
from emulator.server.running import running
from emulator.world import synthetic_world
from emulator.world.music import World

VERIFIER = "v" * 64
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
REDIRECT = "http://127.0.0.1:8501/callback"
ALL_SCOPES = (
    "user-top-read user-library-read user-follow-read playlist-read-private playlist-read-collaborative "
    "user-read-recently-played"
)


def asked(**changed: str) -> dict[str, str]:
    """The parameters of a sound request for authorization, with some changed; empty ones left out."""
    sound = {
        "client_id": "earshot",
        "response_type": "code",
        "redirect_uri": REDIRECT,
        "scope": ALL_SCOPES,
        "state": "the state",
        "code_challenge_method": "S256",
        "code_challenge": CHALLENGE,
    }
    return {name: value for name, value in (sound | changed).items() if value}


@dataclass
class Clock:
    """A clock that moves when told to."""

    now_s: float = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now_s


@dataclass
class Client:
    """A browser and an application in one, talking to a running emulator."""

    base: str
    http: httpx.Client
    clock: Clock = field(default_factory=Clock)
    asked = staticmethod(asked)

    def answer(self, listener_id: str = "syn-0001", **changed: str) -> dict[str, str]:
        """What the redirect after the listener's choice says."""
        reply = self.http.post("/authorize", data=asked(**changed) | {"listener_id": listener_id})
        assert reply.status_code == 302, reply.text
        return {
            name: values[0] for name, values in parse_qs(urlsplit(reply.headers["location"]).query).items()
        }

    def exchange(self, code: str, **changed: str) -> httpx.Response:
        """Sends a code to the token endpoint, as a public client with PKCE."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": REDIRECT,
            "client_id": "earshot",
            "code_verifier": VERIFIER,
        }
        return self.http.post("/api/token", data={k: v for k, v in (form | changed).items() if v})

    def refresh(self, token: str, **changed: str) -> httpx.Response:
        """Sends a refresh token to the token endpoint."""
        form = {"grant_type": "refresh_token", "refresh_token": token, "client_id": "earshot"}
        return self.http.post("/api/token", data=form | changed)

    def tokens(self, listener_id: str = "syn-0001", **changed: str) -> dict:
        """All tokens of a new login."""
        reply = self.exchange(self.answer(listener_id, **changed)["code"])
        assert reply.status_code == 200, reply.text
        return reply.json()

    def get(self, path: str, token: str, **params: object) -> httpx.Response:
        """A call to the Web API."""
        return self.http.get(path, params=params, headers={"Authorization": f"Bearer {token}"})

    def all_items(self, path: str, token: str, **params: object) -> list[dict]:
        """Every item of a paged list, by following ``next``."""
        page = self.get(path, token, **params).json()
        items = list(page["items"])
        while page["next"]:
            assert page["next"].startswith(self.base + "/v1/")
            page = self.http.get(page["next"], headers={"Authorization": f"Bearer {token}"}).json()
            items += page["items"]
        return items


@pytest.fixture(scope="session")
def world() -> World:
    return synthetic_world(40, 7, n_artists=240)


@pytest.fixture
def start(world):
    """Starts emulators over any world and settings; all end with the test."""
    from contextlib import ExitStack

    with ExitStack() as stack:

        def _start(settings: EmulatorSettings | None = None, over: World | None = None) -> Client:
            clock = Clock()
            app = create_app(over or world, settings or EmulatorSettings(), clock=clock)
            base = stack.enter_context(running(app))
            return Client(base, stack.enter_context(httpx.Client(base_url=base, trust_env=False)), clock)

        yield _start


@pytest.fixture(scope="session")
def shared(world):
    """An emulator for tests that change nothing in it."""
    clock = Clock()
    with (
        running(create_app(world, clock=clock)) as base,
        httpx.Client(base_url=base, trust_env=False) as http,
    ):
        yield Client(base, http, clock)


@pytest.fixture(scope="session")
def token(shared):
    return shared.tokens()["access_token"]
