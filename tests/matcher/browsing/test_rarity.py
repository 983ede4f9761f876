"""How rare a taste is here: true figures, and none of few."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.browsing.rarity import Heard, Share, odd_corner, rare_pair
from matcher.domain.digests import digest_of
from matcher.domain.listening import Source
from matcher.domain.profile import Item, ListenerProfile
from matcher.scoring.packed_candidates import BARE

MINE = ("low", "can", "neu", "faust")


def a_profile(*artists):
    """The first is heard most."""
    items = tuple(Item(one, "", 10.0 - place, "saved") for place, one in enumerate(artists))
    return ListenerProfile("me", Source.TABLE, items, names={one: one.title() for one in artists})


def heard_by(n, *groups):
    """So many listeners; each group is (how many, their artists), the others hear something else."""
    sets = [artists for count, artists in groups for _ in range(count)]
    sets += [("else",)] * (n - len(sets))
    digests = [digest_of("artists", one) for artists in sets for one in artists]
    rows = [row for row, artists in enumerate(sets) for _ in artists]
    order = np.argsort(digests)
    return Heard(n, np.array(rows)[order], np.array(digests)[order])


def test_listeners_with_each_and_with_both_are_counted():
    heard = heard_by(100, (3, ("low", "can")), (2, ("can",)))
    counts = heard.together([digest_of("artists", one) for one in ("low", "can", "nobody")])
    assert counts.tolist() == [[3, 3, 0], [3, 5, 0], [0, 0, 0]]


def test_rows_without_items_count_as_nobody():
    assert len(Heard.of([BARE.content, b"EW04 of another format"])) == 0


def test_the_odd_corner_is_the_artist_that_fewest_hear():
    heard = heard_by(200, (50, ("low", "can")), (20, ("neu",)))
    found = odd_corner(a_profile("low", "neu", "can"), heard)
    assert (found.artist, found.heard_by) == ("Neu", Share(10, is_below=False))
    assert found.share_of_mine == pytest.approx(9 / 27)


def test_fewer_than_eight_are_told_as_fewer_than_a_share():
    heard = heard_by(200, (50, ("low", "can")), (7, ("neu",)))
    assert odd_corner(a_profile("low", "neu"), heard).heard_by == Share(4, is_below=True)


def test_the_rare_pair_is_heard_one_by_one_and_hardly_together():
    heard = heard_by(1000, (100, ("low", "can")), (100, ("neu",)), (20, ("low", "neu")))
    found = rare_pair(a_profile("low", "can", "neu"), heard)
    assert {found.first, found.second} == {"Can", "Neu"}
    assert found.heard_by == Share(1, is_below=True)


def test_a_pair_that_many_hear_is_not_rare():
    assert rare_pair(a_profile("low", "can"), heard_by(100, (50, ("low", "can")))) is None


@pytest.mark.parametrize("ask", [odd_corner, rare_pair])
def test_among_fewer_than_a_hundred_nothing_is_told(ask):
    heard = heard_by(99, (20, ("low",)), (20, ("can",)))
    assert ask(a_profile("low", "can"), heard) is None
    assert ask(a_profile("low", "can"), heard_by(100, (20, ("low",)), (20, ("can",)))) is not None


@given(
    st.lists(st.integers(0, 7), min_size=4, max_size=4), st.lists(st.integers(0, 7), min_size=4, max_size=4)
)
def test_what_fewer_than_eight_hear_cannot_be_probed(one, other):
    """Whoever asks with any artists learns the same whether none or seven hear them."""
    told = []
    for counts in (one, other):
        groups = [(n, (artist,)) for n, artist in zip(counts, MINE, strict=True)]
        heard, profile = heard_by(300, (60, ("else", "more")), *groups), a_profile(*MINE, "more")
        told.append((odd_corner(profile, heard), rare_pair(profile, heard)))
    assert told[0] == told[1]


@given(st.integers(0, 30))
def test_a_pair_of_fewer_than_eight_cannot_be_probed(n):
    heard = heard_by(400, (60, ("low",)), (60, ("can",)), (n, ("low", "can")))
    share = rare_pair(a_profile("low", "can"), heard).heard_by
    assert share == (Share(2, is_below=True) if n < 8 else Share(-(-n // 4), is_below=False))
