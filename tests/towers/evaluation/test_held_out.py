from itertools import pairwise

import numpy as np
import pytest

from towers.evaluation.held_out import FRIENDS, HALVES, tuning_split
from towers.training.splits import ItemMetadata

NOBODY = ()


def ids(profiles):
    return {profile.listener_id for profile in profiles}


def asked_by(task):
    """Ids of the listeners a task scores."""
    seen = []

    def system(queries, candidates):
        seen.extend([*queries, *candidates])
        return np.eye(len(queries))

    task(system)
    return ids(seen)


def test_rivals_are_tuned_on_listeners_they_were_not_fitted_on(profiles):
    split = tuning_split(profiles, ItemMetadata(), NOBODY, 0, by_playlist=False)
    asked = asked_by(split.tasks[HALVES])
    assert len(asked) == 100
    assert asked <= ids(profiles)
    assert not asked & ids(split.fitted_on)


def test_by_playlist_no_item_entry_is_in_both_halves(profiles):
    halves = []

    def system(queries, candidates):
        halves.extend(zip(queries, candidates, strict=True))
        return np.eye(len(queries))

    tuning_split(profiles, ItemMetadata(), NOBODY, 0, by_playlist=True).tasks[HALVES](system)
    assert all(not first.facets.keys() & second.facets.keys() for first, second in halves)


def test_without_friends_there_is_no_task_of_friends(profiles):
    assert set(tuning_split(profiles, ItemMetadata(), NOBODY, 0, by_playlist=False).tasks) == {HALVES}


def test_friends_are_found_among_the_left_out(profiles):
    everybody = [one.listener_id for one in profiles]
    friends = list(pairwise(everybody))
    split = tuning_split(profiles, ItemMetadata(), friends, 0, by_playlist=False)
    assert not asked_by(split.tasks[FRIENDS]) & ids(split.fitted_on)
    assert split.tasks[FRIENDS](nearest_by_number) == 1.0


def nearest_by_number(queries, candidates):
    return -np.abs(np.subtract.outer(numbers(queries), numbers(candidates)))


def numbers(profiles):
    return [int(profile.listener_id.split("-")[1]) for profile in profiles]


@pytest.mark.parametrize("seed", [0, 1])
def test_a_seed_gives_the_same_split_twice(profiles, seed):
    first, second = (tuning_split(profiles, ItemMetadata(), NOBODY, seed, by_playlist=False) for _ in "ab")
    assert ids(first.fitted_on) == ids(second.fitted_on)
