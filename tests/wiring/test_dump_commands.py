"""Open data: imported with a report, taken up after a kill, and removed again, on a real database."""

import json
import zipfile

import pytest

from matcher.domain.listening import Source
from matcher.ports import Account
from sources.dumps.listenbrainz import listener_id_of
from tests.sources.dumps.test_listenbrainz import folder, listen
from wiring.jobs import dumps


@pytest.fixture
def dump(tmp_path):
    """Ten listeners of eight artists each, and one of one artist."""
    rows = [
        listen(f"user {n}", f"2024-01-{1 + song:02d}T10:00:00", f"Artist {n % 2} {song}", f"Song {song}")
        for n in range(10)
        for song in range(8)
    ]
    rows.append(listen("secret-name", "2024-01-05T10:00:00", "Artist 0 1", "Song 1"))
    return folder(tmp_path / "dump", {"2024/1": rows, "2024/2": ["{broken"]})


def import_dump(earshot, dump, *more):
    return earshot("import", "--kind", "listenbrainz-dump", dump, *more)


def test_a_dry_run_reports_and_stores_nothing(app, earshot, dump):
    code, _, said = import_dump(earshot, dump, "--dry-run")
    assert code == 0, said
    for told in (
        "82 listens read",
        "left out: 1 malformed rows",
        "11 listeners, of whom 10 can be found",
        "100.0% is by the 16 artists that the model knows",
        "nothing was stored",
    ):
        assert told in said
    assert app.service.store.n_imported(Source.LISTENBRAINZ) == 0
    # the import goes on from what was sorted, and clears up
    assert import_dump(earshot, dump)[0] == 0
    assert app.service.store.n_imported(Source.LISTENBRAINZ) == 11
    assert list((app.settings.home / "imports").iterdir()) == []


def test_listeners_of_a_dump_can_be_found_and_removed(app, earshot, dump):
    code, _, said = import_dump(earshot, dump)
    assert code == 0, said
    assert "10 listeners can be found as matches" in said
    account = Account(f"listenbrainz:{listener_id_of('SECRET-name')}")
    assert app.service.owner_of(account) is not None
    with app.database.transaction() as connection:
        kept = connection.exec_driver_sql("SELECT account_key, alias FROM listeners").all()
    assert "secret" not in str(kept)
    # a person who signs in as one of them is a person
    app.service.connect_listener(account, Source.LISTENBRAINZ)
    assert "10 imported listeners are from listenbrainz" in earshot("remove", "--source", "listenbrainz")[2]
    assert "10 imported listeners" in earshot("remove", "--source", "listenbrainz", "--yes")[2]
    assert app.service.owner_of(account) is not None
    assert app.service.store.n_candidates(app.model_version()) == 0
    assert "0 imported listeners" in earshot("remove", "--source", "table")[2]


def test_an_import_goes_on_after_a_kill(app, earshot, dump, monkeypatch):
    monkeypatch.setattr(dumps, "_BUCKET_BYTES", 1)
    stored = app.service.store.add_candidates
    calls = []

    def die(*arguments):
        calls.append(arguments)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return stored(*arguments)

    monkeypatch.setattr(type(app.service.store), "add_candidates", lambda _, *arguments: die(*arguments))
    import_dump(earshot, dump)
    n_before = app.service.store.n_imported(Source.LISTENBRAINZ)
    assert 0 < n_before < 11
    assert import_dump(earshot, dump)[0] == 0
    assert app.service.store.n_imported(Source.LISTENBRAINZ) == 11


def test_the_dry_run_of_a_table_reports_too(app, earshot, files):
    code, _, said = earshot("import", files / "candidates.csv", "--dry-run")
    assert (code, "10 listeners, of whom 10 can be found" in said) == (0, True)
    assert app.service.store.n_imported(Source.TABLE) == 0


def test_an_export_of_listenbrainz_is_told_by_its_content(app, earshot, tmp_path):
    rows = [listen("me", f"2024-01-{1 + n:02d}T10:00:00", f"Artist 0 {n}", f"Song {n}") for n in range(8)]
    with zipfile.ZipFile(tmp_path / "mine.zip", "w") as archive:
        archive.writestr("user.json", '{"user_id": 7, "username": "me"}')
        archive.writestr("listens/2024/1.jsonl", "".join(json.dumps(row) + "\n" for row in [*rows, rows[0]]))
    code, _, said = earshot("import", tmp_path / "mine.zip", "--listener", "ann")
    assert (code, "1 listeners can be found" in said) == (0, True)
    listener_id = app.service.owner_of(Account("export:ann"))
    profile = app.service.store.profile(listener_id)
    assert profile.source is Source.LISTENBRAINZ
    assert profile.tracks == {f"artist 0 {n}|song {n}": 1 for n in range(8)}


def test_a_folder_of_another_kind_is_asked_wrongly(app, earshot, dump):
    code, _, said = earshot("import", dump)
    assert (code, "is a folder" in said) == (2, True)
