"""A short soak; `python -m benchmarks.soak` is the long one."""

import pytest
from sqlalchemy import text

from benchmarks.small_model import MarkedLibrary
from benchmarks.soak import _left, _lost, _new_simulation, soak
from storage.server.database import Database


@pytest.mark.slow
def test_twenty_threads_at_once_lose_nothing_and_show_nobody_who_is_out_of_sight(database: Database):
    found = soak(database, seconds=5, n_threads=20, n_listeners=30)
    assert (found.failed, found.violations, found.lost, found.left) == ({}, [], [], {})
    assert found.n_shown > 0
    assert {"refresh", "look", "erase", "hide or show", "block or unblock"} <= set(found.done)


def test_a_refresh_that_was_lost_is_told(database: Database):
    simulation = _new_simulation(database)
    simulation.join()
    (listener,) = simulation.living
    assert _lost(simulation) == []
    simulation.service.refresh_listener(listener, MarkedLibrary(4711))
    assert _lost(simulation) == [listener]


def test_a_vector_that_is_not_its_profiles_is_told(database: Database):
    simulation = _new_simulation(database)
    simulation.join()
    simulation.join()
    with database.transaction() as connection:
        connection.execute(
            text("UPDATE vectors SET embedding = o.embedding FROM vectors o WHERE o.ctid > vectors.ctid")
        )
    assert len(_lost(simulation)) == 1


def test_a_row_of_somebody_erased_is_told(database: Database):
    simulation = _new_simulation(database)
    simulation.join()
    simulation.erased.add(simulation.living[0])
    assert set(_left(simulation, database)) >= {"profiles.listener_id", "vectors.listener_id"}
