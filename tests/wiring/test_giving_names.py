"""User names at the door, over local doubles of the services: to matches, and who may be found."""

import time
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from emulator.scrobbling.listenbrainz import token_of
from emulator.server.app import create_app
from emulator.server.running import running
from emulator.settings import LASTFM_KEY, LASTFM_SECRET
from emulator.world import synthetic_world
from matcher.domain.listening import Source
from matcher.errors import NotProven
from matcher.ports import Account
from tests.matcher.matching.test_service import listening
from tests.wiring.test_bringing_files import ARTISTS, CROWD, archive, ended, n_people, send
from tests.wiring.test_doors import KEY, opened
from ui.front import pages
from wiring.doors import names
from wiring.doors.names import name_routes
from wiring.syncs import SyncStatus

NAME, OTHER = "syn-0001", "syn-0002"


@pytest.fixture(scope="module")
def services():
    with running(create_app(synthetic_world(20))) as base:
        yield base


@pytest.fixture
def visitor(database, tmp_path, monkeypatch, files, services):
    settings = {
        "model": files / "model",
        "listenbrainz_url": services + "/listenbrainz",
        "lastfm_url": services + "/lastfm/2.0",
        "lastfm_api_key": LASTFM_KEY,
        "lastfm_secret": LASTFM_SECRET,
    }
    with opened(
        database, tmp_path, monkeypatch, more=lambda: name_routes(pages(True), 20), **settings
    ) as visits:
        crowd = [listening(key, *artists) for key, artists in CROWD.items()]
        visits().app.service.import_candidates(crowd, lambda one: Account(f"table:{one.listener_id}"))
        yield visits


def give(browser, service="listenbrainz", **form):
    """Send the form of the page, with a name or a token."""
    answer = browser.post("/name", service=service, **form)
    if browser.listener_id and answer.headers.get("location", "/") == "/":
        assert ended(browser).status is SyncStatus.DONE
    return answer


def sign_in_at_lastfm(browser, name=NAME):
    """Follow the link to the local Last.fm, and come back as `name`; the answer of our route."""
    there = browser.get("/lastfm").headers["location"]
    asked = {key: values[0] for key, values in parse_qs(urlsplit(there).query).items()}
    page = there.partition("?")[0]
    answer = requests.post(page, {**asked, "listener_id": name}, allow_redirects=False, timeout=60)
    back = urlsplit(answer.headers["location"])
    return browser.get(f"{back.path}?{back.query}")


def may_be_found(browser):
    return browser.app.people.choices(browser.listener_id).discoverable


@pytest.mark.parametrize(
    ("service", "source"), [("listenbrainz", Source.LISTENBRAINZ), ("lastfm", Source.LASTFM)]
)
def test_a_name_makes_an_account_with_matches_and_a_key(visitor, service, source):
    browser = visitor()
    page = give(browser, service, name=NAME)
    assert KEY.search(page.text)
    assert len(browser.app.service.find_matches(browser.listener_id).matches) == 9
    assert [one.origin for one in browser.app.tastes.sources(browser.listener_id)] == [str(source)]


@pytest.mark.parametrize("name", ["nobody", "", "a/b?c", "x" * 300])
def test_a_name_that_nobody_has_is_told_at_once_and_makes_no_account(visitor, name):
    browser = visitor()
    assert give(browser, name=name).headers["location"] == "/name?problem=UnknownName"
    assert n_people(browser.app) == 0
    assert "does not know the name" in browser.get("/name?problem=UnknownName").text


def test_somebody_without_plays_is_told_so_and_gets_no_account(visitor):
    browser = visitor()
    assert give(browser, name="syn-quiet").headers["location"] == "/name?problem=NoMusic"
    assert n_people(browser.app) == 0


def test_by_a_typed_name_one_can_look_but_not_be_found(visitor):
    browser = visitor()
    give(browser, name=NAME)
    with pytest.raises(NotProven):
        browser.app.people.choose_discoverable(browser.listener_id, True)
    assert not may_be_found(browser)


def test_nobody_agrees_to_training_on_music_of_a_typed_name(visitor):
    browser = visitor()
    give(browser, name=NAME)
    app, me = browser.app, browser.listener_id
    with pytest.raises(NotProven):
        app.people.choose_training(me, "listenbrainz", True)
    app.syncs.dismiss(me)
    give(browser, token=token_of(NAME))
    assert app.people.choose_training(me, "listenbrainz", True)
    give(browser, name=OTHER)
    assert app.people.training(me) == {"listenbrainz": False}


def test_by_a_token_one_may_be_found(visitor):
    browser = visitor()
    give(browser, token=token_of(NAME))
    assert browser.app.people.choose_discoverable(browser.listener_id, True)
    assert may_be_found(browser)


def test_by_a_sign_in_at_lastfm_one_may_be_found(visitor):
    browser = visitor()
    assert KEY.search(sign_in_at_lastfm(browser).text)
    assert ended(browser).status is SyncStatus.DONE
    assert browser.app.people.choose_discoverable(browser.listener_id, True)


