"""Spotify is connected later to an account with a recovery key: a whole Application, the local Spotify."""

import re
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests

from matcher.domain.listening import Source
from matcher.errors import GrantRevoked
from tests.wiring.test_accounts import kept
from tests.wiring.test_bringing_files import ARTISTS, archive, ended, n_people, send
from tests.wiring.test_doors import KEY, Visitor, opened
from tests.wiring.trips import Browser
from ui.front import pages
from wiring.doors import web
from wiring.doors.spotify import spotify_routes
from wiring.signing_in.recovery_keys import new_account
from wiring.signing_in.sessions import COOKIE, connect_token, hash_of
from wiring.syncs import SyncStatus

ANN, BOB = "syn-0001", "syn-0002"
TAKEN, NOT_ADDED, ENDED = (
    f"/taste?problem={one}" for one in ("AccountTaken", "SpotifyNotAdded", "SessionEnded")
)


class Traveller(Visitor, Browser):
    """A browser on the doors of an Earshot, which can go to the local Spotify."""

    def __init__(self, base, app, spotify):
        Visitor.__init__(self, base, app)
        self.spotify, self.cookies = spotify, self.browser

    get = Browser.get
    listener_id = Visitor.listener_id

    def page(self, path):
        return Visitor.get(self, path)

    def come_by_file(self):
        """Bring a file; the recovery key of the new account."""
        key = KEY.search(send(self, ("a.zip", archive(ARTISTS))).text)[1]
        assert ended(self).status is SyncStatus.DONE
        return key

    def come_by_key(self):
        """An account with a recovery key and without music; the key."""
        me = self.app.service.connect_listener(new_account(), Source.FILE).listener_id
        key = self.app.recovery_keys.make(me)
        self.post("/key", key=key)
        return key

    def press_connect(self):
        """Press the button of the page that asks; what Spotify is asked."""
        token = re.search(r'name="token" value="([^"]*)"', self.page("/spotify").text)[1]
        there = self.post("/spotify", token=token).headers["location"]
        assert there.startswith(self.spotify + "/authorize?")
        return dict(parse_qsl(urlsplit(there).query))

    def connect(self, account=ANN):
        """Connect an account of the local Spotify; the page of ours where that ends."""
        where = self.agree(self.press_connect(), account)
        if where == "/":
            ended(self)
        return where

    def sources(self):
        return [one.origin for one in self.app.tastes.sources(self.listener_id)]


@pytest.fixture
def traveller(database, local_spotify, tmp_path, monkeypatch, files):
    def more():
        return [*spotify_routes(pages(True)), *web.ROUTES]

    settings = {"model": files / "model", "emulator_url": local_spotify.base}
    with opened(database, tmp_path, monkeypatch, more=more, **settings) as visits:
        one = visits()
        monkeypatch.setattr(web, "application", lambda: one.app)
        yield lambda: Traveller(one.base, one.app, local_spotify.base)


@pytest.fixture
def me(traveller):
    """A browser in which somebody with a recovery key, and without music, is signed in."""
    browser = traveller()
    browser.come_by_key()
    return browser


# ---- what comes of it -----------------------------------------------------------------------------------


def test_spotify_joins_what_is_there_and_signs_in_to_the_same_account(traveller):
    here, by_spotify, by_key = traveller(), traveller(), traveller()
    key = here.come_by_file()
    app, me = here.app, here.listener_id
    app.people.choose_discoverable(me, True)
    app.people.choose_training(me, "spotify_export", True)
    alias, before = app.service.listener(me).alias, app.service.store.profile(me)
    assert here.connect() == "/"
    assert app.syncs.state(me).status is SyncStatus.DONE
    assert here.listener_id == me
    assert sorted(here.sources()) == ["spotify_api", "spotify_export"]
    after = app.service.store.profile(me)
    assert set(before.artists) < set(after.artists)
    assert after.source is Source.SPOTIFY_API  # of which no model learns
    assert app.grants.is_kept(me)
    choices = app.people.choices(me)
    assert (choices.alias, choices.discoverable) == (alias, True)
    assert app.people.training(me) == {"spotify_export": True}

    assert by_spotify.travel(ANN) == "/"
    by_key.post("/key", key=key)
    assert by_spotify.listener_id == by_key.listener_id == me
    assert n_people(app) == 1
    ((libraries),) = list(app.training.agreed())
    assert [one.source for one in libraries.libraries] == [Source.SPOTIFY_EXPORT]


def test_nobody_sees_the_profile_link_before_it_is_switched_on(me):
    me.connect()
    choices = me.app.people.choices(me.listener_id)
    assert choices.profile_url
    assert not choices.sharing.profile_link


def test_the_page_says_where_its_form_leads_and_no_other_page_may(me):
    policy = me.page("/spotify").headers["content-security-policy"]
    (form,) = [one for one in policy.split("; ") if one.startswith("form-action")]
    assert form == f"form-action 'self' {me.spotify}"
    assert "form-action 'self';" in me.page("/key").headers["content-security-policy"] + ";"


