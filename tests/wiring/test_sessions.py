import base64
import re
from datetime import UTC, datetime, timedelta

from tests.fakes.stores import FakeSessionStore
from wiring.signing_in.sessions import (
    LIFETIME,
    MOST_LIFETIME,
    Sessions,
    export_token,
    hash_of,
    sign_out_token,
)

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


class Clock:
    def __init__(self):
        self.now = NOON

    def __call__(self):
        return self.now


def sessions():
    clock = Clock()
    return Sessions(FakeSessionStore(), clock), clock


def test_a_visit_prolongs_a_session_and_its_absence_ends_it():
    kept, clock = sessions()
    token = kept.begin("ada")
    for _ in range(3):
        clock.now += LIFETIME - timedelta(days=1)
        assert kept.listener_of(token) == "ada"
    clock.now += LIFETIME
    assert kept.listener_of(token) is None


def test_a_look_whether_a_session_is_open_does_not_prolong_it():
    kept, clock = sessions()
    token = kept.begin("ada")
    clock.now += LIFETIME - timedelta(days=1)
    assert kept.is_open(token, "ada")
    assert not kept.is_open(token, "bob")
    clock.now += timedelta(days=2)
    assert not kept.is_open(token, "ada")


def test_no_session_outlives_the_permission():
    kept, clock = sessions()
    token = kept.begin("ada")
    while clock.now < NOON + MOST_LIFETIME:
        assert kept.listener_of(token) == "ada"
        clock.now += timedelta(days=10)
    assert kept.listener_of(token) is None


def test_signing_out_everywhere_ends_every_browser_of_this_listener_only():
    kept, _ = sessions()
    here, there, other = kept.begin("ada"), kept.begin("ada"), kept.begin("bob")
    assert kept.end_everywhere(here) == 2
    assert [kept.listener_of(one) for one in (here, there, other)] == [None, None, "bob"]


def test_a_cookie_that_is_nobodys_signs_nobody_out():
    kept, _ = sessions()
    token = kept.begin("ada")
    assert kept.end_everywhere("made up") == 0
    assert kept.listener_of(token) == "ada"


def test_one_sees_where_one_is_signed_in_this_browser_first():
    kept, clock = sessions()
    here = kept.begin("ada")
    clock.now += timedelta(days=2)
    kept.begin("ada")
    kept.begin("bob")
    found = kept.signed_in("ada", here)
    assert [one.is_here for one in found] == [True, False]
    assert [one.begun_at_utc for one in found] == [NOON, NOON + timedelta(days=2)]


def test_the_latest_visit_is_told_to_the_day():
    kept, clock = sessions()
    token = kept.begin("ada")
    for hours in (6, 24, 3):
        clock.now += timedelta(hours=hours)
        kept.listener_of(token)
        assert kept.signed_in("ada", token)[0].seen_at_utc.date() == clock.now.date()


def test_no_visit_is_told_once_it_no_longer_moves_the_end():
    kept, clock = sessions()
    token = kept.begin("ada")
    while clock.now < NOON + MOST_LIFETIME - timedelta(days=20):
        kept.listener_of(token)
        clock.now += timedelta(days=10)
    assert kept.signed_in("ada", token)[0].seen_at_utc is None


def test_a_session_is_ended_there_by_its_own_listener_only():
    kept, _ = sessions()
    here, there, other = kept.begin("ada"), kept.begin("ada"), kept.begin("bob")
    key = next(one.key for one in kept.signed_in("ada", here) if not one.is_here)
    assert not kept.end_there("bob", key)
    assert kept.end_there("ada", key)
    assert [kept.listener_of(one) for one in (here, there, other)] == ["ada", None, "bob"]


def test_a_cookie_is_256_random_bits_and_nobody_elses():
    kept, _ = sessions()
    tokens = [kept.begin("ada") for _ in range(3)]
    assert {len(base64.urlsafe_b64decode(one + "=")) for one in tokens} == {32}
    assert len(set(tokens)) == 3


def test_ending_a_session_ends_that_one_alone():
    kept, _ = sessions()
    here, there = kept.begin("ada"), kept.begin("ada")
    kept.end(here)
    kept.end(None)
    assert kept.listener_of(here) is None
    assert kept.listener_of(there) == "ada"


def test_who_is_not_signed_in_ends_nobodys_sessions(monkeypatch):
    kept, _ = sessions()
    kept.begin("ada")
    ended = []
    monkeypatch.setattr(FakeSessionStore, "end_all", lambda _, listener_id: ended.append(listener_id) or 1)
    assert kept.end_everywhere("a cookie of nobody") == 0
    assert ended == []


def test_links_to_sign_out_and_to_take_data_along_go_with_one_session_and_one_purpose():
    kept, _ = sessions()
    one, other = kept.begin("ada"), kept.begin("ada")
    tokens = [purpose(one) for purpose in (sign_out_token, export_token)]
    assert tokens == [purpose(one) for purpose in (sign_out_token, export_token)]
    assert len({*tokens, sign_out_token(other), export_token(other), one, hash_of(one)}) == 6
    assert all(re.fullmatch("[0-9a-f]{32}", token) for token in tokens)
