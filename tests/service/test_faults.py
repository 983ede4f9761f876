"""Each fault of Spotify: what the listener is told, how many calls were made, and that nothing was lost."""

import time
from datetime import timedelta

import pytest

from emulator.server.app import EmulatorSettings
from matcher.errors import (
    EarshotError,
    EndpointGone,
    GrantRevoked,
    NotAllowListed,
    OwnerNotPremium,
    QuotaExceeded,
    RateLimited,
    ScopeMissing,
    SpotifyMalformed,
    SpotifyUnreachable,
)
from tests.service.conftest import ME, grant_of
from ui.messages import Action, message_for

SAVED = "/v1/me/tracks"
FOR_GOOD = {"times": 10_000}


@pytest.fixture
def timeout_s():
    """Long enough for a busy machine, which else gives up on a call, and makes one more."""
    return 60


@pytest.fixture
def read(earshot, timeout_s):
    """A listener whose library was read once, and what is kept of them."""
    running = earshot(timeout_s=timeout_s)
    listener_id = running.sign_in()
    running.refresh(listener_id)
    running.forget_calls()
    return running, listener_id, running.kept(listener_id)


def trouble(running, listener_id):
    with pytest.raises(EarshotError) as caught:
        running.refresh(listener_id)
    return caught.value


@pytest.mark.parametrize(
    ("kind", "error_class", "title", "action", "n_calls"),
    [
        ("unauthorized", GrantRevoked, "Spotify needs to hear from you again", Action.SIGN_IN, 2),
        ("not_allow_listed", NotAllowListed, "You are not on the guest list yet", Action.RETRY, 1),
        ("owner_not_premium", OwnerNotPremium, "This app is paused by Spotify", Action.RETRY, 1),
        ("missing_scope", ScopeMissing, "A permission is missing", Action.SIGN_IN, 7),
        ("not_found", EndpointGone, "Spotify has closed this door", Action.RETRY, 7),
        ("server_error", SpotifyUnreachable, "Spotify does not answer", Action.RETRY, 14),
        ("unavailable", SpotifyUnreachable, "Spotify does not answer", Action.RETRY, 14),
        ("cut", SpotifyUnreachable, "Spotify does not answer", Action.RETRY, 14),
        ("malformed", SpotifyMalformed, "Spotify’s answer made no sense", Action.RETRY, 7),
    ],
)
def test_a_fault_that_stays_is_explained_and_costs_nothing_but_calls(
    read, kind, error_class, title, action, n_calls
):
    running, me, before = read
    running.fault(kind, **FOR_GOOD)
    error = trouble(running, me)
    told = message_for(error)
    assert type(error) is error_class
    assert (told.title, told.action) == (title, action)
    assert len(running.calls()) == n_calls
    assert running.kept(me) == before
    running.admin("DELETE", "faults")
    assert not running.refresh(me).changed


@pytest.mark.parametrize("timeout_s", [1.0])
def test_a_slow_spotify_is_given_up_on(read):
    running, me, before = read
    running.fault("slow", retry_after=2, **FOR_GOOD)
    error = trouble(running, me)
    assert message_for(error).title == "Spotify does not answer"
    assert isinstance(error, SpotifyUnreachable)
    until = time.monotonic() + 60
    while len(running.calls()) < 14 and time.monotonic() < until:
        time.sleep(0.1)  # a slow call is logged when it is answered
    assert len(running.calls()) == 14
    assert running.kept(me) == before


def test_a_rate_limit_says_when_to_try_again_and_nobody_calls_until_then(read):
    running, me, before = read
    running.fault("rate_limited", retry_after=300)
    error = trouble(running, me)
    assert type(error) is RateLimited
    assert message_for(error).cure == "Please try again at 12:05 UTC."
    assert len(running.calls()) == 1
    assert running.kept(me) == before
    again = trouble(running, me)
    assert message_for(again) == message_for(error)
    assert len(running.calls()) == 1
    running.clock.now += timedelta(seconds=301)
    assert not running.refresh(me).changed


def test_a_used_up_quota_rests_every_replica_for_a_day(read):
    running, me, before = read
    running.fault("quota")
    error = trouble(running, me)
    assert type(error) is QuotaExceeded
    told = message_for(error)
    assert told.title == "Today’s quota is used up"
    assert told.cure == "Please try again on 22 November 2026 at 12:00 UTC."
    assert len(running.calls()) == 1
    assert running.kept(me) == before
    with pytest.raises(QuotaExceeded):
        running.another().refresh(me)
    assert len(running.calls()) == 1
    running.clock.now += timedelta(days=1, seconds=1)
    assert not running.another().refresh(me).changed


@pytest.mark.parametrize("kind", ["unauthorized", "rate_limited", "server_error", "unavailable", "cut"])
def test_a_fault_that_passes_goes_unnoticed_for_one_call_more(read, kind):
    running, me, _ = read
    running.fault(kind, path=SAVED)
    assert not running.refresh(me).changed
    assert running.calls().count(SAVED) == 2
    assert len(running.calls()) <= 13
    assert sum(running.clock.slept) <= 10


@pytest.mark.parametrize("kind", ["server_error", "malformed", "cut", "rate_limited", "quota"])
def test_a_fault_in_one_part_keeps_what_was_known_of_it(read, kind):
    running, me, before = read
    running.fault(kind, path=SAVED, retry_after=300, times=10)
    running.refresh(me)
    after = running.kept(me)[0]
    assert after.items == before[0].items
    assert after.parts["saved"] == "failed"


# ---- permission that ends -------------------------------------------------------------------------------


def test_a_withdrawn_permission_wipes_the_grant_and_keeps_the_profile(read):
    running, me, before = read
    running.admin("POST", f"listeners/{ME}/expire-token")
    running.admin("POST", f"listeners/{ME}/revoke")
    error = trouble(running, me)
    assert message_for(error).action is Action.SIGN_IN
    assert grant_of(running, me) is None
    assert running.kept(me) == before
    assert running.sign_in() == me
    assert not running.refresh(me).changed


def test_after_six_months_the_listener_connects_again(earshot):
    running = earshot()
    me = running.sign_in()
    running.refresh(me)
    running.clock.now += timedelta(days=183)
    assert isinstance(trouble(running, me), GrantRevoked)
    assert grant_of(running, me) is None
    running.sign_in()
    running.refresh(me)


def test_only_listeners_on_the_list_are_served(earshot):
    running = earshot(EmulatorSettings(allow_list=("syn-0003",)))
    with pytest.raises(NotAllowListed):
        running.sign_in("syn-0001")
    running.refresh(running.sign_in("syn-0003"))
