"""The routes beside the pages, without a database: what they end, and for whom."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
import requests
from starlette.applications import Starlette

from emulator.server import running
from matcher.ports import PendingLogin
from spotify_client.settings import PLAYLIST_SCOPES
from tests.fakes.stores import FakePendingLoginStore, FakeSessionStore, FakeWaitingSignInStore
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

    def begin(self, browser_secret_hash, more_scopes=(), listener_id=""):
        self.asked.append(tuple(more_scopes))
        return "pending", "http://127.0.0.1:1/authorize"


@pytest.mark.parametrize(
    ("query", "more"), [({}, ()), ({"for": "playlist"}, PLAYLIST_SCOPES), ({"for": "everything"}, ())]
)
def test_a_log_in_asks_for_making_playlists_only_when_that_is_wanted(monkeypatch, query, more):
    login = FakeLogin()
    kept = SimpleNamespace(add=lambda pending: None)
    settings = SimpleNamespace(secure_cookies=False)
    sessions = SimpleNamespace(listener_of=lambda cookie: None)
    app = SimpleNamespace(login=login, pending_logins=kept, settings=settings, sessions=sessions)
    monkeypatch.setattr(web, "application", lambda: app)
    with running(Starlette(routes=web.ROUTES)) as base:
        requests.get(base + "/login", params=query, allow_redirects=False, timeout=5)
    assert login.asked == [tuple(more)]


OUTSIDE = (
    "https://evil.example/",
    "//evil.example/match",
    "/\\evil.example",
    "\\\\evil.example",
    "/%2F/evil.example",
    "/match/../../evil",
    "/match?listener=a\r\nSet-Cookie: a=b",
    "/match?next=https://evil.example",
    "javascript:alert(1)",
    "/login?for=playlist",
    "/logout",
    "match",
    " /match",
    "/m\u0430tch",
    "/match?" + "a" * 5000,
    "",
)


@pytest.mark.parametrize("wanted", OUTSIDE)
def test_whatever_is_no_page_of_ours_leads_to_the_first_page(wanted):
    assert web.own_page(wanted) == "/"


@pytest.mark.parametrize(
    "wanted", ["/", "/groups", "/groups?with=a-1,b-2", "/match?listener=0f-9&playlist=1"]
)
def test_a_page_of_ours_is_led_back_to(wanted):
    assert web.own_page(wanted) == wanted


class FakeTrip:
    """A trip to Spotify on which nothing goes wrong."""

    def begin(self, browser_hash, more_scopes=(), listener_id=""):
        self.pending = PendingLogin("state-1", "verifier", browser_hash, datetime.max.replace(tzinfo=UTC))
        return self.pending, "http://127.0.0.1:1/authorize"

    def finish(self, code, pending):
        return "grant"

    def usable(self, grant):
        return grant

    def account(self, grant):
        return "account"


@pytest.fixture
def travelling(monkeypatch, sessions):
    app = SimpleNamespace(
        login=FakeTrip(),
        pending_logins=FakePendingLoginStore(),
        waiting_sign_ins=FakeWaitingSignInStore(),
        settings=SimpleNamespace(secure_cookies=False),
        sessions=sessions,
        clock=Clock(),
        service=SimpleNamespace(connect_listener=lambda account: SimpleNamespace(listener_id="ada")),
        grants=SimpleNamespace(keep=lambda listener_id, grant: None),
        syncs=SimpleNamespace(dismiss=lambda listener_id: None),
    )
    monkeypatch.setattr(web, "application", lambda: app)
    with running(Starlette(routes=web.ROUTES)) as base:
        yield base


def travel(base, browser=None, answer="code=1", **query):
    """Where a whole trip ends."""
    browser = browser or requests.Session()
    browser.get(base + "/login", params=query, allow_redirects=False, timeout=5)
    end = browser.get(f"{base}/callback?state=state-1&{answer}", allow_redirects=False, timeout=5)
    return end.headers["location"]


def test_a_trip_ends_on_the_page_it_began_on(travelling):
    assert travel(travelling, back="/match?listener=a-1&playlist=1") == "/match?listener=a-1&playlist=1"
    assert travel(travelling) == "/"


def test_a_trip_that_was_declined_says_so_on_the_page_it_began_on(travelling):
    ended = travel(travelling, answer="error=access_denied", back="/groups?with=a-1")
    assert ended == "/groups?with=a-1&problem=AccessDenied"


@pytest.mark.parametrize("wanted", OUTSIDE)
def test_no_trip_ends_outside(travelling, wanted):
    assert travel(travelling, back=wanted) == "/"


def test_a_later_trip_does_not_end_where_an_earlier_one_would_have(travelling):
    browser = requests.Session()
    browser.get(travelling + "/login", params={"back": "/groups"}, allow_redirects=False, timeout=5)
    assert travel(travelling, browser) == "/"


def test_a_forged_cookie_leads_nowhere_else(travelling):
    browser = requests.Session()
    browser.cookies.set(web.BACK_COOKIE, "//evil.example", path="/callback")
    ended = browser.get(travelling + "/callback", allow_redirects=False, timeout=5)
    assert ended.headers["location"].startswith("/?problem=")


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
