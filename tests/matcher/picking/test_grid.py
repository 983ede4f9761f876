import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.picking.artists import LEAST_LISTENERS, PickableArtists
from matcher.picking.grid import SCREEN, ArtistGrid


def artists_of(hearing, sizes):
    """Artists by how many of each group hear them; rows are groups."""
    counts = np.maximum(hearing.sum(axis=0), LEAST_LISTENERS)
    keys = [f"artist {n}" for n in range(hearing.shape[1])]
    return PickableArtists(
        keys, keys, counts, np.array(sizes), np.where(hearing < LEAST_LISTENERS, 0, hearing)
    )


@pytest.fixture
def two_tastes():
    """Two groups of a hundred; the first hears artists 0 to 19, the other 20 to 39, all hear 40, few 41."""
    hearing = np.zeros((2, 42), int)
    hearing[0, :20], hearing[1, 20:40] = 30, 30
    hearing[:, 40] = 100
    hearing[:, 41] = LEAST_LISTENERS
    return ArtistGrid(artists_of(hearing, [100, 100]))


def test_who_picks_one_taste_is_asked_about_it(two_tastes):
    asked = two_tastes.next_screen([3, 5], [])
    assert sum(row < 20 for row in asked) > SCREEN / 2


def test_what_was_passed_over_leads_away_from_it(two_tastes):
    asked = two_tastes.next_screen([], [0, 1, 2, 3, 4, 5])
    assert sum(20 <= row < 40 for row in asked) > SCREEN / 2


def test_the_first_screen_asks_about_both_tastes(two_tastes):
    asked = two_tastes.next_screen([], [])
    assert sum(row < 20 for row in asked) == pytest.approx(sum(20 <= row < 40 for row in asked), abs=2)


def test_whom_everybody_hears_tells_nothing(two_tastes):
    assert 40 not in two_tastes.next_screen([], [])


@st.composite
def situations(draw):
    sizes = draw(st.lists(st.integers(LEAST_LISTENERS, 60), min_size=1, max_size=4))
    n = draw(st.integers(1, 40))
    rows = [draw(st.lists(st.integers(0, size), min_size=n, max_size=n)) for size in sizes]
    some = st.lists(st.integers(0, n - 1), max_size=n, unique=True)
    return artists_of(np.array(rows), sizes), draw(some), draw(some), draw(st.integers(0, 15))


@given(situations())
def test_a_screen_holds_artists_that_are_new_each_once_as_many_as_there_are(situation):
    artists, picked, seen, n = situation
    found = ArtistGrid(artists).next_screen(picked, seen, n)
    assert len(found) == len(set(found)) == min(n, len(artists.keys) - len({*picked, *seen}))
    assert not {*found} & {*picked, *seen}
    assert all(0 <= row < len(artists.keys) for row in found)


@given(situations())
def test_the_order_of_picks_and_of_what_was_seen_is_no_matter(situation):
    artists, picked, seen, _ = situation
    grid = ArtistGrid(artists)
    there, back = grid._worth(grid._groups(picked, seen)), grid._worth(grid._groups(picked[::-1], seen[::-1]))
    np.testing.assert_allclose(there, back, rtol=1e-9)
    assert (there > 0).all()
