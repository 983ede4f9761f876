"""A local Spotify for the wiring's tests."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import requests

from emulator.app import create_app
from emulator.server import running
from emulator.world import World, synthetic_world


@dataclass
class LocalSpotify:
    """Its address and world, and what it was asked."""

    base: str
    world: World

    def paths(self) -> list[str]:
        calls = requests.get(self.base + "/_emulator/calls", timeout=5).json()["calls"]
        return [one["path"] for one in calls]


@pytest.fixture(scope="session")
def small_world() -> World:
    return synthetic_world(12, 7, n_artists=120)


@pytest.fixture
def local_spotify(small_world: World) -> Iterator[LocalSpotify]:
    with running(create_app(small_world)) as base:
        yield LocalSpotify(base, small_world)
