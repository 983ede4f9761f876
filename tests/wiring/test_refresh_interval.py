from datetime import UTC, datetime, timedelta

import pytest

from matcher.errors import RefreshTooSoon
from wiring.refresh_interval import RefreshPace

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


class ReadAt:
    """A store that knows one thing: when the library was read."""

    def __init__(self, moment):
        self.moment = moment

    def synced_at_utc(self, listener_id):
        return self.moment


def pace(read_at, now=NOON, interval_s=600):
    return RefreshPace(ReadAt(read_at), timedelta(seconds=interval_s), lambda: now)


def test_a_library_that_was_never_read_may_be_read():
    pace(None).check("ada")


def test_a_library_read_a_moment_ago_rests_and_says_until_when():
    resting = pace(NOON - timedelta(seconds=1))
    assert resting.next_at("ada") == NOON + timedelta(seconds=599)
    with pytest.raises(RefreshTooSoon) as caught:
        resting.check("ada")
    assert caught.value.retry_at_utc == NOON + timedelta(seconds=599)


def test_after_the_interval_it_may_be_read_again():
    assert pace(NOON - timedelta(seconds=600)).next_at("ada") is None


def test_without_an_interval_it_may_always_be_read():
    assert pace(NOON, interval_s=0).next_at("ada") is None


@pytest.mark.parametrize(
    ("read_at", "closed_until", "again_at"),
    [
        (None, NOON + timedelta(hours=9), NOON + timedelta(hours=9)),
        (NOON, NOON + timedelta(hours=9), NOON + timedelta(hours=9)),
        (NOON, NOON + timedelta(seconds=60), NOON + timedelta(seconds=600)),
        (NOON, None, NOON + timedelta(seconds=600)),
        (None, None, None),
    ],
)
def test_while_spotify_allows_no_call_the_library_rests_as_well(read_at, closed_until, again_at):
    resting = RefreshPace(ReadAt(read_at), timedelta(seconds=600), lambda: NOON, lambda: closed_until)
    assert resting.next_at("ada") == again_at


def test_a_pause_of_spotify_is_told_by_the_reading_and_not_as_asking_too_soon():
    RefreshPace(ReadAt(None), timedelta(seconds=600), lambda: NOON, lambda: NOON + timedelta(hours=9)).check(
        "ada"
    )
