"""Switches of the screen “Privacy”, turned at the same moment in two tabs, on a real PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from itertools import combinations
from threading import Barrier
from types import SimpleNamespace

import pytest

from storage.server.database import Database
from tests.people_world import World, world_on
from ui.pages.privacy import actions

SWITCHES = ("artists", "tracks", "tags", "profile_link", "cards")
TURNS = {
    **{name: lambda visit, on, name=name: actions.share(visit, name, on) for name in SWITCHES},
    "discoverable": actions.choose_discoverable,
    "facet": lambda visit, on: actions.share_facet(visit, "saved", on),
}


@pytest.fixture
def world(database: Database) -> World:
    return world_on(database)


def stands_at(world: World, key: str, name: str) -> bool:
    choices = world.people.choices(key)
    if name == "facet":
        return "saved" not in choices.sharing.hidden_facets
    return choices.discoverable if name == "discoverable" else getattr(choices.sharing, name)


def test_of_switches_turned_at_the_same_moment_none_is_lost(world: World):
    me = world.join("ann", "Low")
    visit = SimpleNamespace(application=world, listener_id=me)
    lost = []
    with ThreadPoolExecutor(2) as pool:
        for one, other in [*combinations(TURNS, 2)] * 3:
            barrier = Barrier(2)
            wanted = {name: not stands_at(world, me, name) for name in (one, other)}

            def turn(name, wanted=wanted, barrier=barrier):
                barrier.wait()
                TURNS[name](visit, wanted[name])

            list(pool.map(turn, (one, other)))
            lost += [name for name in wanted if stands_at(world, me, name) is not wanted[name]]
    assert lost == []
