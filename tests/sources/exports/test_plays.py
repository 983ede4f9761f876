"""Sums of plays are those of counting one play after the other."""

from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.domain.canonical_keys import keys_of
from matcher.domain.listening import month_of
from sources.exports import plays as module
from sources.exports.plays import DAY_S, MINUTE_S, Moment, Plays

NAMES = [
    ("Low", "Words", "a"),
    ("LOW", "Words - Remastered", "b"),
    ("Low", "Words", ""),
    ("Can", "Vitamin C", "c"),
    ("", "", "d"),
]
START = 1_577_836_800  # 2020-01-01
MOMENTS = st.builds(
    lambda second, span_s: Moment(START + second // span_s * span_s, span_s),
    st.sampled_from([0, 1, 59, 60, 61, DAY_S - 1, DAY_S, 40 * DAY_S]),
    st.sampled_from([1, MINUTE_S, DAY_S]),
)
PLAYS = st.lists(
    st.tuples(st.sampled_from(NAMES), MOMENTS, st.sampled_from([1.0, 0.5, 0.1, 3.0])), max_size=30
)


def summed(told):
    """By track key and month, one play after the other, those that are known best first."""
    known, sums = set(), defaultdict(float)
    for span_s in (1, MINUTE_S, DAY_S):
        at_this = set()
        for (artist, _, track_id), moment, _ in told:
            if moment.span_s == span_s:
                at_this.add((moment.at_s, "low|words" if artist.lower() == "low" else artist or track_id))
        for at_s, key in at_this:
            if not any(at_s <= second < at_s + span_s for second, other in known if other == key):
                sums[key, (at_s - START) // (31 * DAY_S)] += 1
        known |= at_this
    return sums


def counted(told):
    plays = Plays()
    for names, moment, weight in told:
        plays.add(*names, moment, weight)
    return plays


@given(PLAYS)
def test_one_recording_at_one_time_is_one_play(told):
    facts = counted([(names, moment, 1.0) for names, moment, _ in told]).facts()
    found = defaultdict(float)
    for one in facts:
        artist, track = keys_of(one)
        name = {"low": "low|words", "can": "Can"}.get(artist, track.removeprefix("#"))
        found[name, {"2020-01": 0, "2020-02": 1}[month_of(one)]] += one.plays
    assert found == summed(told)


@given(PLAYS)
def test_asked_twice_it_says_the_same(told):
    plays = counted(told)
    assert tuple(plays.facts()) == tuple(plays.facts())


@given(PLAYS, PLAYS)
def test_what_was_asked_in_between_changes_nothing(first, then):
    plays = counted(first)
    plays.facts()
    for names, moment, weight in then:
        plays.add(*names, moment, weight)
    assert by_key(plays) == pytest.approx(by_key(counted([*first, *then])))


def by_key(plays):
    found = defaultdict(float)
    for one in plays.facts():
        found[keys_of(one), month_of(one)] += one.plays
    return found


@pytest.mark.parametrize("weights", [(0.1, 1.0, 0.5), (1.0, 0.5, 0.1)])
def test_of_several_weights_the_largest_counts(weights):
    (one,) = counted([(NAMES[0], Moment(START, 1), weight) for weight in weights]).facts()
    assert one.plays == 1.0


def test_the_first_name_stays_and_an_id_is_filled_in():
    told = [(names, Moment(START, 1), 1.0) for names in (NAMES[2], NAMES[1], NAMES[0])]
    (one,) = counted(told).facts()
    assert (one.artist_name, one.track_name, one.track_id) == ("Low", "Words", "a")


def test_a_full_day_takes_what_it_holds_already(monkeypatch):
    monkeypatch.setattr(module, "MOST_A_DAY", 3)
    told = [(NAMES[0], Moment(START + second, 1), 1.0) for second in (0, 1, 2)]
    plays = counted([*told, *told, *told])
    with pytest.raises(ValueError, match="not one listener's history"):
        plays.add(*NAMES[0], Moment(START + 3, 1), 1.0)
    plays.add(*NAMES[1], Moment(START + 2, 1), 1.0)
    plays.add(*NAMES[0], Moment(START + DAY_S, 1), 1.0)
    assert sum(one.plays for one in plays.facts()) == 4


def test_more_weights_than_any_history_has_are_refused():
    with pytest.raises(ValueError, match="more ways"):
        counted([(NAMES[0], Moment(START + n, 1), float(n + 1)) for n in range(1_025)])
