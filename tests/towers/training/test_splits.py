import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.domain.audio import AudioAttributes
from matcher.domain.library import build_profile
from matcher.domain.listening import Hearing, Listening, Part, Source
from tests.matcher.strategies import profiles
from towers.training.splits import MIN_ITEMS, ItemMetadata, playlists_of, split_by_artist, split_halves

CONTEXT = ItemMetadata({"low": {"slowcore": 1.0}}, {"low|song 1": AudioAttributes({"energy": 0.2})})
seeds = st.integers(0, 1_000)


def listener(*hearings):
    return build_profile(Listening("x", Source.TABLE, hearings))


def songs(*numbers, playlist="", artist="Low"):
    part = Part.PLAYLISTS if playlist else Part.PLAYS
    return [Hearing(part, artist, track_name=f"Song {n}", facet_id=playlist) for n in numbers]


def split(profile, seed=0, **kwargs):
    return split_halves(profile, np.random.default_rng(seed), CONTEXT, **kwargs)


@given(profiles, seeds)
def test_halves_by_item_share_no_recording(profile, seed):
    halves = split(profile, seed, by_playlist=False)
    if halves is not None:
        one, other = halves
        assert not one.tracks.keys() & other.tracks.keys()


@given(profiles, seeds)
def test_halves_by_item_are_the_whole(profile, seed):
    halves = split(profile, seed, by_playlist=False)
    if halves is not None:
        assert sorted(i.plays for half in halves for i in half.items) == sorted(
            i.plays for i in profile.items
        )


@given(profiles, seeds)
def test_halves_by_artist_share_no_artist(profile, seed):
    halves = split_by_artist(profile, np.random.default_rng(seed), CONTEXT)
    if halves is not None:
        one, other = halves
        assert not one.artists.keys() & other.artists.keys()
        assert min(len(half.tracks) or len(half.artists) for half in halves) >= MIN_ITEMS


def test_halves_by_artist_have_half_of_the_artists_each():
    many = listener(*(hearing for n in range(7) for hearing in songs(1, 2, artist=f"Artist {n}")))
    one, other = split_by_artist(many, np.random.default_rng(0), CONTEXT)
    assert (len(one.artists), len(other.artists)) == (3, 4)


def test_one_artist_cannot_be_split_by_artist():
    assert split_by_artist(listener(*songs(*range(20))), np.random.default_rng(0), CONTEXT) is None


@given(profiles, seeds, st.booleans())
def test_no_half_is_too_thin(profile, seed, by_playlist):
    halves = split(profile, seed, by_playlist=by_playlist)
    for half in halves or ():
        assert (len(half.tracks) or len(half.artists)) >= MIN_ITEMS


@pytest.mark.parametrize("n", range(1, 12))
def test_halves_by_item_differ_by_one_item_at_most(n):
    halves = split(listener(*songs(*range(n))), by_playlist=False)
    if n < 2 * MIN_ITEMS:
        assert halves is None
    else:
        one, other = halves
        assert abs(len(one.tracks) - len(other.tracks)) == n % 2


def test_of_artists_alone_there_are_halves_too():
    profile = listener(*(Hearing(Part.PLAYS, name) for name in "abcdef"))
    one, other = split(profile)
    assert sorted([*one.artists, *other.artists]) == list("abcdef")


def test_an_empty_profile_has_no_halves():
    assert split(listener()) is None


def test_a_recording_in_two_places_is_not_parted():
    rows = [*songs(*range(8)), *(Hearing(Part.SAVED, "Low", track_name=f"Song {n}") for n in range(8))]
    one, other = split(listener(*rows), by_playlist=False)
    assert len(one.items) == 2 * len(one.tracks)
    assert len(other.items) == 2 * len(other.tracks)


def test_halves_by_playlist_are_whole_playlists():
    rows = [
        song
        for place, name in enumerate("pqrs")
        for song in songs(*range(3 * place, 3 * place + 3), playlist=name)
    ]
    one, other = split(listener(*rows))
    assert not one.facets.keys() & other.facets.keys()
    assert len(one.facets) == len(other.facets) == 2


def test_halves_by_playlist_may_repeat_a_recording():
    rows = [*songs(1, 2, 3, playlist="p"), *songs(3, 4, 5, playlist="q")]
    one, other = split(listener(*rows))
    assert one.tracks.keys() & other.tracks.keys() == {"low|song 3"}


def test_one_playlist_alone_is_halved_by_item():
    one, other = split(listener(*songs(*range(6), playlist="p")))
    assert one.facets.keys() == other.facets.keys() == {"playlists:p"}


def test_what_stands_in_no_playlist_is_in_no_half_by_playlist():
    rows = [*songs(1, 2, 3, playlist="p"), *songs(4, 5, 6, playlist="q"), *songs(7, 8, 9)]
    one, other = split(listener(*rows))
    assert not {"low|song 7", "low|song 8", "low|song 9"} & (one.tracks.keys() | other.tracks.keys())


def test_repeated_items_are_in_both_halves():
    profile = listener(*songs(*range(100)))
    one, other = split(profile, by_playlist=False, repeated=0.3)
    assert 15 <= len(one.tracks.keys() & other.tracks.keys()) <= 45


def test_with_everything_repeated_both_halves_are_the_whole():
    profile = listener(*songs(*range(6)))
    one, other = split(profile, by_playlist=False, repeated=1.0)
    assert one.tracks == other.tracks == profile.tracks


def test_halves_keep_listener_and_names():
    profile = listener(*songs(*range(6)))
    for half in split(profile):
        assert half.listener_id == "x"
        assert half.names == profile.names


def test_tags_and_audio_of_a_half_are_those_of_its_own_items():
    rows = [*songs(1, 2, 3, playlist="p"), *songs(4, 5, 6, playlist="q", artist="Can")]
    low, can = sorted(split(listener(*rows)), key=lambda half: "low" not in half.artists)
    assert (low.tags, can.tags) == ({"slowcore": 1.0}, {})
    assert low.audio.coverage == pytest.approx(1 / 3)
    assert can.audio is None


def test_the_same_draw_gives_the_same_halves():
    profile = listener(*songs(*range(20)))
    assert split(profile, 3) == split(profile, 3)


def test_another_draw_gives_other_halves():
    profile = listener(*songs(*range(20)))
    assert split(profile, 3) != split(profile, 4)


def test_only_playlists_count_as_playlists():
    rows = [*songs(1, playlist="q"), *songs(2, playlist="p"), *songs(3)]
    assert playlists_of(listener(*rows)) == ["playlists:p", "playlists:q"]
