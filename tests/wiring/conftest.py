"""A local Spotify, and a small trained model with files to run the command line on."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pytest
import requests
from rich.console import Console
from starlette.applications import Starlette

from emulator.server.app import create_app
from emulator.server.running import running
from emulator.world import World, synthetic_world
from tests.wiring.trips import Browser
from towers.config import TowerConfig
from wiring.bootstrap import application, build, close_application
from wiring.cli import main
from wiring.doors import web
from wiring.jobs.training import train_model
from wiring.settings import Settings, settings


@dataclass
class LocalSpotify:
    """Its address and world, and what it was asked."""

    base: str
    world: World

    def paths(self) -> list[str]:
        calls = requests.get(self.base + "/_emulator/calls", timeout=60).json()["calls"]
        return [one["path"] for one in calls]


@pytest.fixture(scope="session")
def small_world() -> World:
    return synthetic_world(12, 7, n_artists=120)


@pytest.fixture
def local_spotify(small_world: World) -> Iterator[LocalSpotify]:
    with running(create_app(small_world)) as base:
        yield LocalSpotify(base, small_world)


@pytest.fixture
def open_browser(database, local_spotify, tmp_path, monkeypatch):
    """Opens browsers on the routes of a whole Application over PostgreSQL and the local Spotify."""
    url = database.engine.url.render_as_string(hide_password=False)
    config = Settings(home=tmp_path, database_url=url, emulator_url=local_spotify.base, _env_file=None)
    app = build(config)
    monkeypatch.setattr(web, "application", lambda: app)
    with running(Starlette(routes=web.ROUTES)) as base:
        yield lambda: Browser(base, local_spotify.base, app)
    app.close()


CONFIG = TowerConfig(dim=8, table_dim=8, epochs=1, min_steps=2, n_buckets=16, bag_width=32)
HEAD = "listener_id,artist_name,track_name,plays\n"


def table(path, ids, seed):
    """A listening table: everybody hears a dozen songs of one of two communities."""
    rng = np.random.default_rng(seed)
    rows = [
        f"{key},Artist {number % 2} {rng.integers(8)},Song {rng.integers(9)},{rng.integers(1, 9)}\n"
        for number, key in enumerate(ids)
        for _ in range(14)
    ]
    path.write_text(HEAD + "".join(rows))
    return path


@pytest.fixture(scope="session")
def files(tmp_path_factory):
    """A folder with a config, tables of who asks and who may be found (two of them the same), and a model."""
    home = tmp_path_factory.mktemp("files")
    (home / "config.json").write_text(CONFIG.to_json())
    table(home / "training.csv", [f"t{n}" for n in range(60)], 0)
    table(home / "queries.csv", ["zoe", "adam", "both1", "both2"], 1)
    table(home / "candidates.csv", ["both1", *(f"c{n}" for n in range(8)), "both2"], 2)
    quiet = Console(quiet=True)
    train_model([home / "training.csv"], home / "model", None, None, 3, home / "config.json", quiet)
    return home


@pytest.fixture
def earshot(monkeypatch, capsys):
    """Runs the command line here: exit code, what it printed, and what it said about errors."""

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["earshot", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        told = capsys.readouterr()
        return int(ended.value.code or 0), told.out, " ".join(told.err.split())

    return run


@pytest.fixture
def app(files, database, tmp_path, monkeypatch):
    """The application of this process, over the tests' own database and model."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("EARSHOT_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("EARSHOT_IDLE_DAYS", "45")
    monkeypatch.setenv("EARSHOT_MODEL", str(files / "model"))
    monkeypatch.setenv("EARSHOT_DATABASE_URL", database.engine.url.render_as_string(hide_password=False))
    settings.cache_clear()
    close_application()
    yield application()
    close_application()
    settings.cache_clear()


@pytest.fixture(scope="session")
def next_model(files, tmp_path_factory):
    """Another model than `files` has."""
    folder = tmp_path_factory.mktemp("next") / "model"
    config = folder.parent / "config.json"
    config.write_text(CONFIG.to_json())
    train_model([files / "training.csv"], folder, None, None, 4, config, Console(quiet=True))
    return folder
