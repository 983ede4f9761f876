"""Everything but the pages: the use cases over real HTTP to the local Spotify and a real PostgreSQL."""

import random
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, parse_qsl, urlsplit

import numpy as np
import pytest
import requests
from cryptography.fernet import Fernet

from emulator.server.app import EmulatorSettings, create_app
from emulator.server.running import running
from emulator.world import Playlist, Row, synthetic_world
from emulator.world.ids import base62_id
from matcher.domain.calibration import Calibration
from matcher.domain.vectors import TowerVectors
from matcher.matching.service import MatchingService
from matcher.pipeline import Pipeline
from matcher.ports import Grant
from matcher.scoring.audio_similarity import measure_scale
from matcher.scoring.overlap import ItemFrequencies
from matcher.scoring.ranker import Ranker
from matcher.taste.service import Tastes
from spotify_client.calls.grants import Grants
from spotify_client.library.fetch import SpotifyListeningSource
from spotify_client.settings import SpotifySettings
from spotify_client.signing_in.auth import SpotifyLogin
from storage.stores.listeners.listeners import PostgresListenerStore
from storage.stores.listeners.tastes import PostgresTasteStore
from storage.stores.music.attributes import PostgresAttributeStore
from storage.stores.music.cooldowns import PostgresCooldownStore
from storage.stores.music.readings import PostgresReadingStore
from storage.stores.signing_in.cipher import GrantCipher
from storage.stores.signing_in.grants import PostgresGrantStore
from tests.fakes.records import FakeMadePlaylistStore
from towers.serving.kmeans import SeededKMeans

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
SECRET = "s3cret-of-the-app"
RANKER = Ranker({"towers": 1.0, "artists": 0.2}, ItemFrequencies(10, {}), measure_scale([]))
ME, BIG = "syn-0001", "syn-0002"


class Clock:
    """A clock that moves when somebody sleeps by it, or moves it."""

    def __init__(self):
        self.now, self.slept = NOON, []

    def __call__(self):
        return self.now

    def sleep(self, wait_s):
        self.slept.append(wait_s)
        self.now += timedelta(seconds=wait_s)


class SmallEmbedder:
    """A tiny real embedder: artists by the length of their names."""

    model_version, dim = "v1", 8

    def embed(self, profiles):
        rows = np.full((len(profiles), self.dim), 0.01, np.float32)
        for row, profile in zip(rows, profiles, strict=True):
            for artist, plays in profile.artists.items():
                row[len(artist) % self.dim] += plays
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        return TowerVectors(rows, rows)


@dataclass
class Replica:
    """One process of Earshot; several may share a database, and do."""

    service: MatchingService
    login: SpotifyLogin
    grants: Grants
    source: SpotifyListeningSource
    readings: PostgresReadingStore

    def refresh(self, listener_id, told=None):
        report = (told if told is not None else []).append
        return self.service.refresh_listener(listener_id, self.source, report)


@dataclass
class Earshot:
    """A running local Spotify, the database, and replicas over both."""

    base: str
    clock: Clock
    replica: Replica
    another: object

    def sign_in(self, account=ME):
        """Go through the consent page as an account would; the listener's id and what they granted."""
        pending, address = self.replica.login.begin("browser")
        query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        form = query | {"listener_id": account}
        answer = requests.post(self.base + "/authorize", data=form, allow_redirects=False, timeout=60)
        back = dict(parse_qsl(urlsplit(answer.headers["location"]).query))
        grant = self.replica.login.finish(back["code"], pending)
        listener = self.replica.service.connect_listener(self.replica.login.account(grant))
        self.replica.grants.keep(listener.listener_id, grant)
        self.seen = (back["code"], pending, grant)
        return listener.listener_id

    def refresh(self, listener_id, told=None):
        return self.replica.refresh(listener_id, told)

    def kept(self, listener_id):
        """Everything that a failure must leave as it is."""
        store = self.replica.service.store
        vector = store.vectors([listener_id], SmallEmbedder.model_version).get(listener_id)
        return (
            store.profile(listener_id),
            None if vector is None else vector.tolist(),
            store.synced_at_utc(listener_id),
            self.replica.readings.load(listener_id),
        )

    def fault(self, kind, **more):
        body = {"kind": kind, **more}
        requests.post(self.base + "/_emulator/faults", json=body, timeout=60).raise_for_status()

    def admin(self, method, path, **body):
        answer = requests.request(method, self.base + "/_emulator/" + path, json=body, timeout=60)
        answer.raise_for_status()
        return answer.json()

    def calls(self, prefix="/v1/"):
        found = requests.get(self.base + "/_emulator/calls", timeout=60).json()["calls"]
        return [one["path"] for one in found if one["path"].startswith(prefix)]

    def forget_calls(self):
        self.admin("DELETE", "calls")


@pytest.fixture(scope="session")
def world():
    """A small synthetic world, one of whose listeners has 60 playlists of 100 tracks, and 2,000 saved."""
    made = synthetic_world(12, 7, n_artists=400)
    ids, big = list(made.tracks), made.listeners[BIG]
    playlists = tuple(
        Playlist(
            base62_id("big", n),
            f"mix {n}",
            BIG,
            tuple(Row(ids[(37 * n + k) % len(ids)], k) for k in range(100)),
        )
        for n in range(60)
    )
    saved = tuple(Row(ids[k % len(ids)], 1_780_000_000 - k) for k in range(2000))
    library = replace(big.library, playlists=playlists, saved=saved, followed_ids=())
    return replace(made, listeners={**made.listeners, BIG: replace(big, library=library)})


@pytest.fixture
def earshot(world, database):
    """Puts Earshot together over a local Spotify of these settings; all ends with the test."""
    key, clock = Fernet.generate_key(), Clock()
    with ExitStack() as stack:

        def start(settings=None, **changed) -> Earshot:
            app = create_app(world, settings or EmulatorSettings(), clock=lambda: clock().timestamp())
            base = stack.enter_context(running(app))
            found = SpotifySettings(
                client_id="earshot",
                client_secret=SECRET,
                redirect_uri="http://127.0.0.1:8501/callback",
                accounts_url=base,
                api_url=base + "/v1/",
                **{"timeout_s": 60, "concurrent_calls": 4, **changed},
            )

            def another() -> Replica:
                return _replica(database, key, found, clock)

            return Earshot(base, clock, another(), another)

        yield start


def _replica(database, key, found, clock):
    cooldowns, readings = PostgresCooldownStore(database), PostgresReadingStore(database)
    login = SpotifyLogin(found, clock, cooldowns, clock.sleep)
    grants = Grants(PostgresGrantStore(database, GrantCipher([key])), login, clock)
    model = Pipeline(SmallEmbedder(), RANKER, Calibration())
    service = MatchingService(
        store=PostgresListenerStore(database),
        model=lambda: model,
        attributes=PostgresAttributeStore(database),
        clock=clock,
        rng=random.Random(1),
        tastes=Tastes(PostgresTasteStore(database), lambda: model, SeededKMeans(), clock, least=1),
    )
    source = SpotifyListeningSource(
        grants, found, cooldowns, clock, readings, FakeMadePlaylistStore(), clock.sleep
    )
    return Replica(service, login, grants, source, readings)


def grant_of(earshot, listener_id) -> Grant | None:
    return earshot.replica.grants._store.load(listener_id)
