"""The routes beside the pages, without a database: what they end, and for whom."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
import requests
from starlette.applications import Starlette

from emulator.server.running import running
from matcher.ports import PendingLogin
from spotify_client.settings import PLAYLIST_SCOPES
from tests.fakes.stores import FakePendingLoginStore, FakeSessionStore, FakeWaitingSignInStore
from tests.wiring.test_sessions import Clock
from wiring.doors import web
from wiring.signing_in.sessions import COOKIE, Sessions, export_token, sign_out_token

HTTP = SimpleNamespace(secure_cookies=False)


@pytest.fixture
def sessions():
    return Sessions(FakeSessionStore(), Clock())


@pytest.fixture
def browser(monkeypatch, sessions):
    app = SimpleNamespace(sessions=sessions, settings=HTTP)
    monkeypatch.setattr(web, "application", lambda: app)
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
        pending = PendingLogin("state", "verifier", browser_secret_hash, datetime.max.replace(tzinfo=UTC))
        return pending, "http://127.0.0.1:1/authorize"


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
        requests.get(base + "/login", params=query, allow_redirects=False, timeout=60)
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
    """Trips to Spotify on which nothing goes wrong: state-1, state-2 and so on."""

    def __init__(self):
        self.n_begun = 0

    def begin(self, browser_hash, more_scopes=(), listener_id=""):
        self.n_begun += 1
        state = f"state-{self.n_begun}"
        pending = PendingLogin(state, "verifier", browser_hash, datetime.max.replace(tzinfo=UTC))
        return pending, f"http://127.0.0.1:1/authorize?state={state}"

    def finish(self, code, pending):
        return "grant"

    def usable(self, grant):
        return grant

    def account(self, grant):
        return "account"


@pytest.fixture
def trip(sessions):
    """What the routes of signing in need of an application."""
    return SimpleNamespace(
        login=FakeTrip(),
        pending_logins=FakePendingLoginStore(),
        waiting_sign_ins=FakeWaitingSignInStore(),
        settings=SimpleNamespace(secure_cookies=False),
        sessions=sessions,
        has_spotify=lambda listener_id: True,
        clock=Clock(),
        service=SimpleNamespace(connect_listener=lambda account: SimpleNamespace(listener_id="ada")),
        grants=SimpleNamespace(keep=lambda listener_id, grant: None),
        syncs=SimpleNamespace(dismiss=lambda listener_id: None),
    )


@pytest.fixture
def travelling(monkeypatch, trip):
    monkeypatch.setattr(web, "application", lambda: trip)
    with running(Starlette(routes=web.ROUTES)) as base:
        yield base


def depart(base, browser, **query):
    """Begin a trip in a browser: its state."""
    away = browser.get(base + "/login", params=query, allow_redirects=False, timeout=60)
    return away.headers["location"].partition("state=")[2]


def come_back(base, browser, state, answer="code=1"):
    """Come back from a trip: the answer."""
    return browser.get(f"{base}/callback?state={state}&{answer}", allow_redirects=False, timeout=60)


def travel(base, browser=None, answer="code=1", **query):
    """Where a whole trip ends."""
    browser = browser or requests.Session()
    return come_back(base, browser, depart(base, browser, **query), answer).headers["location"]


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
    depart(travelling, browser, back="/groups")
    assert travel(travelling, browser) == "/"


def test_a_forged_cookie_leads_nowhere_else(travelling):
    browser = requests.Session()
    browser.cookies.set(web.back_cookie("state-9"), "//evil.example", path="/callback")
    assert come_back(travelling, browser, "state-9").headers["location"].startswith("/?problem=")


def test_two_sign_ins_in_two_tabs_of_one_browser_both_succeed_and_end_where_each_began(travelling, sessions):
    browser = requests.Session()
    one, other = depart(travelling, browser, back="/groups"), depart(travelling, browser, back="/taste")
    assert come_back(travelling, browser, one).headers["location"] == "/groups"
    first = browser.cookies[COOKIE]
    assert come_back(travelling, browser, other).headers["location"] == "/taste"
    assert sessions.listener_of(browser.cookies[COOKIE]) == "ada"
    assert sessions.listener_of(first) == "ada"


def test_who_signs_in_as_somebody_else_is_no_longer_who_they_were(travelling, trip, sessions):
    browser = requests.Session()
    travel(travelling, browser)
    first = browser.cookies[COOKIE]
    trip.service.connect_listener = lambda account: SimpleNamespace(listener_id="bob")
    travel(travelling, browser)
    assert sessions.listener_of(browser.cookies[COOKIE]) == "bob"
    assert sessions.listener_of(first) is None


def test_a_state_that_is_opened_in_another_browser_is_refused_and_not_used_up(travelling):
    browser, other = requests.Session(), requests.Session()
    state = depart(travelling, browser)
    depart(travelling, other)
    for stranger in (requests.Session(), other):
        assert come_back(travelling, stranger, state).headers["location"] == "/?problem=StateMismatch"
        assert COOKIE not in stranger.cookies
    assert come_back(travelling, browser, state).headers["location"] == "/"
    assert browser.cookies[COOKIE]


def test_a_state_is_used_once(travelling):
    browser = requests.Session()
    state = depart(travelling, browser)
    come_back(travelling, browser, state)
    assert come_back(travelling, browser, state).headers["location"] == "/?problem=StateMismatch"


def test_a_secret_that_no_browser_was_given_is_not_taken_on(travelling):
    planted = requests.Session()
    planted.cookies.set(web.LOGIN_COOKIE, "planted", path="/")
    planted.get(travelling + "/login", allow_redirects=False, timeout=60)
    assert {one.value for one in planted.cookies if one.name == web.LOGIN_COOKIE} != {"planted"}


def flags(response):
    """Each cookie that is set, by name, with its flags in small letters."""
    lines = [one for name, one in response.raw.headers.items() if name.lower() == "set-cookie"]
    return {one.partition("=")[0]: {flag.strip().lower() for flag in one.split(";")[1:]} for one in lines}


def test_over_https_every_cookie_is_of_this_host_alone(travelling, trip):
    trip.settings.secure_cookies = True
    away = requests.get(travelling + "/login", params={"back": "/taste"}, allow_redirects=False, timeout=60)
    cookies = {name: one.partition(";")[0] for name, one in _set(away).items()}
    state = away.headers["location"].partition("state=")[2]
    header = "; ".join(cookies.values())  # a browser sends them over https; requests would not over http
    back = requests.get(
        f"{travelling}/callback?state={state}&code=1",
        headers={"Cookie": header},
        allow_redirects=False,
        timeout=5,
    )
    assert back.headers["location"] == "/taste"
    found = flags(away) | flags(back)
    assert "__Host-earshot_session" in found
    assert len(found) == 3
    for name, one in found.items():
        assert name.startswith("__Host-")
        assert {"secure", "httponly", "path=/", "samesite=lax"} <= one
        assert not any(flag.startswith("domain") for flag in one)


def _set(response):
    lines = [one for name, one in response.raw.headers.items() if name.lower() == "set-cookie"]
    return {one.partition("=")[0]: one for one in lines}


def test_over_http_on_this_machine_cookies_have_plain_names(travelling):
    away = requests.get(travelling + "/login", allow_redirects=False, timeout=60)
    assert set(_set(away)) == {"earshot_login"}
    assert {"httponly", "samesite=lax"} <= flags(away)["earshot_login"]


def ask_for_export(base, token, proof):
    return requests.get(
        base + "/export", params={"token": proof}, cookies={COOKIE: token}, allow_redirects=False, timeout=5
    )


@pytest.fixture
def exporting(monkeypatch, sessions):
    people = SimpleNamespace(export=lambda listener_id: f'{{"of": "{listener_id}"}}')
    app = SimpleNamespace(sessions=sessions, people=people, settings=HTTP)
    monkeypatch.setattr(web, "application", lambda: app)
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
    answer = requests.get(browser + "/kept", timeout=60)
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert "# What Earshot stores" in answer.text
