"""What every `PositionStore` does."""

import numpy as np
import pytest

from matcher.domain.listening import Source
from matcher.ports import Account
from tests.fakes.product_way import save_profile
from tests.storage.contracts.worlds import NOW, VERSION, aliases, candidates, profile, random_units

AXES = random_units(2, seed=3)


def in_order(rows):
    return np.array(sorted(map(tuple, rows)))


class PositionStoreContract:
    """Run by subclasses, which give the fixtures `listeners`, `consent` and `store` over the same."""

    def test_everybody_who_may_be_found_has_their_products(self, listeners, store):
        vectors = random_units(6)
        listeners.add_candidates(candidates(vectors), aliases(6), VERSION, NOW)
        found = store.sample_products(AXES, VERSION, 10)
        np.testing.assert_allclose(in_order(found), in_order(vectors @ AXES.T), atol=1e-3)
        assert found.dtype == np.float32

    def test_who_is_hidden_has_none(self, listeners, store):
        me = listeners.connect(Account("spotify:me"), Source.TABLE, "x", NOW).listener_id
        save_profile(listeners, me, profile(), random_units(1)[0], VERSION, NOW)
        assert store.sample_products(AXES, VERSION, 10).shape == (0, 2)

    def test_who_has_paused_has_none(self, listeners, consent, store):
        rows = candidates(random_units(3))
        listeners.add_candidates(rows, aliases(3), VERSION, NOW)
        for one in rows[:2]:
            consent.set_paused(listeners.owner_of(one.account), True, NOW)
        (found,) = store.sample_products(AXES, VERSION, 10)
        np.testing.assert_allclose(found, rows[2].stored @ AXES.T, atol=1e-3)

    def test_other_versions_have_none(self, listeners, store):
        listeners.add_candidates(candidates(random_units(3)), aliases(3), "another", NOW)
        assert store.sample_products(AXES, VERSION, 10).shape == (0, 2)

    @pytest.mark.parametrize(("n", "expected"), [(-1, 0), (0, 0), (4, 4), (50, 9)])
    def test_no_more_than_were_asked_for(self, listeners, store, n, expected):
        listeners.add_candidates(candidates(random_units(9)), aliases(9), VERSION, NOW)
        assert store.sample_products(AXES, VERSION, n).shape == (expected, 2)

    def test_a_sample_stays_the_same(self, listeners, store):
        listeners.add_candidates(candidates(random_units(9)), aliases(9), VERSION, NOW)
        first, second = (store.sample_products(AXES, VERSION, 4) for _ in range(2))
        np.testing.assert_array_equal(first, second)

    def test_rows_are_of_who_may_be_found_alone(self, listeners, consent, store):
        rows = candidates(random_units(3))
        listeners.add_candidates(rows, aliases(3), VERSION, NOW)
        consent.set_paused(listeners.owner_of(rows[0].account), True, NOW)
        expected = sorted(one.packed.content for one in rows[1:])
        assert sorted(store.sample_rows(VERSION, 10)) == expected
        assert store.sample_rows("another", 10) == []

    @pytest.mark.parametrize(("n", "expected"), [(-1, 0), (0, 0), (4, 4), (50, 9)])
    def test_no_more_rows_than_were_asked_for(self, listeners, store, n, expected):
        listeners.add_candidates(candidates(random_units(9)), aliases(9), VERSION, NOW)
        assert len(store.sample_rows(VERSION, n)) == expected
