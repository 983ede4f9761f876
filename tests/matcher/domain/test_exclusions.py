from datetime import UTC, datetime
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.domain.exclusions import Exclusion, Kind, value_of
from matcher.domain.library import build_library
from matcher.domain.listening import Hearing, Listening, Part, Source
from tests.matcher.strategies import hygiene, libraries

SLEEP = Exclusion(Kind.FACET, "playlists:sleep")


def hearing(part, artist, track="", facet="", month=""):
    when = datetime.fromisoformat(f"{month}-09").replace(tzinfo=UTC) if month else None
    return Hearing(
        part, artist, track_name=track, facet_id=facet, facet_name=facet.title(), heard_at_utc=when
    )


def library(*hearings):
    return build_library(Listening("me", Source.TABLE, hearings))


def places(found):
    """Artist, track and facet of each item, short."""
    return {(item.artist, item.track.partition("|")[2], item.facet) for item in found.items}


LULLABIES = library(
    hearing(Part.PLAYLISTS, "Nursery", "Twinkle", "sleep"),
    hearing(Part.PLAYLISTS, "Nursery", "Sheep", "sleep"),
    hearing(Part.PLAYLISTS, "Low", "Lullaby", "sleep"),
    hearing(Part.PLAYLISTS, "Low", "Words", "winter"),
    hearing(Part.SAVED, "Nursery", "Sheep"),
    hearing(Part.TOP_TRACKS, "Nursery", "Twinkle", "short_term"),
    hearing(Part.TOP_TRACKS, "Nursery", "Sheep", "short_term"),
    hearing(Part.TOP_TRACKS, "Can", "Spoon", "short_term"),
    hearing(Part.TOP_ARTISTS, "Nursery", facet="short_term"),
    hearing(Part.TOP_ARTISTS, "Low", facet="short_term"),
    hearing(Part.RECENT, "Nursery", "Twinkle"),
    hearing(Part.RECENT, "Can", "Spoon"),
    hearing(Part.PLAYS, "Nursery", "Twinkle"),
)


def test_an_artist_is_gone_from_everywhere_even_by_name():
    found = LULLABIES.without([Exclusion(Kind.ARTIST, "nursery")])
    assert "nursery" not in found.artists
    assert not [name for name in found.names.values() if name in ("Nursery", "Twinkle", "Sheep")]


def test_a_track_is_gone_from_every_list():
    found = LULLABIES.without([Exclusion(Kind.TRACK, "nursery|twinkle")])
    assert "nursery|twinkle" not in found.tracks
    assert "nursery|sheep" in found.tracks


def test_what_only_a_left_out_playlist_holds_goes_from_what_was_played():
    found = LULLABIES.without([SLEEP])
    assert ("nursery", "twinkle", "top_tracks:short_term") not in places(found)
    assert ("nursery", "twinkle", "recent") not in places(found)
    assert ("nursery", "twinkle", "plays") not in places(found)
    assert "playlists:sleep" not in found.facets


def test_what_also_stands_elsewhere_stays_there_and_in_the_lists():
    found = places(LULLABIES.without([SLEEP]))
    assert ("nursery", "sheep", "saved") in found
    assert ("nursery", "sheep", "top_tracks:short_term") in found
    assert ("nursery", "", "top_artists:short_term") in found
    assert ("low", "", "top_artists:short_term") in found


def test_what_never_stood_in_it_stays():
    assert ("can", "spoon", "recent") in places(LULLABIES.without([SLEEP]))
    assert ("can", "spoon", "top_tracks:short_term") in places(LULLABIES.without([SLEEP]))


def test_an_artist_of_whom_nothing_stays_goes_from_the_top_artists():
    rest = LULLABIES.without([SLEEP, Exclusion(Kind.TRACK, "nursery|sheep")])
    assert "nursery" not in rest.artists


def test_leaving_out_a_list_that_spotify_makes_touches_no_other():
    found = places(LULLABIES.without([Exclusion(Kind.FACET, "recent")]))
    assert ("nursery", "twinkle", "top_tracks:short_term") in found
    assert not [one for one in found if one[2] == "recent"]


def test_a_part_is_left_out_with_all_its_facets():
    found = LULLABIES.without([Exclusion(Kind.FACET, "playlists")])
    assert {facet.part for facet in found.facets.values()} == {
        Part.SAVED,
        Part.TOP_TRACKS,
        Part.TOP_ARTISTS,
        Part.RECENT,
    }


def test_a_playlist_is_not_left_out_because_its_id_begins_like_another():
    found = library(
        hearing(Part.PLAYLISTS, "Low", "Words", "a"), hearing(Part.PLAYLISTS, "Can", "Spoon", "a:b")
    ).without([Exclusion(Kind.FACET, "playlists:a")])
    assert set(found.artists) == {"can"}


