import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from emulator.server.app import EmulatorSettings
from matcher.errors import GrantRevoked, SpotifyUnreachable
from spotify_client.calls.grants import Grants, reconnect_by
from tests.spotify_client.conftest import FakeGrantStore, make_grant


class FakeLogin:
    """Refreshes by counting; a refresh token works once, as Spotify had it until mid-2026."""

    def __init__(self, clock, fail=None):
        self.clock, self.fail, self.used = clock, fail, []

    def refresh(self, grant):
        if self.fail:
            raise self.fail
        if grant.refresh_token in self.used:
            raise GrantRevoked("used before")
        time.sleep(0.02)
        self.used.append(grant.refresh_token)
        n = len(self.used)
        return replace(
            grant,
            access_token=f"access-{n}",
            refresh_token=f"refresh-{n}",
            expires_at_utc=self.clock() + timedelta(hours=1),
        )


@pytest.fixture
def store():
    return FakeGrantStore()


def grants(store, clock, **options):
    login = FakeLogin(clock, **options)
    return Grants(store, login, clock), login


def test_a_token_with_a_minute_left_is_used_as_it_is(store, clock):
    store.save("ann", make_grant(life_s=60))
    kept, login = grants(store, clock)
    assert kept.access_token("ann") == "access-ann"
    assert login.used == []


def test_a_token_with_less_is_refreshed_and_kept(store, clock):
    store.save("ann", make_grant(life_s=59))
    kept, login = grants(store, clock)
    assert kept.access_token("ann") == "access-1"
    assert store.load("ann").refresh_token == "refresh-1"
    assert login.used == ["refresh-ann"]


def test_without_a_grant_the_listener_has_to_connect(store, clock):
    with pytest.raises(GrantRevoked):
        grants(store, clock)[0].access_token("ann")


def test_a_revoked_grant_is_wiped(store, clock):
    store.save("ann", make_grant(life_s=0))
    kept, _ = grants(store, clock, fail=GrantRevoked("no"))
    with pytest.raises(GrantRevoked):
        kept.access_token("ann")
    assert store.load("ann") is None


def test_a_grant_of_a_login_meanwhile_is_not_wiped(store, clock):
    store.save("ann", make_grant(life_s=0))
    newer = make_grant("newer")
    kept, login = grants(store, clock)

    def refused(grant):
        store.save("ann", newer)
        raise GrantRevoked("no")

    login.refresh = refused
    with pytest.raises(GrantRevoked):
        kept.access_token("ann")
    assert store.load("ann") == newer


def test_an_unreachable_spotify_costs_no_grant(store, clock):
    store.save("ann", make_grant(life_s=0))
    kept, _ = grants(store, clock, fail=SpotifyUnreachable("no"))
    with pytest.raises(SpotifyUnreachable):
        kept.access_token("ann")
    assert store.load("ann") is not None


def test_a_rejected_token_is_renewed_though_it_should_still_live(store, clock):
    store.save("ann", make_grant())
    kept, _ = grants(store, clock)
    assert kept.renewed("ann", rejected="access-ann") == "access-1"


def test_a_token_that_somebody_else_renewed_is_taken(store, clock):
    store.save("ann", make_grant("newer"))
    kept, login = grants(store, clock)
    assert kept.renewed("ann", rejected="access-ann") == "access-newer"
    assert login.used == []


def at_once(*calls):
    """Run calls on threads that start together; what each returned or raised."""
    found, together = [], threading.Barrier(len(calls))

    def run(call):
        together.wait()
        try:
            found.append(call())
        except Exception as error:  # noqa: BLE001
            found.append(error)

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_two_threads_refresh_a_rotated_token_once(store, clock):
    store.save("ann", make_grant(life_s=0))
    kept, login = grants(store, clock)
    assert at_once(*[lambda: kept.access_token("ann")] * 2) == ["access-1", "access-1"]
    assert login.used == ["refresh-ann"]


def test_two_threads_with_a_rejected_token_renew_it_once(store, clock):
    store.save("ann", make_grant())
    kept, login = grants(store, clock)
    assert at_once(*[lambda: kept.renewed("ann", "access-ann")] * 2) == ["access-1", "access-1"]
    assert login.used == ["refresh-ann"]


@pytest.mark.parametrize("rotate", [True, False])
def test_two_threads_refresh_at_a_spotify_that_may_rotate(emulated, rotate):
    spotify = emulated(EmulatorSettings(rotate_refresh_tokens=rotate))
    spotify.sign_in("syn-0001")
    spotify.room.clock.now += timedelta(hours=2)
    kept = spotify.room.grants
    first, second = at_once(*[lambda: kept.access_token("syn-0001")] * 2)
    assert first == second == spotify.room.store.load("syn-0001").access_token


def test_a_grant_of_six_months_is_revoked_at_the_local_spotify(emulated):
    spotify = emulated()
    spotify.sign_in("syn-0001")
    spotify.room.clock.now += timedelta(days=190)
    with pytest.raises(GrantRevoked):
        spotify.room.grants.access_token("syn-0001")


def test_a_new_login_replaces_the_grant(store, clock):
    store.save("ann", make_grant())
    grants(store, clock)[0].keep("ann", make_grant("newer"))
    assert store.load("ann") == make_grant("newer")


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (datetime(2026, 11, 21, 12, tzinfo=UTC), datetime(2027, 5, 21, 12, tzinfo=UTC)),
        (datetime(2026, 8, 31, tzinfo=UTC), datetime(2027, 2, 28, tzinfo=UTC)),
        (datetime(2027, 8, 30, tzinfo=UTC), datetime(2028, 2, 29, tzinfo=UTC)),
        (datetime(2026, 6, 30, tzinfo=UTC), datetime(2026, 12, 30, tzinfo=UTC)),
    ],
)
def test_a_grant_ends_six_months_after_the_consent(start, end):
    assert reconnect_by(make_grant(start=start)) == end


def test_the_warning_begins_with_the_fifth_month(store, clock):
    store.save("ann", make_grant())
    kept, _ = grants(store, clock)
    clock.now = datetime(2027, 4, 21, 11, 59, tzinfo=UTC)
    assert kept.reconnect_soon_by("ann") is None
    clock.now += timedelta(minutes=1)
    assert kept.reconnect_soon_by("ann") == reconnect_by(make_grant())
    assert kept.reconnect_soon_by("bob") is None


def test_disconnecting_wipes_the_grant_and_says_whether_there_was_one(store, clock):
    kept, _ = grants(store, clock)
    kept.keep("ann", make_grant())
    assert kept.is_kept("ann")
    assert kept.disconnect("ann")
    assert not kept.is_kept("ann")
    assert not kept.disconnect("ann")
