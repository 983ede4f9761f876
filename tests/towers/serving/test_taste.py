"""Taste hygiene and facets with real towers, in a world whose communities are known."""

import random
from collections import Counter
from datetime import UTC, datetime

import numpy as np
import pytest

from matcher.domain.calibration import Calibration
from matcher.domain.exclusions import Exclusion, Kind
from matcher.domain.listening import Hearing, Listening, Part, Source
from matcher.matching.service import MatchingService
from matcher.pipeline import Pipeline
from matcher.ports import Account
from matcher.scoring.audio_similarity import measure_scale
from matcher.scoring.overlap import count_items
from matcher.scoring.ranker import Ranker
from matcher.taste.facets import FacetKind
from matcher.taste.service import Tastes
from tests.fakes.stores import FakeAttributeStore, FakeListenerStore
from tests.fakes.tastes import FakeTasteStore
from tests.towers.conftest import ARTISTS_EACH, TRACKS_EACH
from towers.serving.embedder import LiteRtEmbedder
from towers.serving.kmeans import SeededKMeans

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
MINE, SLEEP = 1, 5
"""The communities of the listener's own music, and of the playlist they sleep by."""


class TwoSided:
    """A library with a playlist of each of two communities, and top lists over both."""

    def __init__(self, world, seed=3):
        self._world, self._rng = world, np.random.default_rng(seed)
        mine, sleep = (self._songs(community) for community in (MINE, SLEEP))
        self.hearings = (
            *self._listed(mine, "mine"),
            *self._listed(sleep, "sleep"),
            *self._top([*sleep[:12], *mine[:12]]),
        )

    def fetch(self, listener_id, report):
        return Listening(listener_id, Source.SPOTIFY_API, self.hearings, self._world.artist_tags)

    def _songs(self, community):
        every = [(artist, song) for artist in range(ARTISTS_EACH) for song in range(TRACKS_EACH)]
        chosen = self._rng.permutation(len(every))[:30]
        return [(f"Artist {community} {every[n][0]}", f"Song {every[n][1]}") for n in chosen]

    def _listed(self, songs, playlist):
        return [
            Hearing(Part.PLAYLISTS, a, track_name=t, facet_id=playlist, facet_name=playlist) for a, t in songs
        ]

    def _top(self, songs):
        tracks = [Hearing(Part.TOP_TRACKS, a, track_name=t, facet_id="short_term", plays=4) for a, t in songs]
        return tracks + [
            Hearing(Part.TOP_ARTISTS, a, facet_id="short_term", plays=4)
            for a in dict.fromkeys(a for a, _ in songs)
        ]


@pytest.fixture(scope="module")
def pipeline(trained, profiles) -> Pipeline:
    weights = {"towers": 1.0, "artists": 0.02, "tracks": 0.02}
    ranker = Ranker(
        weights, count_items(profiles), measure_scale([one.audio for one in profiles]), softness=0.2
    )
    return Pipeline(LiteRtEmbedder(trained.artefact), ranker, Calibration(noise=20))


@pytest.fixture
def service(pipeline, world) -> MatchingService:
    store = FakeListenerStore()
    tastes = Tastes(FakeTasteStore(store), lambda: pipeline, SeededKMeans(), lambda: NOON)
    made = MatchingService(
        store, lambda: pipeline, FakeAttributeStore(), lambda: NOON, random.Random(1), tastes=tastes
    )
    made.import_candidates(world.listenings[:160], lambda one: Account(f"table:{one.listener_id}"))
    return made


@pytest.fixture
def me(service, world) -> str:
    mine = service.connect_listener(Account("spotify:me")).listener_id
    service.refresh_listener(mine, TwoSided(world))
    return mine


def communities(service, me, n=20, asking=None):
    """How many of the best matches are of each community, by what they hear most."""
    found = [match.listener.listener_id for match in service.find_matches(me, n, asking).matches]
    heard = service.store.profiles(found)
    return Counter(community_of(heard[one]) for one in found)


def community_of(profile):
    return Counter(int(item.artist.split()[1]) for item in profile.items).most_common(1)[0][0]


def test_leaving_out_a_playlist_moves_the_matches_to_the_other_community(service, me):
    before = communities(service, me)
    service.tastes.leave_out(me, Exclusion(Kind.FACET, "playlists:sleep"))
    after = communities(service, me)
    assert before[SLEEP] > 0
    assert after[SLEEP] == 0
    assert after[MINE] > before[MINE]


def test_undo_gives_back_the_identical_vector(service, me, pipeline):
    version = pipeline.embedder.model_version
    before, sleep = service.store.vectors([me], version).get(me), Exclusion(Kind.FACET, "playlists:sleep")
    service.tastes.leave_out(me, sleep)
    assert float(service.store.vectors([me], version).get(me) @ before) < 0.99
    service.tastes.undo(me, sleep)
    assert service.store.vectors([me], version).get(me).tolist() == before.tolist()


def test_clusters_split_along_the_communities(service, me):
    clusters = [one for one in service.tastes.facets_of(me) if one.kind is FacetKind.CLUSTER]
    profiles = [service.tastes.facet(me, one.facet_id) for one in clusters]
    sides = [{int(artist.split()[1]) for artist in one.artists} for one in profiles]
    assert sorted(sides, key=min) == [{MINE}, {SLEEP}]
    assert {one.name.split(",")[0] for one in clusters} == {f"tag {MINE}", f"tag {SLEEP}"}


@pytest.mark.parametrize("community", [MINE, SLEEP])
def test_a_cluster_asked_with_finds_its_own_community(service, me, community):
    clusters = [one for one in service.tastes.facets_of(me) if one.kind is FacetKind.CLUSTER]
    profiles = [service.tastes.facet(me, one.facet_id) for one in clusters]
    asking = next(one for one in profiles if community_of(one) == community)
    assert communities(service, me, 10, asking) == {community: 10}


def test_every_facet_of_a_one_sided_listener_is_of_that_side(world, service):
    one_sided = service.connect_listener(Account("spotify:one")).listener_id

    class Mine(TwoSided):
        def fetch(self, listener_id, report):
            rows = tuple(row for row in self.hearings if row.artist_name.startswith(f"Artist {MINE} "))
            return Listening(listener_id, Source.SPOTIFY_API, rows, self._world.artist_tags)

    service.refresh_listener(one_sided, Mine(world))
    facets = [service.tastes.facet(one_sided, one.facet_id) for one in service.tastes.facets_of(one_sided)]
    assert {community_of(one) for one in facets} == {MINE}
