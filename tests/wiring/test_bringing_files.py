"""Files at the door, over a whole Application on PostgreSQL with a small model: from an upload to matches."""

import io
import json
import re
import socket
import time
import zipfile
from base64 import b64encode
from hashlib import sha256
from urllib.parse import urlsplit

import pytest
import requests

from matcher.domain.listening import Source
from matcher.errors import InputError, Stopped
from matcher.ports import Account
from tests.matcher.matching.test_service import FakeLibrary, listening
from tests.wiring.test_doors import KEY, opened
from ui.pages.doors.page import FILE_SCRIPT
from wiring.doors import forms
from wiring.signing_in.sessions import COOKIE
from wiring.syncs import SyncStatus

CROWD = {f"c{n}": [f"Artist {n % 2} {m}" for m in range(n % 3, 8)] for n in range(9)}


def history(artists, n_plays=3):
    """A listener's streaming history."""
    return json.dumps(
        [
            {
                "ts": f"2025-03-{1 + n % 28:02d}T{m % 24:02d}:{play:02d}:00Z",
                "ms_played": 200_000,
                "master_metadata_album_artist_name": artist,
                "master_metadata_track_name": f"Song {m}",
                "ip_addr": "192.0.2.7",
            }
            for n, artist in enumerate(artists)
            for m in range(4)
            for play in range(n_plays)
        ]
    ).encode()


def archive(artists, name="my_spotify_data/Streaming_History_Audio_2025_1.json"):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(name, history(artists))
        file.writestr("my_spotify_data/Userdata.json", '{"email": "ann@example.org"}')
    return packed.getvalue()


ARTISTS = [f"Artist 0 {n}" for n in range(6)]


def send(browser, *files):
    """Send files, each a name and content, with the form of the page."""
    return browser.browser.post(
        browser.base + "/file", files=[("file", one) for one in files], allow_redirects=False, timeout=30
    )


def ended(browser, listener_id=None):
    """The state of the reading once it has ended."""
    until_s = time.monotonic() + 60
    while time.monotonic() < until_s:
        state = browser.app.syncs.state(listener_id or browser.listener_id)
        if state.status is not SyncStatus.RUNNING:
            return state
        time.sleep(0.05)
    raise AssertionError("the reading does not end")


def left_on_disk(app):
    return [one for one in app.uploads.folder.rglob("*") if one.is_file()]


@pytest.fixture
def visitor(database, tmp_path, monkeypatch, files):
    with opened(database, tmp_path, monkeypatch, model=files / "model") as visits:
        crowd = [listening(key, *artists) for key, artists in CROWD.items()]
        visits().app.service.import_candidates(crowd, lambda one: Account(f"table:{one.listener_id}"))
        yield visits


def n_people(app):
    query = "SELECT count(*) FROM listeners WHERE signed_in_at_utc IS NOT NULL"
    with app.database.engine.connect() as connection:
        return connection.exec_driver_sql(query).scalar()


def test_an_upload_makes_an_account_with_matches_and_its_key_comes_back_elsewhere(visitor):
    here, elsewhere = visitor(), visitor()
    page = send(here, ("my_spotify_data.zip", archive(ARTISTS)))
    key = KEY.search(page.text)[1]
    state = ended(here)
    assert state.status is SyncStatus.DONE
    assert [step.done for name, step in state.steps.items() if name == "file"] == [100]
    found = here.app.service.find_matches(here.listener_id)
    assert found.evidence.n_artists == 6
    assert len(found.matches) == 9
    assert left_on_disk(here.app) == []
    elsewhere.post("/key", key=key)
    assert elsewhere.listener_id == here.listener_id
    me = here.app.service.listener(here.listener_id)
    assert (me.source, me.discoverable) == (Source.SPOTIFY_EXPORT, False)


def test_several_files_are_one_listener_s(visitor):
    browser = visitor()
    send(browser, ("a.json", history(ARTISTS[:3])), ("b.json", history(ARTISTS[3:])))
    ended(browser)
    assert browser.app.service.store.profile(browser.listener_id).evidence.n_artists == 6


def test_who_is_signed_in_replaces_their_music_and_gets_no_other_account(visitor):
    browser = visitor()
    send(browser, ("one.zip", archive(ARTISTS)))
    me = browser.listener_id
    ended(browser)
    answer = send(browser, ("two.zip", archive([f"Artist 1 {n}" for n in range(8)])))
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert ended(browser).changed
    assert browser.listener_id == me
    assert "artist 1 7" in browser.app.service.store.profile(me).artists
    assert n_people(browser.app) == 1