CHRISTMAS = library(
    hearing(Part.SAVED, "Carols", "Bells", month="2025-12"),
    hearing(Part.PLAYLISTS, "Carols", "Snow", "party", month="2025-12"),
    hearing(Part.PLAYLISTS, "Carols", "Snow", "all year", month="2026-03"),
    hearing(Part.RECENT, "Carols", "Bells", month="2026-01"),
    hearing(Part.TOP_TRACKS, "Carols", "Bells", "long_term"),
    hearing(Part.SAVED, "Low", "Words", month="2026-01"),
    hearing(Part.SAVED, "Can", "Spoon"),
)


@pytest.mark.parametrize("period", ["2025-12", "2025-12..2025-12", "2025-11..2025-12"])
def test_a_period_is_gone_and_what_is_dated_otherwise_stays(period):
    found = places(CHRISTMAS.without([Exclusion(Kind.PERIOD, period)]))
    assert ("carols", "bells", "saved") not in found
    assert ("carols", "snow", "playlists:party") not in found
    assert {("carols", "snow", "playlists:all year"), ("low", "words", "saved")} <= found


def test_a_period_of_several_months_has_both_ends_in_it():
    found = CHRISTMAS.without([Exclusion(Kind.PERIOD, "2025-12..2026-01")])
    assert places(found) == {("carols", "snow", "playlists:all year"), ("can", "spoon", "saved")}


def test_a_top_track_is_kept_by_a_play_outside_the_period_but_not_by_one_inside():
    december, both = Exclusion(Kind.PERIOD, "2025-12"), Exclusion(Kind.PERIOD, "2025-12..2026-01")
    top = ("carols", "bells", "top_tracks:long_term")
    assert top in places(CHRISTMAS.without([december]))
    assert top not in places(CHRISTMAS.without([both]))


@given(hygiene())
def test_left_out_things_never_appear(pair):
    whole, exclusions = pair
    found = whole.without(exclusions)
    for thing in exclusions:
        if thing.kind is Kind.ARTIST:
            assert thing.value not in map(value_of, found.artists)
        if thing.kind is Kind.TRACK:
            assert thing.value not in map(value_of, found.tracks)
        if thing.kind is Kind.FACET:
            assert not [one for one in found.facets if thing.value in (one, one.partition(":")[0])]
    assert set(found.names) <= {*found.artists, *found.tracks}
    assert set(found.facets) == {item.facet for item in found.items}


@given(hygiene())
def test_months_that_are_left_out_never_appear(pair):
    whole, exclusions = pair
    periods = [one.months for one in exclusions if one.kind is Kind.PERIOD]
    months = {row.month for row in whole.less(exclusions).rows if row.month}
    assert not [month for month in months for first, last in periods if first <= month <= last]


@given(hygiene(max_exclusions=3))
def test_the_order_of_leaving_out_makes_no_difference(pair):
    whole, exclusions = pair
    found = {whole.less(order).rows for order in permutations(exclusions)}
    assert len(found) == 1


@given(hygiene())
def test_leaving_out_more_never_brings_anything_back(pair):
    whole, exclusions = pair
    for n in range(len(exclusions)):
        assert set(whole.less(exclusions[: n + 1]).rows) <= set(whole.less(exclusions[:n]).rows)


@given(libraries)
def test_leaving_out_nothing_changes_nothing(whole):
    assert whole.less([]) == whole


@pytest.mark.parametrize(
    "value",
    ["", "2025", "2025-13", "2025-1", "2025-12..", "2026-01..2025-12", "2025-12...2026-01", "２０２５-12"],
)
def test_what_is_no_period_is_refused(value):
    with pytest.raises(ValueError, match=r"period|value"):
        Exclusion(Kind.PERIOD, value)


@pytest.mark.parametrize("key", ["", "x" * 501, "nul\x00", "\ud800", "line\nbreak"])
def test_what_cannot_be_kept_is_refused_as_it_is(key):
    with pytest.raises(ValueError, match="value"):
        Exclusion(Kind.ARTIST, key)


@given(st.text(min_size=1, max_size=600))
def test_every_key_has_a_value_that_can_be_kept(key):
    thing = Exclusion(Kind.ARTIST, value_of(key))
    assert len(thing.value) <= 500
    assert thing.value.isprintable()


def test_an_artist_of_any_name_can_be_left_out():
    hostile = library(hearing(Part.SAVED, "é" * 4000, "x"), hearing(Part.SAVED, "Low", "Words"))
    artist = next(one for one in hostile.artists if one != "low")
    assert set(hostile.without([Exclusion(Kind.ARTIST, value_of(artist))]).artists) == {"low"}


def test_a_name_that_stands_elsewhere_too_stays_among_the_top_artists():
    found = library(
        hearing(Part.PLAYLISTS, "Nursery", "Twinkle", "sleep"),
        hearing(Part.PLAYLISTS, "Nursery", facet="winter"),
        hearing(Part.TOP_ARTISTS, "Nursery", facet="short_term"),
    ).without([SLEEP])
    assert ("nursery", "", "top_artists:short_term") in places(found)
