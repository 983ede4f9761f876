import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.domain.audio import AudioAttributes
from matcher.domain.json_codec import library_from_json, library_to_json, profile_to_json
from matcher.domain.library import build_library, build_profile
from matcher.domain.listening import Hearing, Listening, Part, PartStatus, Source
from tests.matcher.strategies import hygiene, libraries, sounding

DECEMBER = datetime(2025, 12, 24, 20, tzinfo=UTC)
MAY = datetime(2026, 5, 2, tzinfo=UTC)


def listening(*hearings, **more):
    return Listening("me", Source.TABLE, hearings, **more)


@given(sounding())
def test_a_library_makes_the_profile_that_the_listening_makes(pair):
    assert build_library(*pair).profile() == build_profile(*pair)


@given(sounding())
def test_a_library_makes_the_very_same_content_to_keep(pair):
    ours, theirs = (
        json.dumps(profile_to_json(one(*pair)), sort_keys=True) for one in (_by_way, build_profile)
    )
    assert ours == theirs


def _by_way(*pair):
    return build_library(*pair).profile()


@given(libraries)
def test_a_library_survives_json_exactly(library):
    found = library_from_json("x", json.loads(json.dumps(library_to_json(library))))
    assert found == library
    assert found.profile() == library.profile()


@given(libraries)
def test_a_library_that_was_stored_row_by_row_is_read(library):
    one_by_one = [
        [row.artist, row.track, row.plays, row.facet, row.decade, row.month] for row in library.rows
    ]
    assert library_from_json("x", {**library_to_json(library), "rows": one_by_one}) == library


@given(sounding(), st.randoms())
def test_the_order_of_facts_makes_no_difference_to_the_rows(pair, rng):
    found, _ = pair
    shuffled = list(found.hearings)
    rng.shuffle(shuffled)
    ours, theirs = (build_library(replace(found, hearings=tuple(one))) for one in (found.hearings, shuffled))
    assert [replace(row, plays=1) for row in ours.rows] == [replace(row, plays=1) for row in theirs.rows]


@given(hygiene())
def test_no_month_reaches_the_profile(pair):
    library, exclusions = pair
    months = {row.month for row in library.rows} - {""}
    text = json.dumps(profile_to_json(library.without(exclusions)))
    assert not [month for month in months if f'"{month}"' in text]


def test_plays_of_one_track_are_one_row_a_month_and_one_item():
    plays = [
        Hearing(Part.PLAYS, "Low", track_name="Words", plays=n, heard_at_utc=when)
        for n, when in ((1, DECEMBER), (2, DECEMBER), (4, MAY), (8, None))
    ]
    library = build_library(listening(*plays))
    assert [(row.month, row.plays) for row in library.rows] == [("", 8), ("2025-12", 3), ("2026-05", 4)]
    dated = 3 * 0.5 ** (5 / 36) + 4  # five months of a half-life of three years
    assert [item.plays for item in library.profile().items] == [pytest.approx(dated + 8 * dated / 7)]


def test_only_tags_and_sound_of_its_own_are_kept():
    tags = {"low": {"slowcore": 1.0}, "can": {"krautrock": 1.0}}
    sound = {
        "low|words": AudioAttributes({"energy": 0.1}),
        "can|halleluhwah": AudioAttributes({"energy": 0.7}),
    }
    library = build_library(
        listening(Hearing(Part.SAVED, "Low", track_name="Words"), artist_tags=tags), sound
    )
    assert set(library.artist_tags) == {"low"}
    assert set(library.attributes) == {"low|words"}


def test_a_part_is_what_the_same_listening_without_the_rest_makes():
    rows = (
        Hearing(Part.PLAYLISTS, "Low", track_name="Words", facet_id="p", facet_name="Slow", plays=3),
        Hearing(Part.PLAYLISTS, "Can", track_name="Vitamin C", facet_id="q", facet_name="Fast", plays=5),
        Hearing(Part.SAVED, "Low", track_name="Words", release_year=1994),
    )
    sound = {"low|words": AudioAttributes({"energy": 0.1}), "can|vitamin c": AudioAttributes({"energy": 0.7})}
    more = {
        "artist_tags": {"low": {"slowcore": 1.0}, "can": {"kraut": 1.0}},
        "parts": {Part.SAVED: PartStatus.OK},
    }
    library = build_library(listening(*rows, **more), sound)
    found = library.part(lambda row: row.facet == "playlists:p")
    assert found == build_profile(listening(rows[0], **more), sound)


def test_an_empty_listening_makes_an_empty_library():
    library = build_library(listening())
    assert library.is_empty
    assert library.profile().is_empty
