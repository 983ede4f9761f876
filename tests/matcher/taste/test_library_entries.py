from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.domain.exclusions import Exclusion, Kind
from matcher.domain.library import build_library
from matcher.domain.listening import Hearing, Listening, Part, Source
from matcher.taste.library_entries import artists_tagged, entries_of, entry_of
from tests.matcher.strategies import hygiene

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def hearing(artist, track, plays, month, facet=""):
    when = datetime.fromisoformat(f"{month}-09").replace(tzinfo=UTC) if month else None
    part = Part.PLAYLISTS if facet else Part.SAVED
    return Hearing(
        part,
        artist,
        track_name=track,
        facet_id=facet,
        facet_name=facet.title(),
        plays=plays,
        heard_at_utc=when,
    )


LIBRARY = build_library(
    Listening(
        "me",
        Source.TABLE,
        (
            hearing("Low", "Words", 1, "2026-02", "winter"),
            hearing("Low", "Lullaby", 2, "2025-12", "winter"),
            hearing("Can", "Spoon", 5, "2025-12"),
            hearing("Can", "Spoon", 2, ""),
        ),
    )
)


def told(kind, **since):
    return [
        (one.thing.value, one.name, one.artist_name, one.n_items, one.share)
        for one in entries_of(LIBRARY, kind, since)
    ]


def test_artists_come_strongest_first_as_they_are_written():
    assert told(Kind.ARTIST) == [("can", "Can", "", 2, 0.7), ("low", "Low", "", 2, pytest.approx(0.3))]


def test_tracks_name_their_artists():
    assert told(Kind.TRACK)[1] == ("low|lullaby", "Lullaby", "Low", 1, 0.2)


def test_playlists_have_names_and_other_parts_have_none():
    assert told(Kind.FACET) == [
        ("saved", "", "", 2, 0.7),
        ("playlists:winter", "Winter", "", 2, pytest.approx(0.3)),
    ]


def test_months_come_in_their_order():
    assert [one[0] for one in told(Kind.PERIOD)] == ["2025-12", "2026-02"]


def test_what_is_left_out_says_since_when():
    since = {Exclusion(Kind.ARTIST, "low"): NOW}
    assert [one.since_utc for one in entries_of(LIBRARY, Kind.ARTIST, since)] == [None, NOW]


def test_a_period_of_several_months_covers_what_stands_in_them():
    found = entry_of(LIBRARY, Exclusion(Kind.PERIOD, "2025-11..2026-01"), NOW)
    assert (found.name, found.n_items, found.share) == ("", 2, 0.7)


def test_a_whole_part_covers_its_facets_and_has_no_name():
    found = entry_of(LIBRARY, Exclusion(Kind.FACET, "playlists"), NOW)
    assert (found.name, found.n_items) == ("", 2)


def test_what_is_no_longer_in_the_library_covers_nothing():
    found = entry_of(LIBRARY, Exclusion(Kind.ARTIST, "neu"), NOW)
    assert (found.name, found.n_items, found.share) == ("", 0, 0.0)


@given(hygiene(max_exclusions=0), st.sampled_from(Kind))
def test_every_entry_can_be_left_out_and_covers_as_many_rows_as_it_says(pair, kind):
    library, _ = pair
    for entry in entries_of(library, kind, {}):
        assert sum(map(entry.thing.covering(), library.rows)) >= entry.n_items > 0
        assert entry_of(library, entry.thing, None).name == entry.name or kind is Kind.FACET


def test_artists_with_a_tag_come_as_much_as_they_give_of_it():
    tags = {"low": {"slowcore": 1.0}, "can": {"krautrock": 3.0, "slowcore": 1.0}, "neu": {"krautrock": 1.0}}
    heard = [hearing("Low", "Words", 4, ""), hearing("Can", "Spoon", 9, ""), hearing("Neu!", "Hero", 1, "")]
    library = build_library(Listening("me", Source.TABLE, tuple(heard), tags))
    assert artists_tagged(library, ["slowcore"]) == ("Low", "Can")
    assert artists_tagged(library, ["krautrock"]) == ("Can", "Neu!")
    assert artists_tagged(library, ["krautrock", "slowcore"]) == ("Can", "Low", "Neu!")
    assert artists_tagged(library, ["techno"]) == ()
