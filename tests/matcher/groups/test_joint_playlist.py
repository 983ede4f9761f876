from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from matcher.domain.profile import Item
from matcher.groups.discovery import ItemSpace
from matcher.groups.fair_choice import choose_by_average, satisfaction
from matcher.groups.joint_playlist import MOST_BY_ARTIST, fair_playlist, offer_of
from matcher.scoring.overlap import ItemFrequencies
from tests.matcher.groups.test_discovery import NOBODY, taste
from tests.matcher.matching.test_service import FakeEmbedder

MINE = ["Both: X", *(f"Low: Song {n}" for n in range(8))] + [f"Mine {n}: A" for n in range(8)]
THEIRS = ["Both: X", *(f"Low: Song {n}" for n in range(4, 12))] + [f"Theirs {n}: B" for n in range(8)]


@pytest.fixture
def space():
    return ItemSpace(FakeEmbedder())


@pytest.fixture
def pair():
    return [taste("me", *MINE), taste("you", *THEIRS)]


def playlist_of(*asked, **options):
    return fair_playlist(*asked, **options).tracks


def owners(tracks):
    return [one.owners for one in tracks]


def test_every_track_says_whose_it_is(pair, space):
    tracks = playlist_of(pair, space, NOBODY)
    for track in tracks:
        has = [one.listener_id for one in pair if track.key in one.profile.tracks]
        assert track.owners == tuple(has)


def test_what_both_have_is_in_it_and_something_of_each(pair, space):
    found = owners(playlist_of(pair, space, NOBODY, n_tracks=10))
    assert {("me", "you"), ("me",), ("you",)} <= set(found)


def test_the_two_take_even_parts(pair, space):
    found = owners(playlist_of(pair, space, NOBODY, n_tracks=12))
    assert abs(found.count(("me",)) - found.count(("you",))) <= 1


def test_nobodys_tracks_are_heaped_together(pair, space):
    found = owners(playlist_of(pair, space, NOBODY, n_tracks=12))
    alone = [one for one in found if len(one) == 1]
    assert all(one != other for one, other in pairwise(alone))


def test_the_same_members_get_the_same_playlist(pair, space):
    again = playlist_of(pair, ItemSpace(FakeEmbedder()), NOBODY)
    assert playlist_of(pair, space, NOBODY) == again


def test_no_artist_takes_over(space):
    members = [taste("me", *(f"Low: Song {n}" for n in range(40))), taste("you", "Can: Vitamin C")]
    tracks = playlist_of(members, space, NOBODY)
    assert [one.artist for one in tracks].count("Low") == MOST_BY_ARTIST


def test_what_may_not_be_seen_is_not_in_it_and_not_attributed(pair, space):
    hidden = {("you", "both|x"), ("you", "theirs 0|b")}

    def allowed(owner, kind, key):
        return (owner, key) not in hidden

    tracks = {one.key: one for one in playlist_of(pair, space, NOBODY, 40, allowed)}
    assert "theirs 0|b" not in tracks
    assert tracks["both|x"].owners == ("me",)
    assert tracks["both|x"].liking["you"] <= 0.5


def test_liking_is_told_for_every_member(pair, space):
    for track in playlist_of(pair, space, NOBODY):
        assert set(track.liking) == {"me", "you"}
        assert all(0.0 <= one <= 1.0 for one in track.liking.values())
        assert all(track.liking[owner] > 0.5 for owner in track.owners)


def test_members_who_know_artists_only_have_no_playlist(space):
    assert playlist_of([taste("me", "Low"), taste("you", "Can")], space, NOBODY) == ()


@pytest.mark.parametrize("n_tracks", [-1, 0])
def test_none_wanted_is_none_given(pair, space, n_tracks):
    assert playlist_of(pair, space, NOBODY, n_tracks) == ()


def test_in_a_group_the_odd_one_out_is_served_better_than_by_the_average(space):
    crowd = [taste(f"crowd {n}", *(f"Band {i}: Hit" for i in range(30))) for n in range(4)]
    odd = taste("odd", *(f"Loner {i}: Own" for i in range(30)))
    members = [*crowd, odd]
    offer = offer_of(members, space, NOBODY)
    fair = playlist_of(members, space, NOBODY, n_tracks=10)
    columns = np.array([offer.keys.index(one.key) for one in fair])
    plain = choose_by_average(offer.liking, 10)
    least = satisfaction(offer.liking, columns, 10).min()
    assert least > satisfaction(offer.liking, plain, 10).min()
    assert sum("odd" in one.owners for one in fair) >= 3


def test_a_track_without_a_name_shows_its_key(space):
    from matcher.domain.library import build_profile
    from matcher.domain.listening import Hearing, Listening, Part, Source
    from matcher.groups.discovery import Taste

    profile = build_profile(Listening("me", Source.TABLE, (Hearing(Part.SAVED, track_id="abc"),)))
    stored = FakeEmbedder().embed([profile]).stored[0]
    (track,) = playlist_of([Taste("me", profile, stored)] * 1, space, NOBODY)
    assert (track.key, track.title, track.artist) == ("#abc", "#abc", "")


def test_satisfaction_is_told_for_every_member_of_the_most_that_was_possible(pair, space):
    whole = fair_playlist(pair, space, NOBODY, n_tracks=100)
    assert list(whole.satisfaction) == ["me", "you"]
    few = fair_playlist(pair, space, NOBODY, n_tracks=5)
    assert all(0.3 < share <= 1.0 for share in few.satisfaction.values())


def test_one_alone_on_offer_is_satisfied_wholly_by_their_own(space):
    alone = [taste("me", "Low: A", "Can: B"), taste("you")]
    assert fair_playlist(alone, space, NOBODY, n_tracks=2).satisfaction["me"] == pytest.approx(1.0)


def test_an_opaque_track_counts_for_its_artist(space):
    rows = [(f"#id{n}", "low") for n in range(8)]
    profile = replace(
        taste("me", "Low: A").profile, items=tuple(Item(artist, key, 1.0, "saved") for key, artist in rows)
    )
    members = [replace(taste("me", "Low: A"), profile=profile), taste("you", "Can: B")]
    tracks = playlist_of(members, space, NOBODY)
    assert sum(one.key.startswith("#id") for one in tracks) == MOST_BY_ARTIST


def test_of_two_tracks_of_another_the_better_known_appeals_more(space):
    members = [taste("me", "Low: X"), taste("you", "Can: Spoon", "Can: Rare")]
    common = ItemFrequencies(100, {"tracks": {"can|spoon": 90, "can|rare": 1}})
    offer = offer_of(members, space, common)
    mine = dict(zip(offer.keys, offer.liking[0], strict=True))
    assert mine["can|spoon"] > mine["can|rare"]
