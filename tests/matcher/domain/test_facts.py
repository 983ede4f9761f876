"""Facts in columns are the facts that they stand for."""

from datetime import UTC, datetime

import numpy as np
import pytest

from matcher.domain.library import build_library
from matcher.domain.listening import (
    Facts,
    Hearing,
    Listening,
    Part,
    Source,
    TrackNames,
    by_month,
    month_of,
    once_each,
)

WORDS, OTHER = TrackNames("Low", "Words", "w"), TrackNames("", "", "x")
SAVED = Hearing(Part.SAVED, "Can", track_name="Vitamin C", plays=2.0, release_year=1972)
JAN, DEC = datetime(2020, 1, 1, tzinfo=UTC), datetime(2019, 12, 1, tzinfo=UTC)
AS_OBJECTS = (
    Hearing(Part.PLAYS, "Low", track_name="Words", track_id="w", plays=2.5, heard_at_utc=DEC),
    Hearing(Part.PLAYS, "Low", track_name="Words", track_id="w", plays=1.0, heard_at_utc=JAN),
    Hearing(Part.PLAYS, track_id="x", plays=0.1, heard_at_utc=JAN),
    SAVED,
)


@pytest.fixture
def facts():
    places, months = np.array([0, 0, 1], np.int32), np.array([24239, 24240, 24240], np.int32)
    return Facts((WORDS, OTHER), places, months, np.array([2.5, 1.0, 0.1]), [SAVED])


def test_they_are_a_sequence_of_facts(facts):
    assert tuple(facts) == AS_OBJECTS
    assert facts == AS_OBJECTS
    assert facts == AS_OBJECTS
    assert len(facts) == 4


def test_each_is_found_by_its_place(facts):
    assert [facts[place] for place in range(-4, 4)] == [*AS_OBJECTS, *AS_OBJECTS]
    assert facts[1:3] == AS_OBJECTS[1:3]
    with pytest.raises(IndexError):
        facts[4]


def test_others_are_not_equal(facts):
    assert facts != AS_OBJECTS[:3]
    assert facts != 5


def test_a_total_is_of_all_months(facts):
    assert [(one.track_id, one.plays, one.heard_at_utc) for one in facts.totals()] == [
        ("w", 3.5, None),
        ("x", pytest.approx(0.1), None),
    ]


def test_tracks_and_other_facts_that_do_not_hold_are_left_out(facts):
    assert facts.where(lambda one: one.artist_name != "Low") == AS_OBJECTS[2:]
    assert facts.where(lambda one: one.part is Part.PLAYS) == AS_OBJECTS[:3]
    assert facts.where(lambda one: False) == ()


def test_others_come_after_them(facts):
    assert facts.plus([SAVED]) == (*AS_OBJECTS, SAVED)


def test_parts_are_told_once(facts):
    assert facts.plus([SAVED]).parts() == (Part.PLAYS, Part.SAVED)
    assert Facts().parts() == ()


def test_months_are_the_same_of_columns_and_of_objects(facts):
    def told(hearings):
        return {(one.track_id, month, n) for one, months in by_month(hearings) for month, n in months}

    assert told(facts) == told(AS_OBJECTS)
    assert [month_of(one) for one in facts] == ["2019-12", "2020-01", "2020-01", ""]


def test_a_library_is_the_same_of_columns_and_of_objects(facts):
    one, other = (Listening("me", Source.FILE, hearings) for hearings in (facts, AS_OBJECTS))
    assert build_library(one) == build_library(other)


def test_no_music_is_in_its_text(facts):
    assert repr(facts) == "Facts(4 facts)"


def test_once_each_leaves_the_months_out(facts):
    assert once_each(facts) == (*facts.totals(), SAVED)
    assert once_each(AS_OBJECTS) is AS_OBJECTS
