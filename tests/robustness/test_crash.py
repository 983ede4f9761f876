"""A few kills; `python -m benchmarks.crash` does many."""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from benchmarks.crash import crash, problems_in, small_earshot
from benchmarks.refresher import sign_in
from emulator.world import synthetic_world
from wiring.bootstrap import Application


@pytest.fixture(scope="module")
def app() -> Iterator[Application]:
    with (
        tempfile.TemporaryDirectory(prefix="earshot-") as folder,
        small_earshot(Path(folder), synthetic_world(12, 7, n_artists=120)) as found,
    ):
        yield found


@pytest.mark.slow
def test_what_was_acknowledged_survives_kills_and_everything_comes_up_by_itself(app: Application):
    found = crash(app, kills=1, server_kills=1)
    assert found.problems == []
    assert (found.kills, found.server_kills, len(found.up_s)) == (1, 1, 2)
    assert found.n_read > 0


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        ("UPDATE profiles SET digest = 'another'", "a profile is not what its digest says"),
        ("DELETE FROM vectors", "a profile has no vector of the model in service"),
        ("UPDATE vectors SET model_version = 'another'", "a profile has no vector of the model in service"),
        ("DELETE FROM profiles", "a vector has no profile"),
        ("DELETE FROM grants", "an acknowledged sign-in was lost"),
    ],
)
def test_what_is_kept_by_halves_is_told(app: Application, harm: str, told: str):
    listener = sign_in(app, "syn-0009")
    app.service.refresh_listener(listener, app.listening)
    assert list(problems_in(app, {listener})) == []
    restore = _harmed(app, harm)
    found = set(problems_in(app, {listener}))
    restore()
    assert told in found


def _harmed(app: Application, harm: str) -> Callable[[], None]:
    """Do harm to copies of the tables' rows; the value puts them back."""
    tables = ("profiles", "vectors", "grants")
    with app.database.upkeep() as connection:
        for table in tables:
            connection.execute(text(f"CREATE TABLE kept_{table} AS SELECT * FROM {table}"))
        connection.execute(text(harm))

    def restore() -> None:
        with app.database.upkeep() as connection:
            for table in tables:
                connection.execute(text(f"DELETE FROM {table}"))
                connection.execute(text(f"INSERT INTO {table} SELECT * FROM kept_{table}"))
                connection.execute(text(f"DROP TABLE kept_{table}"))

    return restore
