from dataclasses import replace
from datetime import UTC, datetime

import pytest

from matcher.domain.exclusions import Exclusion, Kind
from matcher.domain.library import build_library
from matcher.domain.listening import Hearing, Listening, Part, Source
from matcher.taste.clusters import find_clusters
from matcher.taste.facets import LEAST_ITEMS, FacetKind, distinctive_tags, facets_with, profile_with
from matcher.taste.merging import merged
from tests.matcher.taste.test_clusters import TagEmbedder
from towers.serving.kmeans import SeededKMeans

TOOLS = (TagEmbedder(), SeededKMeans())


def facets_of(library, embedder=TOOLS[0]):
    return facets_with(library, find_clusters(library, embedder, TOOLS[1]))


def profile_of(library, facet_id):
    return profile_with(library, facet_id, find_clusters(library, *TOOLS))


def hearings(tag, count, part=Part.PLAYLISTS, facet=""):
    name = facet.title()
    return [
        Hearing(part, f"{tag} {n}", track_name="song", facet_id=facet, facet_name=name, plays=n + 1)
        for n in range(count)
    ]


def library(*hearings):
    tags = {one.artist_name: {one.artist_name.split()[0]: 1.0} for one in hearings}
    return build_library(Listening("me", Source.TABLE, hearings, tags))


TWO_SCENES = library(
    *hearings("folk", 6, facet="fireside"),
    *hearings("techno", 9, facet="warehouse"),
    *hearings("folk", 6, Part.SAVED),
    *hearings("techno", 2, facet="short"),
)


@pytest.fixture(scope="module")
def facets():
    return facets_of(TWO_SCENES)


def test_clusters_come_first_then_playlists_then_other_parts(facets):
    assert [one.kind for one in facets] == [
        FacetKind.CLUSTER,
        FacetKind.CLUSTER,
        FacetKind.PLAYLIST,
        FacetKind.PLAYLIST,
        FacetKind.PART,
    ]
    assert [one.facet_id for one in facets[2:]] == ["playlists:fireside", "playlists:warehouse", "saved"]


def test_what_is_too_small_to_match_on_is_absent(facets):
    assert "playlists:short" not in {one.facet_id for one in facets}
    assert all(one.n_artists + one.n_tracks >= LEAST_ITEMS for one in facets)


def test_a_cluster_is_named_by_what_tells_it_from_the_rest(facets):
    assert {one.name for one in facets[:2]} == {"folk", "techno"}


class NameEmbedder(TagEmbedder):
    """Places a profile by the first word of its artist's name."""

    def embed(self, profiles):
        return super().embed([replace(one, tags={min(one.artists).split()[0]: 1.0}) for one in profiles])


def test_a_cluster_without_tags_is_named_by_its_artists():
    rows = (*hearings("folk", 6), *hearings("techno", 9))
    found = facets_of(build_library(Listening("me", Source.TABLE, rows)), NameEmbedder())
    assert [one.name for one in found if one.kind is FacetKind.CLUSTER] == [
        "techno 8, techno 7, techno 6",
        "folk 5, folk 4, folk 3",
    ]


def test_a_playlist_keeps_its_name_and_shows_its_strongest_artists(facets):
    fireside = next(one for one in facets if one.facet_id == "playlists:fireside")
    assert fireside.name == "Fireside"
    assert fireside.artists == ("folk 5", "folk 4", "folk 3", "folk 2", "folk 1")
    assert (fireside.n_artists, fireside.n_tracks) == (6, 6)


def test_shares_are_of_the_strength_of_everything(facets):
    assert sum(one.share for one in facets if one.kind is FacetKind.CLUSTER) == pytest.approx(1)
    assert next(one.share for one in facets if one.facet_id == "saved") == pytest.approx(
        21 / (21 + 45 + 21 + 3)
    )


def test_ids_stay_as_long_as_the_library_does(facets):
    assert facets_of(TWO_SCENES) == facets
    assert len({one.facet_id for one in facets}) == len(facets)


