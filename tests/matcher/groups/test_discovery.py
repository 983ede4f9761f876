import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.domain.library import build_profile
from matcher.domain.listening import Hearing, Listening, Part, Source
from matcher.groups.discovery import MOST_OFFERED, ItemSpace, Taste, appeal, discover
from matcher.scoring.overlap import ItemFrequencies
from tests.matcher.matching.test_service import FakeEmbedder

NOBODY = ItemFrequencies(100, {})


def taste(listener_id, *titles, embedder=None, plays=None):
    """A listener who hears "Artist: Title" each, as often as `plays` says."""
    rows = [title.split(": ") for title in titles]
    times = plays or [1.0] * len(rows)
    facts = tuple(
        Hearing(Part.SAVED, artist_name=row[0], track_name=row[1] if row[1:] else "", plays=n)
        for row, n in zip(rows, times, strict=True)
    )
    profile = build_profile(Listening(listener_id, Source.TABLE, facts))
    return Taste(listener_id, profile, (embedder or FakeEmbedder()).embed([profile]).stored[0])


@pytest.fixture
def space():
    return ItemSpace(FakeEmbedder())


def names(finds):
    return [one.name for one in finds]


def test_what_i_have_is_not_offered(space):
    mine, theirs = taste("me", "Low", "Can"), taste("you", "Low", "Neu!")
    assert names(discover(mine, theirs, space, NOBODY)) == ["Neu!"]


def test_what_lies_nearest_to_me_comes_first(space):
    mine = taste("me", "Low: Sunflower")
    theirs = taste("you", "Drexciya: Wavejumper", "Low: Dinosaur Act", "Can: Vitamin C")
    assert names(discover(mine, theirs, space, NOBODY, kind="tracks"))[0] == "Dinosaur Act"


def test_of_equals_what_they_hear_most_comes_first(space):
    mine = taste("me", "Low")
    theirs = taste("you", "Stranger One", "Stranger Two", plays=[1.0, 50.0])
    assert names(discover(mine, theirs, space, NOBODY)) == ["Stranger Two", "Stranger One"]


def test_of_equals_the_commoner_comes_first_and_last_where_surprise_is_wanted(space):
    mine, theirs = taste("me", "Low"), taste("you", "Everywhere", "Nowhere")
    counts = ItemFrequencies(100, {"artists": {"everywhere": 80, "nowhere": 1}})
    assert names(discover(mine, theirs, space, counts)) == ["Everywhere", "Nowhere"]
    assert names(discover(mine, theirs, space, counts, surprise=1.0)) == ["Nowhere", "Everywhere"]


def test_only_what_the_other_lets_be_seen_is_offered(space):
    mine, theirs = taste("me", "Low"), taste("you", "Can", "Neu!")

    def allowed(owner, kind, key):
        return (owner, kind, key) == ("you", "artists", "can")

    assert names(discover(mine, theirs, space, NOBODY, allowed=allowed)) == ["Can"]


def test_a_track_comes_with_its_artist(space):
    (found,) = discover(taste("me", "Low"), taste("you", "Can: Vitamin C"), space, NOBODY, kind="tracks")
    assert (found.name, found.artist, found.key) == ("Vitamin C", "Can", "can|vitamin c")


@pytest.mark.parametrize("top_n", [-1, 0])
def test_none_wanted_is_none_found(space, top_n):
    assert discover(taste("me", "Low"), taste("you", "Can"), space, NOBODY, top_n=top_n) == ()


def test_a_listener_who_has_nothing_else_offers_nothing(space):
    assert discover(taste("me", "Low"), taste("you", "Low"), space, NOBODY) == ()


@pytest.mark.parametrize(("kind", "surprise"), [("tags", 0.0), ("artists", -0.1), ("artists", 1.1)])
def test_what_cannot_be_discovered_is_refused(space, kind, surprise):
    with pytest.raises(ValueError, match="discovered"):
        discover(taste("me", "Low"), taste("you", "Can"), space, NOBODY, kind=kind, surprise=surprise)


def test_a_huge_library_is_looked_at_as_far_as_it_is_heard_most(space):
    theirs = taste("you", *(f"Artist {n}" for n in range(500)), plays=[500.0 - n for n in range(500)])
    found = discover(taste("me", "Low"), theirs, space, NOBODY, top_n=1_000)
    assert len(found) == MOST_OFFERED
    assert {one.name for one in found} == {f"Artist {n}" for n in range(MOST_OFFERED)}


def test_an_item_is_embedded_once():
    embedder = FakeEmbedder()
    space = ItemSpace(embedder)
    first = space.vectors([("low", ""), ("can", ""), ("low", "")])
    second = space.vectors([("can", "")])
    assert embedder.n_embedded == 2
    np.testing.assert_array_equal(first[0], first[2])
    np.testing.assert_array_equal(first[1], second[0])


def test_a_full_memory_forgets_and_goes_on():
    space = ItemSpace(FakeEmbedder(), most=2)
    before = space.vectors([("low", ""), ("can", "")])
    space.vectors([("neu", "")])
    np.testing.assert_array_equal(space.vectors([("low", ""), ("can", "")]), before)


def test_no_items_have_no_vectors(space):
    assert space.vectors([]).shape == (0, 8)


@given(st.lists(st.tuples(*[st.floats(-5, 5)] * 3), max_size=12), st.randoms())
def test_appeal_does_not_depend_on_the_order_of_what_is_on_offer(rows, random):
    order = list(range(len(rows)))
    random.shuffle(order)
    table = np.array(rows).reshape(-1, 3)
    straight, shuffled = appeal(*table.T), appeal(*table[order].T)
    np.testing.assert_allclose(straight[order], shuffled, atol=1e-6)
