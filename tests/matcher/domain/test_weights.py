"""Plays fade with age, where their months are known."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.domain.library import build_library, build_profile
from matcher.domain.listening import Hearing, Listening, Part, Source
from matcher.domain.profile import Row
from matcher.domain.weights import HALF_LIFE_MONTHS, faded


def listening(*plays, part=Part.PLAYS):
    return Listening(
        "x",
        Source.FILE,
        tuple(
            Hearing(part, artist, plays=n, heard_at_utc=month and datetime(*month, 1, tzinfo=UTC))
            for artist, n, month in plays
        ),
    )


def test_plays_half_a_life_ago_count_half():
    found = build_profile(
        listening(("Low", 8.0, (2026, 3)), ("Can", 8.0, (2023, 3)), ("Neu!", 8.0, (2020, 3)))
    )
    assert HALF_LIFE_MONTHS == 36
    assert found.artists == pytest.approx({"low": 8.0, "can": 4.0, "neu": 2.0})


def test_plays_of_one_artist_fade_month_by_month():
    found = build_profile(listening(("Low", 8.0, (2026, 3)), ("Low", 8.0, (2023, 3))))
    assert found.artists == pytest.approx({"low": 12.0})


def test_the_library_keeps_them_as_they_are():
    library = build_library(listening(("Low", 8.0, (2026, 3)), ("Can", 8.0, (2023, 3))))
    assert {row.artist: row.plays for row in library.rows} == {"low": 8.0, "can": 8.0}


def test_without_months_nothing_fades():
    rows = tuple(Row(artist, "", 3.0, "plays") for artist in ("can", "low"))
    assert faded(rows) is rows


@pytest.mark.parametrize("part", [Part.PLAYLISTS, Part.SAVED, Part.TOP_TRACKS, Part.RECENT])
def test_only_plays_fade(part):
    found = build_profile(listening(("Low", 2.0, (2026, 3)), ("Can", 2.0, (2016, 3)), part=part))
    assert found.artists == {"low": 2.0, "can": 2.0}


def test_plays_without_a_month_fade_as_the_others_do_on_average():
    found = build_profile(listening(("Low", 8.0, (2026, 3)), ("Can", 8.0, (2023, 3)), ("Neu!", 4.0, None)))
    assert found.artists == pytest.approx({"low": 8.0, "can": 4.0, "neu": 3.0})


def test_a_clock_that_ran_ahead_once_makes_nothing_old():
    found = build_profile(listening(("Low", 500.0, (2026, 3)), ("Can", 1.0, (2090, 1))))
    assert found.artists == {"low": 500.0, "can": 1.0}


months = st.builds(lambda year, month: f"{year}-{month:02}", st.integers(1970, 2099), st.integers(1, 12))
rows = st.builds(
    lambda artist, plays, month: Row(artist, "", plays, "plays", None, month),
    st.sampled_from("abc"),
    st.floats(0.01, 1e6),
    months | st.just(""),
)


@given(st.lists(rows))
def test_nothing_grows_or_vanishes_and_the_newest_stay(some):
    found = faded(some)
    newest = max((row.month for row in some), default="")
    for before, after in zip(some, found, strict=True):
        assert 0 < after.plays <= before.plays * (1 + 1e-9)
        assert after.plays == before.plays or before.month != newest
