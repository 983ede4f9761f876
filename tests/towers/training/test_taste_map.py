import json

import numpy as np
import pytest

from matcher.domain.vectors import TowerVectors
from matcher.scoring.taste_map import EDGE, LEAST_HEARERS
from tests.towers.conftest import N_COMMUNITIES
from towers.training.taste_map import (
    LISTENERS_PER_COMMUNITY,
    learn_map,
    name_communities,
    tags_of_communities,
)


class Scattered:
    """Embeds the listeners of the world around the corner of their community."""

    model_version, dim = "v1", 16

    def __init__(self, world):
        self.world = world

    def embed(self, profiles):
        rng = np.random.default_rng(0)
        rows = np.eye(16)[[self.world.community_of[one.listener_id] for one in profiles]]
        rows = rows + rng.normal(scale=0.05, size=rows.shape)
        rows = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
        return TowerVectors(rows, rows)


@pytest.fixture(scope="session")
def chart(world, profiles):
    return learn_map(Scattered(world), profiles, seed=0)


def test_communities_are_found_and_named_by_their_own_artists(chart):
    assert len(chart.communities) == N_COMMUNITIES
    told = [{name.split()[1] for name in one.names} for one in chart.communities]
    assert all(len(one) == 1 for one in told)
    assert len(set.union(*told)) == N_COMMUNITIES
    assert sum(one.share for one in chart.communities) == pytest.approx(1.0)


def test_listeners_lie_about_their_communitys_centre(chart, world, profiles):
    placed = chart.place(Scattered(world).embed(profiles).stored)
    assert (np.abs(placed) <= EDGE).all()
    assert np.percentile(np.abs(placed).max(axis=1), 98) == pytest.approx(1.0, abs=0.05)


def test_the_same_listeners_give_the_same_map(chart, world, profiles):
    again = learn_map(Scattered(world), profiles, seed=0)
    assert json.dumps(again.to_json()) == json.dumps(chart.to_json())


def test_too_few_listeners_have_no_map(world, profiles):
    assert learn_map(Scattered(world), profiles[: 3 * LISTENERS_PER_COMMUNITY - 1], seed=0) is None


def test_regions_are_named_by_tags_of_eight_listeners_or_more(chart, world, profiles):
    assert all(one.tags for one in chart.communities)
    labels = np.array([world.community_of[one.listener_id] for one in profiles])
    few = np.array([label if n < 7 else -1 for n, label in enumerate(labels - labels)])
    named = tags_of_communities(profiles, few)
    assert named[0] == (), "seven listeners name nothing"
    assert tags_of_communities(profiles[:7], few[:7])[0] == ()


def test_a_region_of_fewer_than_eight_listeners_is_not_on_the_map(world, profiles):
    lonely = {one.listener_id for one in profiles[:5]}

    class Apart(Scattered):
        def embed(self, profiles):
            made = super().embed(profiles)
            rows = made.user.copy()
            rows[[one.listener_id in lonely for one in profiles]] = -np.eye(16, dtype=np.float32)[15]
            return TowerVectors(rows, rows)

    found = learn_map(Apart(world), profiles, seed=0)
    assert all(one.share * len(profiles) >= LEAST_HEARERS for one in found.communities)


def test_an_artist_whom_few_hear_names_nothing(world, profiles):
    labels = np.array([world.community_of[one.listener_id] for one in profiles])
    few = name_communities(profiles[:8], labels[:8])
    assert all(names == () for names in few.values())