def test_a_name_typed_later_hides_who_could_be_found(visitor):
    browser = visitor()
    send(browser, ("one.zip", archive(ARTISTS)))
    ended(browser)
    browser.app.people.choose_discoverable(browser.listener_id, True)
    give(browser, name=NAME)
    assert not may_be_found(browser)
    with pytest.raises(NotProven):
        browser.app.people.choose_discoverable(browser.listener_id, True)


def test_with_the_unproven_source_gone_one_may_be_found_again(visitor):
    browser = visitor()
    send(browser, ("one.zip", archive(ARTISTS)))
    ended(browser)
    give(browser, name=NAME)
    browser.app.remove_source(browser.listener_id, "listenbrainz")
    assert browser.app.people.choose_discoverable(browser.listener_id, True)
    artists = browser.app.service.store.profile(browser.listener_id).artists
    assert set(artists) == {name.casefold() for name in ARTISTS}


def test_ones_own_token_does_not_prove_the_name_of_another(visitor, monkeypatch):
    """The typed name's music stays until the token's own has taken its place."""
    browser = visitor()
    give(browser, name=OTHER)
    monkeypatch.setattr(
        type(browser.app.service), "refresh_listener", lambda *_: (_ for _ in ()).throw(NotProven("fails"))
    )
    browser.post("/name", service="listenbrainz", token=token_of(NAME))
    assert ended(browser).status is SyncStatus.FAILED
    with pytest.raises(NotProven):
        browser.app.people.choose_discoverable(browser.listener_id, True)


def test_a_typed_name_that_is_read_after_a_proof_is_not_proven_by_it(visitor):
    """Two servers can read for one listener at a time: the proof must not be lent to what ends last."""
    browser = visitor()
    give(browser, token=token_of(NAME))
    app, me = browser.app, browser.listener_id
    assert app.people.choose_discoverable(me, True)
    assert app.people.choose_training(me, "listenbrainz", True)
    app.service.refresh_listener(me, app.named_sources.named(Source.LISTENBRAINZ, OTHER, proven=False))
    assert not may_be_found(browser)
    assert app.people.training(me) == {"listenbrainz": False}
    with pytest.raises(NotProven):
        app.people.choose_discoverable(me, True)


def test_a_token_of_nobody_is_told(visitor):
    browser = visitor()
    assert give(browser, token="0" * 36).headers["location"] == "/name?problem=TokenRefused"


def test_a_link_from_elsewhere_adds_no_music_to_an_account(visitor):
    """Else an attacker's music could be put under a victim's account, and the other way round."""
    victim, attacker = visitor(), visitor()
    send(victim, ("one.zip", archive(ARTISTS)))
    ended(victim)
    there = attacker.get("/lastfm").headers["location"]
    asked = {key: values[0] for key, values in parse_qs(urlsplit(there).query).items()}
    sent = {**asked, "listener_id": NAME}
    answer = requests.post(there.partition("?")[0], sent, allow_redirects=False, timeout=60)
    back = urlsplit(answer.headers["location"])
    found = victim.get(f"{back.path}?{back.query}")
    assert found.headers["location"] == "/name?problem=StateMismatch"
    assert [one.origin for one in victim.app.tastes.sources(victim.listener_id)] == ["spotify_export"]


def test_the_name_stands_encrypted_and_only_its_owner_reads_it(visitor):
    browser = visitor()
    give(browser, name=NAME)
    with browser.app.database.engine.connect() as connection:
        (stored,) = connection.exec_driver_sql("SELECT ciphertext FROM service_names").one()
    assert NAME.encode() not in bytes(stored)
    assert f'"ciphertext": "{NAME}"' in browser.app.people.export(browser.listener_id)


def test_a_refresh_reads_the_name_again(visitor):
    browser = visitor()
    give(browser, name=NAME)
    before = browser.app.tastes.sources(browser.listener_id)[0].read_at_utc
    time.sleep(0.01)
    browser.app.syncs.dismiss(browser.listener_id)
    browser.app.syncs.start(browser.listener_id)
    assert ended(browser).status is SyncStatus.DONE
    assert browser.app.tastes.sources(browser.listener_id)[0].read_at_utc > before


def test_an_erasure_takes_the_name_along(visitor):
    browser = visitor()
    give(browser, name=NAME)
    receipt = browser.app.people.erase(browser.listener_id)
    assert receipt.erased["service_names"] == receipt.erased["sources"] == receipt.erased["libraries"] == 1


def test_names_cannot_be_tried_by_the_dozen(database, tmp_path, monkeypatch, files, services):
    monkeypatch.setattr(names, "Pace", lambda most, within: PaceOf(3))
    settings = {"model": files / "model", "listenbrainz_url": services + "/listenbrainz"}
    with opened(
        database, tmp_path, monkeypatch, more=lambda: name_routes(pages(True), 3), **settings
    ) as visits:
        answers = [give(visits(), name="nobody").headers["location"] for _ in range(4)]
    assert answers == ["/name?problem=UnknownName"] * 3 + ["/name?problem=TooManyNames"]


class PaceOf:
    """So many, whatever the clock says."""

    def __init__(self, most):
        self.left = most

    def allows(self, address):
        self.left -= 1
        return self.left >= 0
