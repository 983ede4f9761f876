"""The commands that look after what is kept, on a real database."""

import json
import re
import zipfile
from datetime import UTC, datetime, timedelta

import pytest

from matcher.browsing.feedback import FeedbackAction
from matcher.domain.library import build_library
from matcher.domain.listening import Hearing, Listening, Part, Source
from matcher.errors import StorageUnreachable
from matcher.ports import Account
from matcher.taste.service import Tastes
from sources.attributes import read_pairs
from storage.stores.listeners.stale_rows import count_stale
from wiring.jobs import model_changes


def test_feedback_is_written_as_a_pairs_table_of_our_own_ids(app, earshot, tmp_path):
    ids = [app.service.connect_listener(Account(f"spotify:secret-{n}")).listener_id for n in range(2)]
    app.feedback.note(ids[0], ids[1], FeedbackAction.OPENED, "v1")
    app.feedback.note(ids[0], ids[1], FeedbackAction.CONNECTED, "v1")
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
    assert "serving" in row


def test_figures_of_the_model_in_service_are_shown(app, earshot):
    version = app.model_version()
    code, told, _ = earshot("models", "show")
    assert code == 0
    assert version in told
    assert re.search(r"training listeners\W+\d+", told)
    shares = [int(one) for one in re.findall(r"share of \w+ in what is shown\W+(\d+)%", told)]
    assert len(shares) == 5
    assert 97 <= sum(shares) <= 103


def test_a_model_is_shown_by_the_beginning_of_its_version(app, earshot):
    version = app.model_version()
    assert version in earshot("models", "show", version[:6])[1]


def test_a_model_that_is_not_here_is_asked_wrongly(app, earshot):
    app.model_version()
    code, _, said = earshot("models", "show", "zzzz")
    assert code == 2
    assert "0 models here begin with zzzz" in said


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


def rows_of(app):
    with app.database.transaction() as connection:
        query = "SELECT listener_id, weighed, rare_items, embedding, own_embedding FROM vectors ORDER BY 1"
        return connection.exec_driver_sql(query).all()


def age(app):
    """Make every row one of an older layout."""
    with app.database.transaction() as connection:
        connection.exec_driver_sql("UPDATE vectors SET weighed = 'EW00'")


@pytest.fixture
def candidates(app, files, earshot):
    assert earshot("import", files / "candidates.csv")[0] == 0
    return rows_of(app)


PLAYS = [
    {
        "ts": f"2020-01-{1 + n:02}T10:00:07Z",
        "ms_played": 200_000,
        "master_metadata_track_name": f"Song {n}",
        "master_metadata_album_artist_name": f"Artist 0 {n}",
        "spotify_track_uri": None,
        "ip_addr": "192.0.2.77",
        "username": "secret-user",
    }
    for n in range(12)
]


def export(path, rows=PLAYS):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("Mes données/Streaming_History_Audio_0.json", json.dumps(rows))
        archive.writestr("Mes données/Payments.json", "secret")
    return path


def kept(app):
    with app.database.transaction() as connection:
        query = "SELECT account_key, source, content::text FROM listeners JOIN profiles ON listener_id = id"
        return connection.exec_driver_sql(query).all()


@pytest.mark.parametrize("kind", [(), ("--kind", "auto"), ("--kind", "spotify-export")])
def test_an_export_is_imported_as_one_listener_however_often(app, earshot, tmp_path, kind):
    path = export(tmp_path / "my_data.bin")
    for _ in range(2):
        code, _, said = earshot("import", path, *kind)
        assert (code, "1 listeners can be found" in said) == (0, True)
    ((account_key, source, content),) = kept(app)
    assert (account_key.split(":")[0], source) == ("export", "spotify_export")
    assert "artist 0 7" in content.casefold()
    assert "secret" not in content + said
    assert "192.0.2.77" not in content + said


@pytest.mark.parametrize("kind", [(), ("--kind", "export")])
def test_files_of_other_services_are_imported_as_one_listener(app, earshot, tmp_path, kind):
    rows = "".join(f"{1577958007 + 600 * n},Artist 0 {n},Song {n},secret-device\n" for n in range(12))
    (tmp_path / "scrobbles.bin").write_text(f"uts,artist,track,device\n{rows}")
    code, _, said = earshot("import", tmp_path / "scrobbles.bin", *kind)
    assert (code, "1 listeners can be found" in said) == (0, True)
    ((account_key, source, content),) = kept(app)
    assert (account_key.split(":")[0], source) == ("export", "file")
    assert "artist 0 7" in content.casefold()
    assert "secret" not in content + said


