"""Picking artists at the door, over a whole Application on PostgreSQL with a small model."""

import logging
import re
from dataclasses import dataclass
from html import unescape

import numpy as np
import pytest
import requests
from starlette.applications import Starlette

from emulator.server.running import running
from matcher.domain.listening import Source
from matcher.picking.artists import FEWEST, MOST, PickableArtists
from matcher.ports import Account, silent
from tests.fakes.records import FakeModelRegistry
from tests.matcher.matching.test_service import FakeLibrary, listening
from tests.wiring.test_bringing_files import CROWD
from tests.wiring.test_doors import KEY, Visitor
from towers.serving.artefact import load_artefact, save_artefact
from towers.serving.bundle import with_picking
from ui.front import pages, signed_out
from ui.pages.doors import words
from wiring.bootstrap import build, now_utc
from wiring.doors import picked_artists
from wiring.doors.picked_artists import PickedArtists, pick_routes
from wiring.models import ModelInService, ModelShelf
from wiring.settings import Settings
from wiring.signing_in.sessions import COOKIE

NAMES = [f"Artist {n % 2} {n // 2}" for n in range(40)]
KEYS = [name.lower() for name in NAMES]
FIVE = [f"artist 0 {n}" for n in range(5)]


@dataclass
class Picker(Visitor):
    """A browser on the door."""

    def press(self, **form):
        return self.post("/pick", **form)

    def keys(self, answer, name):
        return [unescape(one) for one in re.findall(rf'name="{name}" value="([^"]*)"', answer.text)]


def artefact_with_artists(folder, to):
    counts = np.full(len(NAMES), 9)
    artists = PickableArtists(KEYS, NAMES, counts, np.array([30, 30]), np.full((2, len(NAMES)), 7))
    save_artefact(with_picking(load_artefact(folder), artists), to)
    return to


@pytest.fixture
def open_door(database, tmp_path, monkeypatch, files):
    """Opens browsers on the door of an Earshot with some listeners."""
    model = artefact_with_artists(files / "model", tmp_path / "model")
    url = database.engine.url.render_as_string(hide_password=False)
    config = Settings(home=tmp_path, database_url=url, model=model, refresh_interval_s=600, _env_file=None)
    app = build(config)
    monkeypatch.setattr(picked_artists, "application", lambda: app)
    crowd = [listening(key, *artists) for key, artists in CROWD.items()]
    app.service.import_candidates(crowd, lambda one: Account(f"table:{one.listener_id}"))
    with running(Starlette(routes=pick_routes(pages(True), 3))) as base:
        yield lambda: Picker(base, app)
    app.close()


def test_five_picks_are_an_account_with_matches_and_a_key(open_door):
    browser = open_door()
    key = KEY.search(browser.press(pick=FIVE, done="1").text)
    assert key
    me = browser.listener_id
    assert browser.app.recovery_keys.listener_of(key[1]) == me
    listener, profile = browser.app.service.listener(me), browser.app.service.store.profile(me)
    assert (listener.source, listener.discoverable) == (Source.PICKED, False)
    assert sorted(profile.artists.items()) == [(one, 1.0) for one in FIVE]
    assert len(browser.app.service.find_matches(me).matches) == 9


def test_four_picks_are_too_few_and_nobody_is_made(open_door):
    browser = open_door()
    answer = browser.press(pick=FIVE[:4], done="1")
    assert answer.status_code == 200
    assert words.pick_more(1) in answer.text
    assert browser.listener_id is None


def test_what_is_pressed_is_picked_and_what_is_pressed_again_is_not(open_door):
    browser = open_door()
    first = browser.get("/pick")
    shown = browser.keys(first, "shown")
    answer = browser.press(shown=shown, add=shown[0])
    assert browser.keys(answer, "pick") == [shown[0]]
    assert browser.keys(answer, "shown") == shown
    answer = browser.press(shown=shown, pick=shown[:2], drop=shown[0])
    assert browser.keys(answer, "pick") == [shown[1]]


def test_others_are_shown_and_those_of_before_are_remembered(open_door):
    browser = open_door()
    shown = browser.keys(browser.get("/pick"), "shown")
    answer = browser.press(shown=shown, more="1")
    assert browser.keys(answer, "seen") == shown
    assert not {*browser.keys(answer, "shown")} & {*shown}


def test_a_search_forgives_and_what_is_taken_of_it_asks_anew(open_door):
    browser = open_door()
    answer = browser.press(q="artsit 1 12", find="1")
    assert browser.keys(answer, "take")[0] == "artist 1 12"
    answer = browser.press(q="artsit 1 12", take="artist 1 12", shown=KEYS[:12])
    assert browser.keys(answer, "pick") == ["artist 1 12"]
    assert browser.keys(answer, "seen") == []
    assert 'value="artsit' not in answer.text


def test_who_is_no_artist_of_many_can_be_neither_found_nor_picked(open_door):
    browser = open_door()
    answer = browser.press(pick=[*FIVE[:4], "rare", "<b>", "\x00"], q="rare")
    assert browser.keys(answer, "pick") == FIVE[:4]
    assert words.PICK_NOTHING in unescape(answer.text)


def test_no_more_than_fifteen_are_picked(open_door):
    browser = open_door()
    answer = browser.press(pick=KEYS[: MOST + 5], shown=KEYS[MOST:])
    assert browser.keys(answer, "pick") == KEYS[:MOST]
    off = re.findall(r"<button[^>]*aria-pressed=\"false\"[^>]*>", answer.text)
    assert off
    assert all(" disabled" in one for one in off)