def test_a_file_stands_beside_what_was_read_from_spotify(visitor):
    browser = visitor()
    app = browser.app
    ada = app.service.connect_listener(Account("spotify:ada")).listener_id
    app.service.refresh_listener(ada, FakeLibrary("Low", "Can"))
    app.readings.save(ada, {"tracks": ["Low"]})
    browser.browser.cookies.set(COOKIE, app.sessions.begin(ada), domain="127.0.0.1")
    send(browser, ("one.zip", archive(ARTISTS)))
    assert ended(browser, ada).status is SyncStatus.DONE
    assert app.service.listener(ada).source is Source.SPOTIFY_API  # so that no model is trained on it
    assert app.readings.load(ada) is not None
    assert {"low", "can", "artist 0 0"} <= set(app.service.store.profile(ada).artists)
    assert {one.origin for one in app.tastes.sources(ada)} == {"spotify_api", "spotify_export"}
    assert app.recovery_keys.made_at_utc(ada) is None


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("people.csv", b"listener_id,artist_name\nann,Low\nbob,Can\n", "2 listeners"),
    ],
)
def test_what_cannot_be_read_is_one_sentence_and_is_deleted(visitor, name, content, told):
    browser = visitor()
    send(browser, (name, content))
    error = ended(browser).error
    assert isinstance(error, InputError)
    assert told in str(error)
    assert left_on_disk(browser.app) == []
    assert browser.app.service.store.profile(browser.listener_id) is None


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("cat.png", b"\x89PNG\r\n\x1a\n" + b"x" * 99, "an image"),
        ("a.json", b'[{"level": "info"}]', "No music in"),
        ("a.zip", b"PK\x03\x04" + bytes(99), "cannot be read"),
        ("a.csv", b"name,street\nann,here\n", "name, street"),
    ],
)
def test_what_is_no_music_is_one_sentence_and_makes_no_account(visitor, name, content, told):
    browser = visitor()
    answer = send(browser, (name, content))
    assert answer.status_code == 422
    assert told.lower() in answer.text.lower()
    assert "set-cookie" not in answer.headers
    assert n_people(browser.app) == 0
    assert left_on_disk(browser.app) == []


def test_the_page_with_the_form_allows_its_one_script_and_no_other(visitor):
    browser = visitor()
    digest = b64encode(sha256(FILE_SCRIPT.encode()).digest()).decode()
    for answer in (browser.get("/file"), send(browser, ("cat.png", b"\x89PNG\r\n\x1a\n"))):
        policy = answer.headers["content-security-policy"].split("; ")
        assert [one for one in policy if one.startswith("script-src")] == [f"script-src 'sha256-{digest}'"]
        assert "connect-src 'self'" in policy
        assert re.findall(r"<script.*?</script>", answer.text, re.DOTALL) == [
            f"<script>{FILE_SCRIPT}</script>"
        ]


def test_one_file_of_music_is_enough_beside_others(visitor):
    browser = visitor()
    assert send(browser, ("cat.png", b"\x89PNG"), ("one.zip", archive(ARTISTS))).status_code == 200
    assert n_people(browser.app) == 1


def test_who_is_signed_in_is_told_afterwards_what_is_no_music(visitor):
    browser = visitor()
    ada = browser.app.service.connect_listener(Account("spotify:ada")).listener_id
    browser.browser.cookies.set(COOKIE, browser.app.sessions.begin(ada), domain="127.0.0.1")
    assert send(browser, ("cat.png", b"\x89PNG\r\n\x1a\n" + b"x" * 99)).status_code == 303
    error = ended(browser, ada).error
    assert isinstance(error, InputError)
    assert "an image" in str(error)


def test_a_table_of_one_listener_is_a_file_of_their_own(visitor):
    browser = visitor()
    rows = "".join(f"me,{artist}\n" for artist in ARTISTS)
    send(browser, ("mine.csv", f"listener_id,artist_name\n{rows}".encode()))
    assert ended(browser).status is SyncStatus.DONE
    assert browser.app.service.listener(browser.listener_id).source is Source.FILE


