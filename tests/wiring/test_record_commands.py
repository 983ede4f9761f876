"""The commands that look after what is kept, on a real database."""

from datetime import UTC, datetime, timedelta

import pytest

from matcher.browsing.feedback import Deed
from matcher.ports import Account
from sources.attributes import read_pairs
from wiring.bootstrap import application, close_application
from wiring.settings import settings


@pytest.fixture
def app(files, database, tmp_path, monkeypatch):
    """The application of this process, over the tests' own database and model."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("EARSHOT_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("EARSHOT_IDLE_DAYS", "45")
    monkeypatch.setenv("EARSHOT_MODEL", str(files / "model"))
    monkeypatch.setenv("EARSHOT_DATABASE_URL", database.engine.url.render_as_string(hide_password=False))
    settings.cache_clear()
    close_application()
    yield application()
    close_application()
    settings.cache_clear()


def test_feedback_is_written_as_a_pairs_table_of_our_own_ids(app, earshot, tmp_path):
    ids = [app.service.connect_listener(Account(f"spotify:secret-{n}")).listener_id for n in range(2)]
    app.feedback.note(ids[0], ids[1], Deed.OPENED, "v1")
    app.feedback.note(ids[0], ids[1], Deed.CONNECTED, "v1")
    assert earshot("feedback", "--out", tmp_path / "pairs.csv")[0] == 0
    (pair,) = read_pairs(tmp_path / "pairs.csv")
    assert (pair.listener_id, pair.friend_id, pair.score) == (*ids, 5.0)
    assert "secret" not in (tmp_path / "pairs.csv").read_text()


def test_a_feedback_table_of_another_kind_is_asked_wrongly(app, earshot, tmp_path):
    code, _, said = earshot("feedback", "--out", tmp_path / "pairs.txt")
    assert (code, "must end in .csv or .parquet" in said) == (2, True)


def test_models_that_serve_are_listed(app, earshot):
    version = app.model_version()
    code, told, _ = earshot("models", "list")
    assert code == 0
    (row,) = (line for line in told.splitlines() if version in line)
    assert "yes" in row


def test_a_purge_says_what_it_deleted(app, earshot):
    assert earshot("purge")[2] == "purged nothing"
    long_ago = datetime.now(UTC) - timedelta(days=100)
    app.service.store.connect(Account("spotify:me"), "spotify_api", "x", long_ago)
    assert earshot("purge")[2] == "purged nothing"
    with app.database.transaction() as connection:
        connection.exec_driver_sql("UPDATE listeners SET due_since_utc = due_since_utc - interval '25 hours'")
    code, _, said = earshot("purge")
    assert (code, said) == (0, "purged 1 of listeners")


def test_a_purge_of_more_than_a_tenth_of_all_people_wants_a_yes(app, earshot):
    long_ago = datetime.now(UTC) - timedelta(days=100)
    for n in range(3):
        app.service.store.connect(Account(f"spotify:{n}"), "spotify_api", "x", long_ago)
    earshot("purge")
    with app.database.transaction() as connection:
        connection.exec_driver_sql("UPDATE listeners SET due_since_utc = due_since_utc - interval '25 hours'")
    code, _, said = earshot("purge")
    assert (code, said.count("earshot: 3 people are due")) == (1, 1)
    assert earshot("purge", "--yes")[2] == "purged 3 of listeners"


def test_the_operator_says_how_long_is_idle(app):
    assert app.retention.times.idle == timedelta(days=45)