def test_spotify_asks_with_which_account_before_it_leads_back(me):
    assert me.press_connect()["show_dialog"] == "true"


# ---- what changes nothing -------------------------------------------------------------------------------


def test_an_account_that_is_here_already_stays_another_listener_s(me, traveller, database):
    ann = traveller()
    ann.travel(ANN)
    asked, before = me.press_connect(), kept(me, database)
    assert me.agree(asked, ANN) == TAKEN
    assert kept(me, database) == before
    assert (me.account.partition(":")[0], ann.account) == ("key", f"spotify:{ANN}")


@pytest.mark.parametrize("answer", [{"error": "access_denied"}, {"error": "server_error"}, {}])
def test_who_declines_at_spotify_stays_signed_in_as_they_were(me, database, answer):
    asked, before = me.press_connect(), kept(me, database)
    assert me.get("/callback", state=asked["state"], **answer) == NOT_ADDED
    assert kept(me, database) == before
    assert me.listener_id is not None


def test_a_state_is_used_once(me):
    asked = me.press_connect()
    assert me.agree(asked, ANN) == "/"
    assert me.agree(asked, BOB).endswith("?problem=StateMismatch")
    assert me.account == f"spotify:{ANN}"


def test_a_state_of_another_browser_connects_nothing_to_nobody(me, traveller, database):
    """Neither somebody's Spotify to a victim, nor a victim's to somebody."""
    victim = traveller()
    victim.come_by_key()
    mine, theirs = me.press_connect(), victim.press_connect()
    before = kept(me, database)
    assert victim.agree(mine, BOB).endswith("?problem=StateMismatch")
    assert me.agree(theirs, ANN).endswith("?problem=StateMismatch")
    assert kept(me, database) == before


def sign_out(browser):
    path = browser.app.sign_out_path(browser.session)
    browser.get("/logout", token=path.partition("=")[2])


def test_a_session_that_ended_on_the_way_connects_nothing(me, database):
    asked, owner = me.press_connect(), me.listener_id
    sign_out(me)
    before = kept(me, database)
    assert me.agree(asked, ANN) == ENDED
    assert kept(me, database) == before
    assert me.listener_id is None
    assert not me.app.has_spotify(owner)


def test_who_signs_in_on_the_way_gets_nobody_else_s_spotify(me, database):
    asked, owner = me.press_connect(), me.listener_id
    sign_out(me)
    me.come_by_key()
    before = kept(me, database)
    assert me.agree(asked, ANN) == ENDED
    assert kept(me, database) == before
    assert me.listener_id != owner


def test_a_sign_in_that_was_begun_signed_out_connects_nothing(traveller):
    browser = traveller()
    asked = browser.leave()
    browser.come_by_key()
    owner = browser.listener_id
    browser.agree(asked, ANN)
    assert browser.account == f"spotify:{ANN}"
    assert browser.listener_id != owner
    assert not browser.app.has_spotify(owner)


def test_a_link_leads_to_the_question_and_not_to_spotify(me, database):
    assert me.get("/login") == "/spotify"
    assert me.get("/login", **{"for": "playlist", "back": "/groups"}) == "/spotify"
    with database.transaction() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM pending_logins").scalar() == 0


@pytest.mark.parametrize("forge", [lambda _: "", lambda _: "forged", lambda _: "\U0001f600", connect_token])
def test_without_the_token_of_this_session_nothing_begins(me, traveller, forge):
    other = traveller()
    other.come_by_key()
    assert me.post("/spotify", token=forge(other.session)).headers["location"] == "/"


def test_nobody_and_who_has_spotify_have_nothing_to_connect(me, traveller):
    nobody, ann = traveller(), traveller()
    ann.travel(BOB)
    me.connect()
    for browser in (nobody, ann, me):
        assert browser.get("/spotify") == "/"
        assert browser.post("/spotify", token=connect_token(browser.session)).headers["location"] == "/"


def test_where_spotify_is_no_door_there_is_nothing_to_connect(me):
    object.__setattr__(me.app, "settings", me.app.settings.model_copy(update={"spotify": False}))
    assert me.get("/spotify") == "/"


def test_who_is_erased_on_the_way_does_not_come_back(me):
    asked = me.press_connect()
    me.app.people.erase(me.listener_id)
    assert me.agree(asked, ANN).endswith("?problem=StateMismatch")
    assert n_people(me.app) == 0


def test_of_two_accounts_in_two_tabs_the_first_is_connected(me):
    one, other = me.press_connect(), me.press_connect()
    assert me.agree(one, ANN) == "/"
    assert me.agree(other, BOB) == "/taste?problem=OtherAccount"
    assert me.account == f"spotify:{ANN}"


def test_a_block_of_the_erased_account_is_in_force_once_it_is_connected(me, traveller):
    ann, bob = traveller(), traveller()
    ann.travel(ANN)
    bob.come_by_file()
    people = me.app.people
    me.app.service.refresh_listener(ann.listener_id, me.app.listening)
    people.choose_discoverable(ann.listener_id, True)
    people.block(bob.listener_id, ann.listener_id)
    people.erase(ann.listener_id)
    assert people.blocked(bob.listener_id) == []
    me.connect()
    mine = me.app.service.listener(me.listener_id)
    assert [one.alias for one in people.blocked(bob.listener_id)] == [mine.alias]