def test_nobody_becomes_an_account_by_what_is_not_taken(visitor):
    browser = visitor()
    for sent, problem in (
        ({"files": [("file", ("", b""))]}, "NoFile"),
        ({"files": [("file", ("a.zip", b""))]}, "NoFile"),
        ({"data": {"file": "x"}}, "NoFile"),
        ({"data": b"--x", "headers": {"Content-Type": "multipart/form-data; boundary=y"}}, "UploadBroken"),
    ):
        answer = requests.post(browser.base + "/file", **sent, allow_redirects=False, timeout=60)
        assert answer.headers["location"] == f"/file?problem={problem}"
        assert "set-cookie" not in answer.headers
    assert n_people(browser.app) == 0
    assert left_on_disk(browser.app) == []


def test_the_problem_of_an_upload_stands_on_its_page(visitor):
    assert "larger, or more, than this Earshot takes" in visitor().get("/file?problem=FileTooLarge").text


def test_what_is_too_large_is_refused_before_it_is_kept(database, tmp_path, monkeypatch, files):
    with opened(database, tmp_path, monkeypatch, model=files / "model", upload_mb=1) as visits:
        answer = send(visits(), ("a.zip", b"PK\x03\x04" + bytes(1_000_001)))
        assert answer.headers["location"] == "/file?problem=FileTooLarge"
        assert left_on_disk(visits().app) == []


def test_one_address_cannot_upload_without_end(database, tmp_path, monkeypatch, files):
    with opened(database, tmp_path, monkeypatch, per_hour=2, model=files / "model") as visits:
        answers = [send(visits(), ("a.png", b"\x89PNG")) for _ in range(3)]
        assert [one.status_code for one in answers] == [422, 422, 303]
        assert answers[2].headers["location"] == "/file?problem=TooManyUploads"


def test_while_one_file_is_read_no_other_is_taken_and_stopping_deletes_it(visitor):
    browser = visitor()
    send(browser, ("large.json", history([f"Artist {n}" for n in range(20_000)])))
    assert send(browser, ("b.zip", archive(ARTISTS))).headers["location"] == "/file?problem=StillReading"
    browser.app.syncs.stop(browser.listener_id)
    assert isinstance(ended(browser).error, Stopped)
    assert left_on_disk(browser.app) == []


def test_a_library_is_not_read_again_at_once(database, tmp_path, monkeypatch, files):
    with opened(database, tmp_path, monkeypatch, model=files / "model", refresh_interval_s=600) as visits:
        browser = visits()
        send(browser, ("one.zip", archive(ARTISTS)))
        ended(browser)
        answer = send(browser, ("two.zip", archive(ARTISTS)))
        assert answer.headers["location"] == "/file?problem=RefreshTooSoon"


def test_erasure_takes_everything_that_came_by_a_file(visitor):
    browser = visitor()
    key = KEY.search(send(browser, ("one.zip", archive(ARTISTS))).text)[1]
    ended(browser)
    receipt = browser.app.people.erase(browser.listener_id)
    assert receipt.erased["recovery_keys"] == receipt.erased["profiles"] == receipt.erased["libraries"] == 1
    assert visitor().post("/key", key=key).headers["location"] == "/key?problem=KeyUnknown"


def test_one_person_by_file_and_by_spotify_is_never_their_own_match(visitor):
    one, other = visitor(), visitor()
    artists = [f"Own {n}" for n in range(30)]
    for browser in (one, other):
        send(browser, ("one.zip", archive(artists)))
        ended(browser)
        browser.app.people.choose_discoverable(browser.listener_id, True)
    for me, twin in ((one, other), (other, one)):
        found = me.app.service.find_matches(me.listener_id).matches
        assert twin.listener_id not in [match.listener.listener_id for match in found]


def test_no_music_and_no_name_of_a_file_is_in_the_log(visitor, caplog):
    caplog.set_level("DEBUG", logger="wiring")
    browser = visitor()
    send(browser, ("Zyzzogeton.zip", archive(["Zyzzogeton"])))
    ended(browser)
    send(browser, ("Zyzzogeton.png", b"\x89PNG"))
    ended(browser)
    assert "Zyzzogeton" not in caplog.text


def test_who_sends_nothing_holds_no_place(visitor, monkeypatch):
    monkeypatch.setattr(forms, "MOST_SILENT_S", 0.3)
    browser = visitor()
    host, port = urlsplit(browser.base).netloc.split(":")
    with socket.create_connection((host, int(port)), timeout=60) as line:
        head = f"POST /file HTTP/1.1\r\nHost: {host}:{port}\r\nOrigin: {browser.base}\r\n"
        kind = "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 5000\r\n\r\n"
        line.sendall((head + kind).encode())
        assert b"problem=UploadBroken" in line.recv(4096)
    assert not browser.app.uploads._open
