import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from matcher.picking.artists import FEWEST, MOST, PickableArtists
from matcher.picking.grid import SCREEN
from matcher.picking.service import MOST_SEEN, N_FOUND, ArtistPicker, Picks

N = 300
KEYS = [f"artist {n}" for n in range(N)]
PICKER = ArtistPicker(
    PickableArtists(
        KEYS, [key.title() for key in KEYS], np.full(N, 9), np.array([40, 40]), np.full((2, N), 9)
    )
)


def keys(artists):
    return [one.key for one in artists]


def test_the_first_screen_asks_and_nothing_is_picked():
    screen = PICKER.screen(Picks())
    assert (screen.picked, screen.seen, screen.found) == ((), (), ())
    assert len(screen.shown) == SCREEN
    assert screen.n_missing == FEWEST
    assert screen.shown[0].name == screen.shown[0].key.title()


def test_what_is_shown_stays_while_one_picks_of_it():
    shown = keys(PICKER.screen(Picks()).shown)
    after = PICKER.screen(Picks(picked=shown[:1], shown=shown))
    assert keys(after.shown) == shown
    assert keys(after.picked) == shown[:1]


def test_the_next_screen_has_others_and_those_of_before_are_seen():
    shown = keys(PICKER.screen(Picks()).shown)
    after = PICKER.screen(Picks(picked=shown[:1], shown=shown, goes_on=True))
    assert not {*keys(after.shown)} & {*shown}
    assert keys(after.seen) == shown


def test_a_search_finds_a_few():
    found = PICKER.screen(Picks(query="artist 12")).found
    assert keys(found)[0] == "artist 12"
    assert len(found) == N_FOUND


some = st.lists(st.one_of(st.sampled_from(KEYS), st.text(max_size=9)), max_size=40)


@given(some, some, some, st.text(max_size=20), st.booleans())
def test_whatever_a_browser_sends_only_artists_that_there_are_come_back(picked, shown, seen, query, goes_on):
    screen = PICKER.screen(Picks(picked, shown, seen, query, goes_on))
    for artists in (screen.picked, screen.shown, screen.seen, screen.found):
        assert len({*keys(artists)}) == len(artists)
        assert {*keys(artists)} <= {*KEYS}
    assert len(screen.picked) <= MOST
    assert screen.is_full == (len(screen.picked) == MOST)
    assert len(screen.seen) <= MOST_SEEN


def test_what_was_passed_over_long_ago_is_asked_again():
    screen = PICKER.screen(Picks(seen=KEYS))
    assert {*keys(screen.shown)} <= {*KEYS[: N - MOST_SEEN]}


def test_who_has_seen_all_is_shown_nothing_more():
    artists = PickableArtists(KEYS[:20], KEYS[:20], np.full(20, 9), np.array([40]), np.full((1, 20), 9))
    assert ArtistPicker(artists).screen(Picks(seen=KEYS[:20])).shown == ()
