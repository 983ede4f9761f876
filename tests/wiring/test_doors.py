"""Recovery keys at the door, over a whole Application on PostgreSQL: signing in, and new ones."""

import re
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import unquote

import pytest
import requests
from starlette.applications import Starlette

from emulator.server.running import running
from matcher.domain.listening import Source
from matcher.ports import Account
from ui.front import pages
from wiring.bootstrap import build
from wiring.doors import forms as doors
from wiring.doors.forms import door_routes
from wiring.settings import Settings
from wiring.signing_in import recovery_keys
from wiring.signing_in.recovery_keys import new_account
from wiring.signing_in.sessions import COOKIE, new_key_token

KEY = re.compile(r"<code>((?:[0-9A-Z]{4}-){8}[0-9A-Z]{4})</code>")


@dataclass
class Visitor:
    """A browser with its cookies on the doors of an Earshot."""

    base: str
    app: object
    browser: requests.Session = field(default_factory=requests.Session)

    def get(self, path):
        return self.browser.get(self.base + path, allow_redirects=False, timeout=60)

    def post(self, path, **form):
        return self.browser.post(self.base + path, data=form, allow_redirects=False, timeout=60)

    @property
    def session(self):
        return self.browser.cookies.get(COOKIE, "")

    @property
    def listener_id(self):
        return self.app.sessions.listener_of(self.session)

    def renew(self):
        """Press the button of the page that asks; the key that is then shown."""
        token = re.search(r'name="token" value="([^"]*)"', self.get("/new-key").text)[1]
        return KEY.search(self.post("/new-key", token=token).text)[1]


@contextmanager
def opened(database, home, monkeypatch, per_hour=20, more=list, **settings):
    """Opens browsers on the doors of an Earshot with these settings, and `more` routes."""
    url = database.engine.url.render_as_string(hide_password=False)
    app = build(Settings(home=home, database_url=url, _env_file=None, **settings))
    monkeypatch.setattr(doors, "application", lambda: app)
    with running(Starlette(routes=[*door_routes(pages(True), per_hour), *more()])) as base:
        yield lambda: Visitor(base, app)
    app.close()


@pytest.fixture
def visitor(database, tmp_path, monkeypatch):
    with opened(database, tmp_path, monkeypatch) as visits:
        yield visits


@pytest.fixture
def me(visitor):
    """The app, a listener with a recovery key, and that key."""
    app = visitor().app
    listener_id = app.service.connect_listener(new_account(), Source.SPOTIFY_EXPORT).listener_id
    return app, listener_id, app.recovery_keys.make(listener_id)


def test_a_key_signs_in_on_two_devices(visitor, me):
    _, listener_id, key = me
    one, other = visitor(), visitor()
    for browser in (one, other):
        answer = browser.post("/key", key=key.lower().replace("-", " "))
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert one.listener_id == other.listener_id == listener_id
    assert one.session != other.session


@pytest.mark.parametrize(
    ("typed", "problem"), [("", "KeyMistyped"), ("abcd", "KeyMistyped"), ("x" * 100_000, "KeyMistyped")]
)
def test_a_typing_error_signs_nobody_in_and_is_explained(visitor, me, typed, problem):
    browser = visitor()
    assert browser.post("/key", key=typed).headers["location"] == f"/key?problem={problem}"
    assert browser.listener_id is None


@pytest.mark.parametrize("body", [b"\xff\xfe", b"key=%FF", b"&" * 3000, b"", b"key[]=x", b"{}"])
def test_no_form_at_all_is_a_typing_error(visitor, me, body):
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = requests.post(visitor().base + "/key", body, headers=kind, allow_redirects=False, timeout=60)
    assert answer.headers["location"] == "/key?problem=KeyMistyped"


def test_signing_in_begins_a_session_of_its_own_and_ends_the_one_before(visitor, me):
    app, listener_id, key = me
    browser = visitor()
    planted = app.sessions.begin(listener_id)  # an attacker's, put into this browser
    answer = requests.post(
        browser.base + "/key", {"key": key}, cookies={COOKIE: planted}, allow_redirects=False, timeout=10
    )
    assert answer.cookies[COOKIE] != planted
    assert app.sessions.listener_of(answer.cookies[COOKIE]) == listener_id
    assert app.sessions.listener_of(planted) is None


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(visitor, me):
    cookie = visitor().post("/key", key=me[2]).headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie


def test_a_new_key_is_shown_once_and_the_old_one_stops_at_once(visitor, me):
    _, listener_id, old = me
    here, there, later = visitor(), visitor(), visitor()
    for browser in (here, there):
        browser.post("/key", key=old)
    new = here.renew()
    assert new != old
    assert here.listener_id == listener_id
    assert there.listener_id is None  # the old key may have been somebody else's too
    assert later.post("/key", key=old).headers["location"] == "/key?problem=KeyUnknown"
    later.post("/key", key=new)
    assert later.listener_id == listener_id


def test_the_key_can_be_kept_as_a_file_without_another_request(visitor, me):
    browser = visitor()
    browser.post("/key", key=me[2])
    token = new_key_token(browser.session)
    page = browser.post("/new-key", token=token)
    key = KEY.search(page.text)[1]
    file = re.search(r'href="(data:text/plain[^"]*)" download="earshot-recovery-key.txt"', page.text)[1]
    assert key in unquote(unescape(file))
    assert page.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in page.headers["content-security-policy"]


@pytest.mark.parametrize("token", ["", "forged", "\U0001f600"])
def test_without_the_page_s_token_no_key_is_made(visitor, me, token):
    browser = visitor()
    browser.post("/key", key=me[2])
    assert browser.post("/new-key", token=token).headers["location"] == "/"
    assert me[0].recovery_keys.listener_of(me[2]) == me[1]


def test_who_signs_in_by_a_service_or_not_at_all_has_no_key_to_renew(visitor, me):
    app, browser = me[0], visitor()
    assert browser.get("/new-key").headers["location"] == "/"
    ada = app.service.connect_listener(Account("spotify:ada")).listener_id
    browser.browser.cookies.set(COOKIE, app.sessions.begin(ada), domain="127.0.0.1")
    assert browser.get("/new-key").headers["location"] == "/"
    assert browser.post("/new-key", token=new_key_token(browser.session)).headers["location"] == "/"
    assert app.recovery_keys.made_at_utc(ada) is None


def test_erasure_ends_the_key(visitor, me):
    app, listener_id, key = me
    app.people.erase(listener_id)
    assert visitor().post("/key", key=key).headers["location"] == "/key?problem=KeyUnknown"


def test_neither_key_nor_hash_is_in_the_export_or_the_log(visitor, me, caplog):
    app, listener_id, key = me
    caplog.set_level("DEBUG")
    browser = visitor()
    browser.post("/key", key=key)
    browser.post("/key", key=key[:-1])
    new = browser.renew()
    told = app.people.export(listener_id)
    assert "a secret; not given out" in told
    hashes = [recovery_keys._hash(recovery_keys.read(one)) for one in (key, new)]
    assert not [one for one in (key, new, *hashes) if one in told or one in caplog.text]


def test_there_is_a_page_to_type_the_key_on(visitor):
    page = visitor().get("/key")
    assert 'action="/key"' in page.text
    assert '<meta name="referrer" content="same-origin">' in page.text  # else browsers hide where it is from
