"""Rivals: one list of behaviours that every one of them shows."""

import numpy as np
import pytest

from matcher.domain.listening import Source
from matcher.domain.profile import ListenerProfile
from towers.evaluation.rivals.bags import bag_of_items
from towers.evaluation.rivals.baselines import BASELINES, Baseline
from towers.metrics import recall_at, true_ranks


@pytest.fixture(params=sorted(BASELINES))
def rival(request, profiles) -> Baseline:
    found = BASELINES[request.param]()
    found.fit(profiles)
    return found


def test_scores_every_query_against_every_candidate(rival, profiles):
    scores = rival.score(profiles[:3], profiles[:5])
    assert scores.shape == (3, 5)
    assert np.isfinite(scores).all()


def test_copes_with_listeners_of_whom_nothing_is_known(rival, profiles):
    nobody = ListenerProfile("x", Source.TABLE)
    assert np.isfinite(rival.score([nobody], [nobody, profiles[0]])).all()


def test_copes_with_nobody_at_all(rival, profiles):
    assert rival.score(profiles[:2], []).shape == (2, 0)


def test_gives_the_same_scores_twice(rival, profiles):
    first, second = (rival.score(profiles[:4], profiles[:4]) for _ in range(2))
    np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize("name", ["als", "spectrum", "soft cosine", "user-kNN"])
def test_those_that_look_behind_items_find_halves_better_than_chance(name, world, held_out, profiles):
    rival = BASELINES[name]()
    rival.fit(profiles)
    pairs = [world.halves(one) for one in held_out]
    scores = rival.score([a for a, _ in pairs], [b for _, b in pairs])
    assert recall_at(true_ranks(scores), 10) > 0.15


def test_overlap_finds_nothing_where_halves_share_nothing(world, held_out, profiles):
    rival = BASELINES["tfidf"]()
    rival.fit(profiles)
    pairs = [world.halves(one) for one in held_out]
    assert not np.diag(rival.score([a for a, _ in pairs], [b for _, b in pairs])).any()


def test_overlap_finds_the_same_listener_again(profiles):
    rival = BASELINES["tfidf"]()
    rival.fit(profiles)
    assert recall_at(true_ranks(rival.score(profiles[:50], profiles[:50])), 1) == 1.0


def test_artists_count_only_where_no_track_is_known(profiles):
    assert all(key.startswith("t:") for key in bag_of_items(profiles[0]))
