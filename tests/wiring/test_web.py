"""The routes beside the pages, without a database: what they end, and for whom."""

from types import SimpleNamespace

import pytest
import requests
from starlette.applications import Starlette

from emulator.server import running
from spotify_client.settings import PLAYLIST_SCOPES
from tests.fakes.stores import FakeSessionStore
from tests.wiring.test_sessions import Clock
from wiring import web
from wiring.sessions import COOKIE, Sessions, export_token, sign_out_token


@pytest.fixture
def sessions():
    return Sessions(FakeSessionStore(), Clock())


@pytest.fixture
def browser(monkeypatch, sessions):
    monkeypatch.setattr(web, "application", lambda: SimpleNamespace(sessions=sessions))
    with running(Starlette(routes=web.ROUTES)) as base:
        yield base


def sign_out(browser, token, proof, **query):
    return requests.get(
        browser + "/logout",
        params={"token": proof, **query},
        cookies={COOKIE: token},
        allow_redirects=False,
        timeout=5,
    )


def test_signing_out_ends_this_browsers_session_alone(browser, sessions):
    here, there = sessions.begin("ada"), sessions.begin("ada")
    answer = sign_out(browser, here, sign_out_token(here))
    assert answer.headers["location"] == "/"
    assert [sessions.listener_of(one) for one in (here, there)] == [None, "ada"]


def test_signing_out_everywhere_ends_them_all(browser, sessions):
    here, there, other = sessions.begin("ada"), sessions.begin("ada"), sessions.begin("bob")
    sign_out(browser, here, sign_out_token(here), everywhere="1")
    assert [sessions.listener_of(one) for one in (here, there, other)] == [None, None, "bob"]


@pytest.mark.parametrize("query", [{}, {"everywhere": "1"}])
def test_a_link_from_elsewhere_ends_nothing(browser, sessions, query):
    here = sessions.begin("ada")
    sign_out(browser, here, "forged", **query)
    assert sessions.listener_of(here) == "ada"


class FakeLogin:
    """Remembers what was asked for beside the usual permissions."""

    def __init__(self):
        self.asked = []

    def begin(self, browser_secret_hash, more_scopes=()):
        self.asked.append(tuple(more_scopes))
        return "pending", "http://127.0.0.1:1/authorize"


@pytest.mark.parametrize(
    ("query", "more"), [({}, ()), ({"for": "playlist"}, PLAYLIST_SCOPES), ({"for": "everything"}, ())]
)
def test_a_log_in_asks_for_making_playlists_only_when_that_is_wanted(monkeypatch, query, more):
    login = FakeLogin()
    kept = SimpleNamespace(add=lambda pending: None)
    settings = SimpleNamespace(secure_cookies=False)
    app = SimpleNamespace(login=login, pending_logins=kept, settings=settings)
    monkeypatch.setattr(web, "application", lambda: app)
    with running(Starlette(routes=web.ROUTES)) as base:
        requests.get(base + "/login", params=query, allow_redirects=False, timeout=5)
    assert login.asked == [tuple(more)]


def ask_for_export(base, token, proof):
    return requests.get(
        base + "/export", params={"token": proof}, cookies={COOKIE: token}, allow_redirects=False, timeout=5
    )


@pytest.fixture
def exporting(monkeypatch, sessions):
    people = SimpleNamespace(export=lambda listener_id: f'{{"of": "{listener_id}"}}')
    monkeypatch.setattr(web, "application", lambda: SimpleNamespace(sessions=sessions, people=people))
    with running(Starlette(routes=web.ROUTES)) as base:
        yield base


def test_an_export_is_a_file_of_ones_own_and_kept_by_nobody(exporting, sessions):
    here = sessions.begin("ada")
    answer = ask_for_export(exporting, here, export_token(here))
    assert answer.json() == {"of": "ada"}
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("forge", [lambda _: "forged", sign_out_token, lambda _: ""])
def test_an_export_without_its_own_proof_leads_to_the_page(exporting, sessions, forge):
    here = sessions.begin("ada")
    answer = ask_for_export(exporting, here, forge(here))
    assert answer.status_code == 303


def test_an_export_for_a_session_that_has_ended_leads_to_the_page(exporting, sessions):
    here = sessions.begin("ada")
    sessions.end(here)
    assert ask_for_export(exporting, here, export_token(here)).status_code == 303


def test_what_is_kept_is_told_to_anybody_as_plain_text(browser):
    answer = requests.get(browser + "/kept", timeout=5)
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert "# What Earshot stores" in answer.text
