"""Counts before and after one victim comes, or goes: the crowd of the map, and what anybody may ask for."""

import json

import numpy as np
import pytest

from tests.privacy.advantage import MOST, advantage
from tests.privacy.town import N_COMMUNITIES, SEED, taste_of
from wiring.doors import web


@pytest.fixture
def newcomers(town):
    """The victims, read, and hidden as yet; and one who looks. Many others make a crowd."""
    rng = np.random.default_rng(SEED)
    town.bring_in([taste_of(rng, n % N_COMMUNITIES, 12) for n in range(300)])
    return town.join(town.others[0]), [town.join(taste, found=False) for taste in town.victims]


def _views(town, victims, look):
    """What is seen a day before and a day after each victim comes; then they go again."""
    pairs = []
    for key in victims:
        town.clock.wait()
        before = look()
        town.app.people.choose_discoverable(key, True)
        town.clock.wait()
        pairs.append((before, look()))
        town.app.people.choose_discoverable(key, False)
    return pairs


def test_nobody_is_seen_to_come_by_the_crowd_of_the_map(town, newcomers):
    me, victims = newcomers

    def drawn():
        return town.app.map_view.draw_for(me).crowd.tobytes()

    views = _views(town, victims, drawn)
    assert all(view for pair in views for view in pair), "without a crowd there is nothing to be told by"
    assert advantage(views) <= MOST


def test_nobody_is_seen_to_come_on_the_same_day(town, newcomers):
    me, victims = newcomers
    before = town.app.map_view.draw_for(me).crowd.tobytes()
    for key in victims:
        town.app.people.choose_discoverable(key, True)
    town.clock.wait(1 / 24)
    assert town.app.map_view.draw_for(me).crowd.tobytes() == before


def test_nobody_is_seen_to_come_by_what_anybody_may_ask_for(town, newcomers, monkeypatch):
    monkeypatch.setattr(web, "application", lambda: town.app)

    def told():
        return json.dumps(web._examine())  # all that /healthz says

    _, victims = newcomers
    assert advantage(_views(town, victims, told)) <= MOST
    assert json.loads(told())["model_version"] == town.app.model_version()
