"""Libraries of several sources become one: the larger count counts, not the sum."""

from dataclasses import replace

import pytest
from hypothesis import given

from matcher.domain.library import Library
from matcher.domain.listening import Part, PartStatus, Source
from matcher.domain.profile import Facet, Row
from matcher.taste.merging import merged
from tests.matcher.strategies import libraries


def library(source, *rows, **more):
    facets = more.pop("facets", {"plays": Facet(Part.PLAYS), "saved": Facet(Part.SAVED)})
    return Library(
        "me", source, tuple(sorted(rows, key=lambda row: (row.artist, row.track, row.month))), facets, **more
    )


def plays(artist, track, n, month=""):
    return Row(artist, f"{artist}|{track}" if track else "", n, "plays", None, month)


def file_of(*rows, **more):
    return library(Source.SPOTIFY_EXPORT, *rows, **more)


def lastfm(*rows, **more):
    return library(Source.LASTFM, *rows, **more)


def counts(found):
    return {(row.artist, row.track.rpartition("|")[2], row.month): row.plays for row in found.rows}


def test_of_a_month_the_larger_count_is_taken():
    found = merged([file_of(plays("low", "song", 3, "2026-01")), lastfm(plays("low", "song", 5, "2026-01"))])
    assert counts(found) == {("low", "song", "2026-01"): 5}


def test_months_that_one_source_knows_are_added():
    found = merged([file_of(plays("low", "song", 3, "2026-01")), lastfm(plays("low", "song", 5, "2026-02"))])
    assert counts(found) == {("low", "song", "2026-01"): 3, ("low", "song", "2026-02"): 5}


def test_a_total_without_months_counts_as_far_as_it_is_more():
    found = merged([file_of(plays("low", "song", 3, "2026-01")), lastfm(plays("low", "song", 5))])
    assert counts(found) == {("low", "song", "2026-01"): 3, ("low", "song", ""): 2}


def test_a_smaller_total_without_months_adds_nothing():
    found = merged([file_of(plays("low", "song", 3, "2026-01")), lastfm(plays("low", "song", 2))])
    assert counts(found) == {("low", "song", "2026-01"): 3}


def test_an_artists_total_counts_as_far_as_no_track_has_it():
    known = file_of(plays("low", "one", 30), plays("low", "two", 40))
    assert counts(merged([known, lastfm(plays("low", "", 100))]))["low", "", ""] == 30
    assert ("low", "", "") not in counts(merged([known, lastfm(plays("low", "", 60))]))


def test_a_saved_track_is_saved_once():
    mine = Row("low", "low|song", 1.0, "saved", 1990, "2026-05")
    found = merged([file_of(replace(mine, month="")), lastfm(mine)])
    assert [row.plays for row in found.rows] == [1.0]


def test_playlists_of_one_name_are_one():
    def listed(source, key, name, track):
        row = Row("low", f"low|{track}", 1.0, key)
        return library(source, row, facets={key: Facet(Part.PLAYLISTS, name)})

    found = merged(
        [
            listed(Source.SPOTIFY_EXPORT, "playlists:1", "Café", "one"),
            listed(Source.SPOTIFY_API, "playlists:2", "cafe", "two"),
            listed(Source.LASTFM, "playlists:3", "Other", "one"),
        ]
    )
    assert len(found.facets) == 2
    assert len({row.facet for row in found.rows}) == 2


def test_with_spotifys_web_api_in_it_no_model_is_trained_on_it():
    small = library(Source.SPOTIFY_API, plays("low", "song", 1))
    large = file_of(*(plays(f"artist {n}", "song", 1) for n in range(9)))
    assert not merged([small, large]).source.trainable
    assert merged([lastfm(plays("low", "song", 1)), large]).source is Source.SPOTIFY_EXPORT


def test_a_part_that_any_source_read_was_read():
    good, bad = {Part.PLAYS: PartStatus.OK}, {Part.PLAYS: PartStatus.FAILED, Part.SAVED: PartStatus.EMPTY}
    row = plays("low", "song", 1)
    assert merged([file_of(row, parts=bad), lastfm(row, parts=good)]).parts == {
        Part.PLAYS: PartStatus.OK,
        Part.SAVED: PartStatus.EMPTY,
    }


def test_what_one_source_shows_to_be_noise_is_noise_in_all_of_it():
    mine = replace(file_of(plays("calm air", "air", 9)), unbroken={"calm air": 8})
    for both in ((mine, lastfm(plays("low", "words", 4))), (lastfm(plays("calm air", "air", 9)), mine)):
        assert merged(both).unbroken == {"calm air": 8}


def test_nothing_makes_nothing_and_one_stays_as_it_is():
    alone = file_of(plays("low", "song", 3))
    assert merged([]) is None
    assert merged([alone]) is alone


@given(libraries, libraries)
def test_the_order_of_sources_does_not_matter(one, other):
    one, other = replace(one, source=Source.LASTFM), replace(other, source=Source.LISTENBRAINZ)
    assert merged([one, other]) == merged([other, one])


@given(libraries)
def test_the_same_told_twice_is_told_once(mine):
    again = merged([replace(mine, source=Source.LASTFM), replace(mine, source=Source.LISTENBRAINZ)])
    assert strengths(again) == pytest.approx(strengths(mine), rel=1e-6, abs=1e-5)


@given(libraries, libraries)
def test_no_item_counts_less_than_in_one_source_or_more_than_in_both(one, other):
    one, other = replace(one, source=Source.LASTFM), replace(other, source=Source.LISTENBRAINZ)
    mine, theirs, both = strengths(one), strengths(other), strengths(merged([one, other]))
    for key in mine.keys() | theirs.keys():
        least, most = max(mine.get(key, 0), theirs.get(key, 0)), mine.get(key, 0) + theirs.get(key, 0)
        assert least * (1 - 1e-6) - 1e-5 <= both[key] <= most * (1 + 1e-6) + 1e-5


def strengths(found):
    total = {}
    for row in found.rows:
        total[row.artist] = total.get(row.artist, 0.0) + row.plays
    return total