def test_a_later_export_of_a_named_listener_replaces_the_one_before(app, earshot, tmp_path):
    assert earshot("import", export(tmp_path / "a.zip"), "--listener", "ann")[0] == 0
    assert earshot("import", export(tmp_path / "b.zip", PLAYS[:9]), "--listener", "ann")[0] == 0
    ((account_key, _, content),) = kept(app)
    assert account_key == "export:ann"
    assert "artist 0 11" not in content.casefold()


@pytest.mark.parametrize(
    "arguments",
    [
        ("half.zip",),
        ("a.zip", "half.zip"),
        ("a.zip", "table.csv"),
        ("a.zip", "--kind", "table"),
        ("table.csv", "--kind", "spotify-export"),
        ("table.csv", "--listener", "ann"),
    ],
)
def test_files_that_are_not_what_they_should_be_are_refused_and_nothing_is_written(
    app, earshot, tmp_path, arguments
):
    whole = export(tmp_path / "a.zip").read_bytes()
    (tmp_path / "half.zip").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "table.csv").write_text("listener_id,artist_name\na,Low\n")
    code, _, said = earshot("import", *arguments)
    assert (code, said.count("earshot: "), "Traceback" in said) == (2, 1, False)
    assert kept(app) == []


def test_training_takes_no_exports(app, earshot, tmp_path):
    path = export(tmp_path / "a.zip")
    code, _, said = earshot("train", "--listening", path, "--out", tmp_path / "model")
    assert (code, "ZIP archive" in said) == (2, True)


def test_rows_of_an_older_layout_are_packed_anew_as_an_import_would(app, earshot, candidates):
    age(app)
    code, _, said = earshot("reindex")
    assert (code, f"{len(candidates)} listeners packed anew" in said) == (0, True)
    assert rows_of(app) == candidates
    assert "0 listeners packed anew" in earshot("reindex")[2]


def test_listeners_with_too_little_music_to_be_found_are_packed_once(app, earshot):
    """They have no vector to be found by: that is not to look like an older row for ever."""
    small = Listening("small", Source.TABLE, (Hearing(Part.SAVED, "Only one"),))
    app.service.import_candidates([small], lambda one: Account(f"table:{one.listener_id}"))
    assert count_stale(app.database, app.model_version()) == 0
    age(app)
    assert "1 listeners packed anew" in earshot("reindex")[2]
    assert "0 listeners packed anew" in earshot("reindex")[2]


def test_a_reindex_that_was_interrupted_is_taken_up_again(app, earshot, candidates, monkeypatch):
    age(app)
    renew, done = Tastes.renew, []

    def stop_at_the_third(self, listener_id):
        if len(done) == 2:
            raise StorageUnreachable("down")
        done.append(listener_id)
        return renew(self, listener_id)

    monkeypatch.setattr(Tastes, "renew", stop_at_the_third)
    assert earshot("reindex")[0] == 1
    monkeypatch.undo()
    assert count_stale(app.database, app.model_version()) == len(candidates) - 2
    assert f"{len(candidates) - 2} listeners packed anew" in earshot("reindex")[2]
    assert rows_of(app) == candidates


def test_what_a_refresh_writes_meanwhile_stays(app, earshot, files, candidates, monkeypatch):
    age(app)
    find = model_changes.find_stale

    def refresh_after(database, version, n, after=""):
        found = find(database, version, n, after)
        if not after:
            heard = tuple(Hearing(Part.SAVED, f"Newer {k}", track_name="Song") for k in range(9))
            app.tastes.keep(found[0], build_library(Listening(found[0], Source.TABLE, heard)))
            refreshed.append((found[0], rows_of(app)))
        return found

    refreshed = []
    monkeypatch.setattr(model_changes, "find_stale", refresh_after)
    assert earshot("reindex")[0] == 0
    ((listener_id, rows),) = refreshed
    assert {str(row[0]): row for row in rows}[listener_id] in rows_of(app)


def test_listeners_who_are_erased_meanwhile_are_left_out(app, earshot, candidates, monkeypatch):
    age(app)
    find = model_changes.find_stale

    def erase_after(database, version, n, after=""):
        found = find(database, version, n, after)
        if not after:
            app.service.store.forget(found[0])
        return found

    monkeypatch.setattr(model_changes, "find_stale", erase_after)
    assert f"{len(candidates) - 1} listeners packed anew" in earshot("reindex")[2]


def test_the_doctor_and_the_log_name_the_cure_for_older_rows(app, earshot, candidates, caplog):
    model_changes.warn_of_stale_rows(app)
    assert caplog.text == ""
    assert "index: every listener can be ranked" in earshot("doctor")[2]
    age(app)
    model_changes.warn_of_stale_rows(app)
    assert f"{len(candidates)} listeners are packed for another layout or model" in caplog.text
    code, _, said = earshot("doctor")
    assert (code, "run `earshot reindex`" in said) == (1, True)
