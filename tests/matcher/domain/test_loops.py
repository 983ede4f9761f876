import math
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.domain.library import build_profile
from matcher.domain.listening import Hearing, Listening, Part, Source
from matcher.domain.noise.loops import (
    FEWEST_EFFECTIVE,
    FEWEST_ITEMS,
    LARGEST_SHARE,
    LEAST_HEARD,
    MOST_PER_MEDIAN,
    cut_loops,
    effective_number,
    find_loop,
)
from matcher.scoring.overlap import ItemFrequencies, weigh

bags = st.dictionaries(st.integers(0, 99).map(str), st.floats(0.01, 1e6), min_size=1, max_size=30)


def heard(*plays, artists=True):
    """A song each of as many artists, or as many songs of one; played so often."""
    rows = tuple(
        Hearing(Part.PLAYS, f"Artist {n if artists else 0}", track_name=f"Song {n}", plays=float(times))
        for n, times in enumerate(plays)
    )
    return build_profile(Listening("x", Source.TABLE, rows))


@pytest.mark.parametrize("n", [1, 2, 50])
def test_of_items_heard_alike_every_one_counts(n):
    assert effective_number({str(place): 3.0 for place in range(n)}) == pytest.approx(n)


def test_of_nothing_nothing_counts():
    assert effective_number({}) == 0.0


@given(bags)
def test_no_more_count_than_there_are_and_no_fewer_than_one(bag):
    assert 1.0 - 1e-9 <= effective_number(bag) <= len(bag) + 1e-9


@given(bags, st.floats(0.1, 1e3))
def test_twice_the_plays_make_no_difference(bag, times):
    more = {key: plays * times for key, plays in bag.items()}
    assert effective_number(more) == pytest.approx(effective_number(bag))


def test_a_track_with_nearly_all_plays_is_a_loop():
    found = find_loop(heard(9_900, *[5] * 20))
    assert (found.kind, found.key, found.n_items) == ("tracks", "artist 0|song 0", 21)
    assert found.share == pytest.approx(0.99)
    assert found.n_effective < 1.2


def test_an_artist_with_nearly_all_plays_is_a_loop_though_no_track_is():
    songs = heard(*[100] * 30, artists=False)
    others = heard(*[1] * 12)
    rows = [(item.artist, item.track, item.plays) for one in (songs, others) for item in one.items]
    hearings = tuple(
        Hearing(Part.PLAYS, artist, track_name=track.partition("|")[2] + artist, plays=plays)
        for artist, track, plays in rows
    )
    found = find_loop(build_profile(Listening("x", Source.TABLE, hearings)))
    assert (found.kind, found.key) == ("artists", "artist 0")


def test_a_varied_library_is_in_no_loop():
    assert find_loop(heard(*range(1, 60))) is None


def test_a_favourite_with_a_third_of_the_plays_is_no_loop():
    assert find_loop(heard(50, *[5] * 20)) is None


def test_half_on_one_and_the_rest_widely_spread_is_no_loop():
    # the share is large enough, but many items are effectively heard
    assert find_loop(heard(100, *[1] * 99)) is None


@pytest.mark.parametrize("n", [0, 1, 9])
def test_thin_profiles_are_in_no_loop(n):
    assert find_loop(heard(*[1_000, *[1] * 8][:n])) is None


@given(st.lists(st.floats(0.1, 1e6), min_size=10, max_size=30))
def test_a_loop_keeps_what_it_says(plays):
    found = find_loop(heard(*plays))
    if found:
        assert LARGEST_SHARE <= found.share <= 1.0
        assert 1.0 <= found.n_effective <= FEWEST_EFFECTIVE
        assert found.share == pytest.approx(max(plays) / math.fsum(plays))


@given(st.dictionaries(st.integers(0, 99).map(str), st.floats(LEAST_HEARD, 1e6), min_size=FEWEST_ITEMS))
def test_no_item_with_half_of_the_plays_is_above_fifty_times_the_median(bag):
    most = MOST_PER_MEDIAN * statistics.median(bag.values())
    is_loop = max(bag.values()) >= LARGEST_SHARE * math.fsum(bag.values())
    cut = {key: min(plays, most) for key, plays in bag.items()}
    assert cut_loops(bag) == (cut if is_loop else bag)


def test_what_hardly_counts_makes_no_loop_of_the_rest():
    bag = {**{f"noise {n}": 0.001 for n in range(200)}, **{f"song {n}": 5.0 for n in range(40)}}
    assert cut_loops(bag) is bag


def test_a_favourite_without_half_of_the_plays_keeps_them():
    bag = {"favourite": 90.0, "next": 91.0, **{f"artist {n}": 1.0 for n in range(40)}}
    assert cut_loops(bag) is bag


def test_of_few_items_none_is_cut():
    bag = {"a": 1e6, **{str(n): 1.0 for n in range(FEWEST_ITEMS - 2)}}
    assert cut_loops(bag) is bag


def test_a_loop_outweighs_the_rest_no_more():
    """What ADR 8 measured: with 99 % of the plays on one artist, all others were nearly nothing."""
    bag = {"loop": 99_000.0, **{f"artist {n}": 10.0 for n in range(100)}}
    weights = weigh(bag, "artists", ItemFrequencies(1, {})).weights
    share = weights["loop"] ** 2 / sum(one**2 for one in weights.values())
    assert share == pytest.approx(1 / 3)  # it was 0.99