@pytest.mark.parametrize("place", range(5))
def test_each_facet_that_is_listed_has_a_profile_of_its_size(facets, place):
    listed = facets[place]
    found = profile_of(TWO_SCENES, listed.facet_id)
    assert (len(found.artists), len(found.tracks)) == (listed.n_artists, listed.n_tracks)


def test_the_profile_of_a_cluster_holds_its_artists_and_no_other(facets):
    folk = next(one for one in facets if one.name == "folk")
    found = profile_of(TWO_SCENES, folk.facet_id)
    assert set(found.artists) == {f"folk {n}" for n in range(6)}
    assert set(found.tags) == {"folk"}


@pytest.mark.parametrize(
    "facet_id", ["", "nothing", "playlists:", "cluster:0000000000000000", "cluster:", "\x00"]
)
def test_there_is_no_facet_by_another_id(facet_id):
    assert profile_of(TWO_SCENES, facet_id) is None


def test_a_playlist_that_is_left_out_is_no_facet():
    rest = TWO_SCENES.less([Exclusion(Kind.FACET, "playlists:warehouse")])
    assert profile_of(rest, "playlists:warehouse") is None
    assert "playlists:warehouse" not in {one.facet_id for one in facets_of(rest)}


def test_an_empty_library_has_no_facets():
    assert facets_of(library()) == ()


def test_tags_that_the_whole_has_more_of_are_not_distinctive():
    assert distinctive_tags({"folk": 0.8, "pop": 0.2}, {"folk": 0.3, "pop": 0.7}) == ("folk",)


def heard(year, artist, count=5):
    when = datetime(year, 5, 1, tzinfo=UTC)
    return [Hearing(Part.PLAYS, f"{artist} {n}", track_name="song", heard_at_utc=when) for n in range(count)]


def test_the_latest_three_years_are_facets_the_newest_first():
    found = facets_of(
        library(*(one for year in (2021, 2023, 2024, 2026) for one in heard(year, f"in {year}")))
    )
    years = [one for one in found if one.kind is FacetKind.YEAR]
    assert [one.facet_id for one in years] == ["year:2026", "year:2024", "year:2023"]
    assert years[0].artists == tuple(f"in 2026 {n}" for n in range(5))


def test_a_single_year_is_no_facet_and_a_year_with_little_in_it_is_none():
    assert not [one for one in facets_of(library(*heard(2025, "one"))) if one.kind is FacetKind.YEAR]
    found = facets_of(library(*heard(2025, "one"), *heard(2026, "few", LEAST_ITEMS // 2)))
    assert [one.facet_id for one in found if one.kind is FacetKind.YEAR] == ["year:2025"]


def test_a_year_is_matched_on_alone():
    both = library(*heard(2025, "old"), *heard(2026, "new"))
    assert set(profile_of(both, "year:2026").artists) == {f"new {n}" for n in range(5)}
    assert profile_of(both, "year:1999") is None


def test_each_of_several_sources_is_a_facet_and_one_alone_is_none():
    one, other = library(*heard(2025, "one")), replace(library(*heard(2025, "other")), source=Source.LASTFM)
    sources = {each.origin: each for each in (one, other)}
    found = facets_with(merged(sources.values()), (), sources)
    assert [each.facet_id for each in found if each.kind is FacetKind.SOURCE] == [
        "source:table",
        "source:lastfm",
    ]
    assert not [each for each in facets_with(one, (), {"table": one}) if each.kind is FacetKind.SOURCE]


def test_a_source_is_matched_on_alone():
    one, other = library(*heard(2025, "one")), replace(library(*heard(2025, "other")), source=Source.LASTFM)
    sources = {each.origin: each for each in (one, other)}
    found = profile_with(merged(sources.values()), "source:lastfm", (), sources)
    assert set(found.artists) == {f"other {n}" for n in range(5)}
    assert profile_with(one, "source:gone", (), sources) is None
