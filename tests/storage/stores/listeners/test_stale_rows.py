"""Whose row has to be packed anew."""

from dataclasses import replace

import pytest

from matcher.ports import Account
from matcher.scoring.packed_candidates import BARE, PackedProfile
from storage.stores.listeners.listeners import PostgresListenerStore
from storage.stores.listeners.stale_rows import count_stale, find_stale
from tests.storage.contracts.worlds import NOW, VERSION, aliases, candidates, random_units


@pytest.fixture
def add(database):
    store = PostgresListenerStore(database)

    def add_one(name, content):
        (one,) = candidates(random_units(1), name)
        packed = [replace(one, packed=PackedProfile(content))]
        store.add_candidates(packed, aliases(1), VERSION, NOW)
        return store.owner_of(Account(f"{name}:0"))

    return add_one


@pytest.mark.parametrize("content", [b"", b"EW0", b"EW01 of an older Earshot", bytes(80)])
def test_rows_of_another_layout_are_stale(add, database, content):
    add("now", BARE.content)
    older = add("older", content)
    assert find_stale(database, VERSION, 9) == [older]
    assert count_stale(database, VERSION) == 1


def test_listeners_without_a_row_under_the_model_are_stale(add, database):
    one = add("now", BARE.content)
    assert find_stale(database, "model-2", 9) == [one]
    assert count_stale(database, VERSION) == 0


def test_listeners_without_a_profile_are_not(database):
    PostgresListenerStore(database).connect(Account("spotify:me"), "spotify_api", "x", NOW)
    assert count_stale(database, VERSION) == 0


def test_ids_come_in_batches_by_rising_id(add, database):
    ids = sorted(add(f"t{n}", b"old") for n in range(5))
    assert find_stale(database, VERSION, 2) == ids[:2]
    assert find_stale(database, VERSION, 9, after=ids[1]) == ids[2:]
    assert find_stale(database, VERSION, 9, after=ids[-1]) == []