@pytest.mark.parametrize(
    "body", [b"\xff\xfe", b"pick=%FF", b"&" * 3000, b"", b"{}", b"pick=a&" * 400, b"q=" + b"x" * 70_000]
)
def test_whatever_is_sent_is_answered_with_the_page(open_door, body):
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = requests.post(open_door().base + "/pick", body, headers=kind, timeout=60)
    assert answer.status_code == 200
    assert words.PICK_TITLE in answer.text


def test_what_is_typed_is_no_markup(open_door):
    answer = open_door().press(q='"><script>alert(1)</script>')
    assert "<script>alert" not in answer.text


def test_the_script_gets_the_form_alone_and_the_page_allows_no_other_script(open_door):
    browser = open_door()
    whole, bare = browser.get("/pick"), browser.press(bare="1")
    assert "<html" not in bare.text
    assert 'data-part="grid"' in bare.text
    policy = whole.headers["content-security-policy"]
    scripts = next(one for one in policy.split("; ") if one.startswith("script-src")).split()[1:]
    assert len(scripts) == 1
    assert scripts[0].startswith("'sha256-")
    assert "script-src" not in bare.headers["content-security-policy"]
    for answer in (whole, bare):
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-frame-options"] == "DENY"


def test_who_picked_comes_back_to_their_picks_and_changes_them(open_door, monkeypatch):
    browser = open_door()
    browser.press(pick=FIVE, done="1")
    me, app = browser.listener_id, browser.app
    assert browser.keys(browser.get("/pick"), "pick") == FIVE
    again = browser.press(pick=[*FIVE, "artist 1 3"], done="1")
    assert again.headers["location"].startswith("/?problem=RefreshTooSoon")
    monkeypatch.setattr(type(app.pace), "check_sources", lambda *_: None)
    again = browser.press(pick=[*FIVE[1:], "artist 1 3"], done="1")
    assert (again.status_code, again.headers["location"]) == (303, "/")
    assert sorted(app.service.store.profile(me).artists) == [*FIVE[1:], "artist 1 3"]
    assert browser.listener_id == me


def test_picks_stand_beside_a_library_and_take_the_place_of_earlier_picks(open_door, monkeypatch):
    browser = open_door()
    app = browser.app
    ada = app.service.connect_listener(Account("spotify:ada")).listener_id
    app.service.refresh_listener(ada, FakeLibrary("Low", "Can"))
    browser.browser.cookies.set(COOKIE, app.sessions.begin(ada), domain="127.0.0.1")
    assert browser.keys(browser.get("/pick"), "pick") == []
    for picks in (
        FIVE,
        [*FIVE[1:], "artist 1 2"],
    ):  # at once, though the library was just read
        answer = browser.press(pick=picks, done="1")
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        assert sorted(app.service.store.profile(ada).artists) == sorted([*picks, "can", "low"])
        monkeypatch.setattr(type(app.pace), "check_sources", lambda *_: None)
    assert [one.origin for one in app.tastes.sources(ada)] == ["spotify_api", "picked"]


def test_only_so_many_accounts_are_made_within_an_hour(open_door):
    answers = [open_door().press(pick=FIVE, done="1") for _ in range(4)]
    assert [one.status_code for one in answers] == [200, 200, 200, 303]
    assert answers[-1].headers["location"] == "/?problem=TooManyPicks"


@pytest.fixture
def few_presses(monkeypatch):
    monkeypatch.setattr(picked_artists, "PRESSES_A_MINUTE", 3)


def test_only_so_many_presses_are_taken_within_a_minute(few_presses, open_door):
    answers = [open_door().press(bare="1") for _ in range(4)]
    assert [one.status_code for one in answers] == [200, 200, 200, 303]
    assert answers[-1].headers["location"] == "/?problem=TooManyPicks"


def test_without_artists_the_door_is_not_there(database, tmp_path, monkeypatch, files):
    url = database.engine.url.render_as_string(hide_password=False)
    app = build(Settings(home=tmp_path, database_url=url, model=files / "model", _env_file=None))
    app.models.pipeline()
    monkeypatch.setattr(picked_artists, "application", lambda: app)
    with running(Starlette(routes=pick_routes(pages(True), 3))) as base:
        answer = Picker(base, app).get("/pick")
    app.close()
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


def test_the_first_page_offers_the_door_where_the_model_has_artists(tmp_path, files):
    model = artefact_with_artists(files / "model", tmp_path / "model")
    shelf = ModelShelf(tmp_path / "models")
    assert ModelInService(model, FakeModelRegistry(), now_utc, shelf).has_picking()
    assert not ModelInService(tmp_path / "none", FakeModelRegistry(), now_utc, shelf).has_picking()
    assert 'href="/pick"' in signed_out(False, picks=True)
    assert 'href="/pick"' not in signed_out(False)


def test_what_is_picked_and_typed_is_in_no_log(open_door, caplog):
    caplog.set_level(logging.DEBUG)
    browser = open_door()
    browser.press(pick=FIVE[:2], q="artist 1 7")
    browser.press(pick=FIVE, done="1")
    told = " ".join(one.getMessage() for one in caplog.records if not one.name.startswith("urllib3"))
    assert "artist" not in told.lower().replace("picked_artists", "")


def test_picks_are_plays_of_artists_one_each(open_door):
    screen = open_door().app.models.pipeline().picker.screen(picked_artists.Picks(picked=FIVE))
    found = PickedArtists(screen.picked).fetch("me", silent)
    assert (found.listener_id, found.source) == ("me", Source.PICKED)
    assert [(one.artist_name.lower(), one.plays) for one in found.hearings] == [(one, 1.0) for one in FIVE]
    assert Source.PICKED.brought
    assert len(found.hearings) == FEWEST
