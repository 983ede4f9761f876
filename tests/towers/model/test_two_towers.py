"""The two towers: one for who asks, one for who is found."""

import numpy as np
import pytest

from towers.config import TowerConfig
from towers.features.pooling import BAGS, N_BAGS
from towers.features.vocabulary import Field
from towers.model.backend import tf
from towers.model.two_towers import TwoTowers

ITEMS = BAGS.index((Field.ARTIST, Field.TRACK))


def shown(hide_part: float, parts: np.ndarray) -> np.ndarray:
    model = TwoTowers(None, TowerConfig(dim=4, table_dim=4, hide_part=hide_part))
    tf.random.set_seed(0)
    return model.shown(tf.constant(parts, tf.float32)).numpy()


@pytest.fixture
def parts() -> np.ndarray:
    return np.random.default_rng(0).normal(size=(500, N_BAGS + 1, 4)).astype(np.float32)


def test_the_candidate_tower_misses_a_share_of_what_is_no_item(parts):
    found = shown(0.5, parts)
    hidden = ~found.any(axis=2)
    assert not hidden[:, ITEMS].any()
    others = np.delete(hidden, ITEMS, axis=1)
    assert others.mean(axis=0) == pytest.approx(0.5, abs=0.1)
    np.testing.assert_array_equal(found[~hidden], parts[~hidden])


def test_nothing_is_hidden_of_who_has_no_items(parts):
    parts[:, ITEMS] = 0.0
    np.testing.assert_array_equal(shown(0.9, parts), parts)


def test_without_hiding_both_towers_get_the_same(parts):
    np.testing.assert_array_equal(shown(0.0, parts), parts)
