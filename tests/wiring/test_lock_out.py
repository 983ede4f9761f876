"""While Spotify allows no calls: who is signed in stays in, and a new sign-in keeps its place."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
import requests

from spotify_client.settings import PLAYLIST_SCOPES
from wiring.doors.web import WAITING_COOKIE
from wiring.signing_in.sessions import hash_of

ANN, BOB = "syn-0001", "syn-0002"
PAUSE_S = 7200


def fault(browser, kind="quota", path="/v1/", **more):
    body = {"kind": kind, "path": path, "retry_after": PAUSE_S, **more}
    requests.post(browser.spotify + "/_emulator/faults", json=body, timeout=60).raise_for_status()


def end_the_pause(database):
    with database.transaction() as connection:
        connection.exec_driver_sql("DELETE FROM cooldowns")


def n_rows(database, table):
    with database.transaction() as connection:
        return connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar()


def secret_of(browser):
    return browser.cookies.cookies[WAITING_COOKIE].strip(chr(34)).partition(".")[0]


@pytest.fixture
def waiting(open_browser):
    """A browser whose place is kept: Ann agreed at Spotify, which then allowed no call."""
    browser = open_browser()
    fault(browser)
    ended = browser.travel(ANN, back="/groups?with=a-1")
    browser.until_s = int(re.fullmatch(r"/groups\?with=a-1&problem=SignInWaits&until=([0-9]+)", ended)[1])
    return browser


def test_a_new_sign_in_says_when_to_come_back_and_writes_nobody(waiting, database):
    assert abs(waiting.until_s - waiting.app.clock().timestamp() - PAUSE_S) < 60
    assert waiting.listener_id is None
    assert (n_rows(database, "listeners"), n_rows(database, "waiting_sign_ins")) == (0, 1)


def test_after_the_pause_one_press_brings_in_without_another_trip(waiting, database, local_spotify):
    end_the_pause(database)
    n_before = len(local_spotify.paths())
    assert waiting.get("/login") == "/groups?with=a-1"
    assert waiting.account == "spotify:syn-0001"
    assert local_spotify.paths()[n_before:] == ["/v1/me/"]
    assert n_rows(database, "waiting_sign_ins") == 0


def test_coming_back_too_early_calls_nobody_and_keeps_the_place(waiting, database, local_spotify):
    n_before = len(local_spotify.paths())
    for _ in range(3):
        assert waiting.get("/login").startswith("/groups?with=a-1&problem=SignInWaits&until=")
    assert len(local_spotify.paths()) == n_before
    end_the_pause(database)
    waiting.get("/login")
    assert waiting.account == "spotify:syn-0001"


def test_a_place_is_of_one_browser(waiting, open_browser, database):
    end_the_pause(database)
    assert open_browser().leave()["state"]


def test_a_place_can_be_given_up(waiting, database):
    end_the_pause(database)
    assert waiting.leave(anew="1")["state"]
    assert n_rows(database, "waiting_sign_ins") == 0


def test_a_place_is_kept_for_a_day_after_the_pause(waiting):
    until = waiting.app.clock() + timedelta(seconds=PAUSE_S, days=1)
    key = hash_of(secret_of(waiting))
    kept = waiting.app.waiting_sign_ins.take(key, until - timedelta(minutes=1))
    assert kept is not None
    waiting.app.waiting_sign_ins.keep(key, kept, until)
    assert waiting.app.waiting_sign_ins.take(key, until) is None


def test_an_access_token_that_ended_meanwhile_is_renewed(waiting, database, local_spotify):
    end_the_pause(database)
    key, now = hash_of(secret_of(waiting)), waiting.app.clock()
    kept = waiting.app.waiting_sign_ins.take(key, now)
    old = replace(kept, grant=replace(kept.grant, expires_at_utc=now))
    waiting.app.waiting_sign_ins.keep(key, old, now + timedelta(hours=1))
    waiting.get("/login")
    assert waiting.account == "spotify:syn-0001"
    assert local_spotify.paths().count("/api/token") == 2


def test_a_permission_that_was_withdrawn_meanwhile_begins_the_trip_anew(waiting, database):
    end_the_pause(database)
    requests.post(f"{waiting.spotify}/_emulator/listeners/{ANN}/revoke", timeout=60).raise_for_status()
    assert waiting.leave()["state"]


def test_a_spotify_that_breaks_down_at_the_last_step_costs_no_second_agreement(open_browser, local_spotify):
    browser = open_browser()
    fault(browser, "unavailable", times=2)
    assert browser.travel(ANN) == "/?problem=SpotifyUnreachable"
    assert browser.get("/login") == "/"
    assert browser.account == "spotify:syn-0001"
    assert local_spotify.paths().count("/authorize") == 1


# ---- who is signed in already ---------------------------------------------------------------------------


@pytest.fixture
def signed_in(open_browser):
    browser = open_browser()
    browser.travel(ANN)
    fault(browser)
    return browser


def test_who_is_signed_in_stays_in_and_is_told_until_when_nothing_is_read(signed_in):
    ended = signed_in.travel(ANN, **{"for": "playlist", "back": "/groups"})
    assert ended.startswith("/groups?problem=SignInWaits&until=")
    assert signed_in.account == "spotify:syn-0001"
    until = signed_in.app.spotify_rests_until()
    assert signed_in.app.next_refresh_at(signed_in.listener_id) == until
    assert abs(until - signed_in.app.clock() - timedelta(seconds=PAUSE_S)) < timedelta(minutes=1)


def test_a_permission_that_waited_is_there_after_the_pause(signed_in, database):
    signed_in.travel(ANN, **{"for": "playlist", "back": "/groups"})
    end_the_pause(database)
    assert signed_in.get("/login", **{"for": "playlist", "back": "/groups"}) == "/groups"
    assert signed_in.app.grants.scopes(signed_in.listener_id) >= set(PLAYLIST_SCOPES)


def test_what_waited_is_no_way_in_for_another_account(signed_in, database):
    signed_in.travel(BOB, **{"for": "playlist"})
    end_the_pause(database)
    assert signed_in.get("/login") == "/?problem=OtherAccount"
    assert signed_in.account == "spotify:syn-0001"


def test_what_waits_without_the_permission_that_is_wanted_now_is_not_enough(signed_in, database):
    signed_in.travel(ANN)
    end_the_pause(database)
    assert "playlist-modify-private" in signed_in.leave(**{"for": "playlist"})["scope"]
