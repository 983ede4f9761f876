"""Noise that is no taste: who makes it, and how little it counts."""

from dataclasses import replace

import pytest

from matcher.domain.exclusions import NOISE_COUNTS
from matcher.domain.library import build_library, build_profile
from matcher.domain.listening import Hearing, Listening, Part, Source
from matcher.domain.noise import noise_artists
from matcher.domain.weights import NOISE_WEIGHT
from matcher.scoring.candidates import Candidates
from matcher.scoring.packed_candidates import digest_of, rarest
from tests.matcher.scoring.test_ranker import RANKER, stored_of


def listening(*plays, tags=None):
    hearings = tuple(Hearing(Part.PLAYS, artist, track_name=title, plays=n) for artist, title, n in plays)
    return Listening("x", Source.TABLE, hearings, tags or {})


@pytest.mark.parametrize(
    "artist",
    [
        "white noise baby sleep",
        "rain sounds xl",
        "cocomelon",
        "die drei",
        "weisses rauschen fur babys",
        "рай детские песни",
    ],
)
def test_some_artists_are_noise_by_their_names(artist):
    assert noise_artists([(artist, "")], {}) == {artist}


@pytest.mark.parametrize(
    "artist", ["low", "white noise", "a static lullaby", "rain", "brian eno", "merzbow", ""]
)
def test_names_of_music_are_not_noise(artist):
    assert noise_artists([(artist, f"{artist}|white noise")], {}) == frozenset()


def test_artists_are_noise_by_most_of_the_titles_that_one_has_of_them():
    rain = [("x", f"x|rain sounds {n}") for n in range(3)]
    songs = [("x", f"x|song {n}") for n in range(4)]
    assert noise_artists(rain, {}) == {"x"}
    assert noise_artists(rain + songs[:3], {}) == {"x"}
    assert noise_artists(rain + songs, {}) == frozenset()
    assert noise_artists(rain[:2], {}) == frozenset()


def test_artists_are_noise_by_most_of_their_tags():
    assert noise_artists([("x", "")], {"x": {"Children's Music": 3.0, "folk": 2.0}}) == {"x"}
    assert noise_artists([("x", "")], {"x": {"asmr": 2.0, "folk": 2.0}}) == frozenset()


def test_noise_counts_a_thousandth_of_a_play_and_is_still_there():
    profile = build_profile(listening(("Low", "Words", 4.0), ("White Noise Baby Sleep", "Fan", 300.0)))
    assert profile.artists == {"low": 4.0, "white noise baby sleep": NOISE_WEIGHT}


def test_what_is_played_for_hours_on_end_is_noise_whatever_it_is_called():
    plays = listening(("Low", "Words", 4.0), ("Calm Air", "Air", 300.0))
    assert build_profile(plays).artists["calm air"] == 300.0
    library = build_library(replace(plays, unbroken={"calm air": 9, "somebody else": 7}))
    assert library.unbroken == {"calm air": 9}
    assert library.profile().artists == {"low": 4.0, "calm air": NOISE_WEIGHT}
    assert library.without([NOISE_COUNTS]).artists["calm air"] == 300.0


def test_where_all_is_noise_it_counts_as_it_is():
    profile = build_profile(listening(("White Noise Baby Sleep", "Fan", 300.0)))
    assert profile.artists == {"white noise baby sleep": 300.0}


def test_noise_leaves_the_tags_to_the_music():
    tags = {"low": {"slowcore": 1.0}, "pinkfong": {"kids": 1.0}}
    profile = build_profile(listening(("Low", "Words", 4.0), ("Pinkfong", "Shark", 300.0), tags=tags))
    assert profile.tags["slowcore"] > 0.5


NOISE = [("Rain Sounds XL", f"Rain {n}", 10.0) for n in range(200)]


def songs(artist, first, last):
    return [(f"{artist} {n // 4}", f"Song {n}", 5.0) for n in range(first, last)]


@pytest.mark.parametrize("plays_power", [0.5, 0.25, 0.0])
def test_two_who_share_only_noise_are_not_each_others_first_match(plays_power):
    ranker = replace(RANKER, plays_power=plays_power)
    me, parent, friend = (
        ranker.weigh(build_profile(listening(*plays)), stored_of(1))
        for plays in (
            NOISE + songs("Band", 0, 40),
            NOISE + songs("Other", 0, 40),
            songs("Band", 0, 12) + songs("Choir", 0, 40),
        )
    )
    ranked = Candidates(["parent", "friend"], [parent, friend]).rank(ranker, me, 2)
    assert [key for key, _ in ranked] == ["friend", "parent"]


@pytest.mark.parametrize("plays_power", [0.5, 0.25, 0.0])
def test_nobody_is_looked_up_by_noise_first(plays_power):
    ranker = replace(RANKER, plays_power=plays_power)
    me = ranker.weigh(build_profile(listening(*NOISE, *songs("Band", 0, 40))), stored_of(1))
    noise = {digest_of("tracks", f"rain sounds xl|rain {n}") for n in range(200)}
    assert noise == set(rarest(me, ranker)[-200:])
