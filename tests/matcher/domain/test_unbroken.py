"""Runs of one artist for hours on end are noise; long days of music are not."""

from itertools import chain

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.domain.noise.unbroken import LEAST_TOGETHER_S, LONGEST_PAUSE_S, UnbrokenRuns

HOUR_S, DAY_S = 3_600, 86_400
BAND, CHOIR = 0, 1


def run(artist, day, hours, every_s=300, at_s=0):
    """Plays of one artist from an hour of a day on, the last one so many hours after the first."""
    first = day * DAY_S + at_s
    return [(first + second, artist) for second in range(0, int(hours * HOUR_S) + 1, every_s)]


def found(*runs, pieces=1):
    plays = np.array(sorted(chain(*runs)), np.int64).reshape(-1, 2)
    looked_for = UnbrokenRuns(2)
    for piece in np.array_split(plays, pieces):
        looked_for.add(piece[:, 0], piece[:, 1])
    return looked_for.hours()


def test_three_nights_of_one_artist_are_noise_and_the_longest_is_told():
    assert found(run(BAND, 1, 6), run(BAND, 2, 9.5), run(BAND, 3, 6)) == {BAND: 9}


def test_two_nights_are_not_yet():
    assert found(run(BAND, 1, 8), run(BAND, 2, 8)) == {}


def test_a_machine_that_plays_a_day_and_a_night_is_noise():
    assert found(run(BAND, 1, 24)) == {BAND: 24}


def test_tracks_of_an_hour_are_one_run_and_a_longer_pause_ends_it():
    nights = [run(BAND, day, 8, every_s=HOUR_S) for day in range(3)]
    assert found(*nights) == {BAND: 8}
    assert found(*(run(BAND, day, 8, every_s=LONGEST_PAUSE_S + 1) for day in range(3))) == {}


def test_another_artist_in_between_ends_a_run():
    nights = [run(BAND, day, 10) for day in range(4)]
    assert found(*nights) == {BAND: 10}
    assert found(*nights, [(day * DAY_S + 5 * HOUR_S + 7, CHOIR) for day in range(4)]) == {}


def test_days_of_one_artist_are_no_noise_if_most_is_played_beside_others():
    days = [run(BAND, day, 6, every_s=1200) for day in range(3)]
    others = [one for day in range(3, 40) for one in [(day * DAY_S, BAND), (day * DAY_S + 200, CHOIR)] * 3]
    assert found(*days) == {BAND: 6}
    assert found(*days, others) == {}


def test_an_office_with_many_artists_is_no_noise():
    days = [run(BAND, day, 9, every_s=400) + run(CHOIR, day, 9, every_s=400, at_s=200) for day in range(30)]
    assert found(*days) == {}


def test_nothing_is_nothing():
    assert found([]) == {}


@given(
    st.lists(st.tuples(st.integers(0, 2 * LONGEST_PAUSE_S), st.sampled_from([BAND, BAND, BAND, CHOIR]))),
    st.integers(1, 9),
)
def test_it_does_not_matter_where_plays_are_cut_into_pieces(steps, pieces):
    times = np.cumsum([step for step, _ in steps]) if steps else []
    plays = [(int(time), artist) for time, (_, artist) in zip(times, steps, strict=True)]
    assert found(plays, pieces=pieces) == found(plays)


@pytest.mark.parametrize("pieces", [2, 7, 500])
def test_a_run_over_many_pieces_is_one(pieces):
    assert found(run(BAND, 0, LEAST_TOGETHER_S / HOUR_S), pieces=pieces) == {BAND: 18}
