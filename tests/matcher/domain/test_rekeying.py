"""Stored by key rules 1, read by today's."""

import json
from dataclasses import replace

from matcher.domain.json_codec import (
    library_from_json,
    library_to_json,
    profile_from_json,
    profile_to_json,
    rekeyed,
)
from matcher.domain.library import Library, build_library
from matcher.domain.listening import Hearing, Listening, Part, Source
from matcher.domain.profile import Row

FACET = "plays"
NAMES = {"ด": "ดี", "ด|ม": "มี", "jørgen": "Jørgen", "volt feat moss": "Volt feat. Moss", "volt": "Volt"}
OLD = Library(
    "x",
    Source.TABLE,
    rows=(
        Row("#a1", "#t1", 1.0, FACET),
        Row("jørgen", "", 2.0, FACET, 1990),
        Row("volt", "", 3.0, FACET, 1980),
        Row("volt feat moss", "", 4.0, FACET, 1970),
        Row("ด", "ด|ม", 5.0, FACET, None, "2026-03"),
    ),
    names=NAMES,
    artist_tags={"jørgen": {"jazz": 1.0}, "volt": {"synth": 1.0}, "volt feat moss": {"synth": 2.0}},
)


def stored(value):
    return json.loads(json.dumps({key: one for key, one in value.items() if key != "key_rules"}))


def test_a_stored_library_gets_todays_keys_from_its_names():
    found = library_from_json("x", stored(library_to_json(replace(OLD, unbroken={"jørgen": 9}))))
    assert [(row.artist, row.track, row.plays, row.decade) for row in found.rows] == [
        ("#a1", "#t1", 1.0, None),
        ("jorgen", "", 2.0, 1990),
        ("volt", "", 7.0, 1970),
        ("ดี", "ดี|มี", 5.0, None),
    ]
    assert found.artist_tags == {"jorgen": {"jazz": 1.0}, "volt": {"synth": 3.0}}
    assert found.names["ดี|มี"] == "มี"
    assert found.unbroken == {"jorgen": 9}


def test_a_stored_profile_gets_todays_keys_from_its_names():
    found = profile_from_json("x", stored(profile_to_json(OLD.profile())))
    assert dict(found.artists) == {"#a1": 1.0, "jorgen": 2.0, "volt": 7.0, "ดี": 5.0}


def test_a_library_of_todays_keys_is_read_as_it_was_written():
    hearing = Hearing(Part.PLAYS, artist_name="Various Artists", track_name="Rain on a Roof")
    other = Hearing(Part.PLAYS, artist_name="Calm Air")
    library = build_library(Listening("x", Source.TABLE, (hearing, other), unbroken={"calm air": 9}))
    assert library.unbroken
    value = json.loads(json.dumps(library_to_json(library)))
    assert library_from_json("x", value) == library
    assert library_from_json("x", stored(value)) == library


def test_a_key_without_a_name_is_made_anew_from_itself():
    assert rekeyed("jørgen", "jørgen|øre", {}) == ("jorgen", "jorgen|ore")
    assert rekeyed("", "|rain", {}) == ("", "|rain")