# ---- while Spotify allows no calls ----------------------------------------------------------------------


def pause(browser):
    body = {"kind": "quota", "path": "/v1/", "retry_after": 7200}
    requests.post(browser.spotify + "/_emulator/faults", json=body, timeout=60).raise_for_status()


def end_the_pause(database):
    with database.transaction() as connection:
        connection.exec_driver_sql("DELETE FROM cooldowns")


def test_after_a_pause_one_press_connects_it(me, database):
    owner = me.listener_id
    pause(me)
    assert me.agree(me.press_connect(), ANN).startswith("/taste?problem=SignInWaits&until=")
    assert not me.app.has_spotify(owner)
    end_the_pause(database)
    assert me.get("/login") == "/"
    assert (me.listener_id, me.account) == (owner, f"spotify:{ANN}")


def test_what_waits_for_a_session_that_has_ended_is_not_connected(me, database):
    owner = me.listener_id
    pause(me)
    me.agree(me.press_connect(), ANN)
    sign_out(me)
    end_the_pause(database)
    assert me.leave()["state"]  # a sign-in from the beginning
    assert not me.app.has_spotify(owner)


def test_what_is_read_when_spotify_is_connected_is_not_lost(me):
    owner, syncs = me.listener_id, me.app.syncs
    asked = me.press_connect()
    assert syncs._begin(owner)
    assert me.agree(asked, ANN) == "/taste?problem=StillReading"
    assert me.app.has_spotify(owner)
    assert syncs.state(owner).status is SyncStatus.RUNNING


# ---- the way back ---------------------------------------------------------------------------------------


def test_disconnecting_leaves_the_account_to_its_key(traveller, database):
    here, elsewhere, by_key = traveller(), traveller(), traveller()
    key = here.come_by_file()
    app, me, before = here.app, here.listener_id, here.app.service.store.profile(here.listener_id)
    here.connect()
    change = app.remove_source(me, "spotify_api")
    assert change.changed
    assert here.sources() == ["spotify_export"]
    assert set(app.service.store.profile(me).artists) == set(before.artists)
    assert app.service.store.profile(me).source is Source.SPOTIFY_EXPORT
    with pytest.raises(GrantRevoked):
        app.grants.access_token(me)
    assert (app.has_spotify(me), app.has_key(me), app.readings.load(me)) == (False, True, None)
    assert here.listener_id == me
    by_key.post("/key", key=key)
    assert by_key.listener_id == me
    assert elsewhere.travel(ANN) == "/"
    assert elsewhere.listener_id != me  # as anybody who comes with Spotify
    assert here.connect() == TAKEN


def test_the_button_of_privacy_disconnects_where_there_is_no_other_music(me):
    me.connect()
    app, owner = me.app, me.listener_id
    app.disconnect_spotify(owner)
    assert (app.has_spotify(owner), app.grants.is_kept(owner), app.readings.load(owner)) == (
        False,
        False,
        None,
    )
    assert app.service.store.profile(owner) is not None
    app.disconnect_spotify(owner)  # once more changes nothing
    assert me.connect(BOB) == "/"


def test_who_signs_in_with_spotify_alone_keeps_that_when_disconnecting(traveller):
    ann = traveller()
    ann.travel(ANN)
    ann.app.disconnect_spotify(ann.listener_id)
    assert ann.account == f"spotify:{ANN}"


def test_a_new_key_leaves_spotify_connected_and_ends_other_sessions(me, traveller):
    key = me.app.recovery_keys.make(me.listener_id)
    other = traveller()
    other.post("/key", key=key)
    me.connect()
    token = re.search(r'name="token" value="([^"]*)"', me.page("/new-key").text)[1]
    assert KEY.search(me.post("/new-key", token=token).text)
    assert other.listener_id is None
    assert me.account == f"spotify:{ANN}"


def test_erasure_takes_the_connection_and_tells_what_is_kept(me, traveller):
    me.connect()
    app, owner = me.app, me.listener_id
    receipt = app.people.erase(owner)
    assert receipt.kept_until_utc is not None
    assert {name: receipt.erased[name] for name in ("listeners", "grants", "recovery_keys")} == {
        "listeners": 1,
        "grants": 1,
        "recovery_keys": 1,
    }
    ann = traveller()
    ann.travel(ANN)
    assert ann.listener_id not in (None, owner)


def test_the_file_of_one_s_data_names_the_connection_and_no_token(me, caplog):
    caplog.set_level("DEBUG")
    me.connect()
    told = me.app.people.export(me.listener_id)
    token = me.app.grants.access_token(me.listener_id)
    assert f'"spotify:{ANN}"' in told
    assert token not in told
    assert not [one for one in (token, hash_of(me.browser.cookies[COOKIE]), ANN) if one in caplog.text]
