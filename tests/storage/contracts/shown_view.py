"""Who is found is found by what they show: over stores in memory, and over PostgreSQL."""

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

import numpy as np
import pytest

from matcher.domain.calibration import Calibration
from matcher.domain.consent import SeenMatch, Sharing
from matcher.domain.exclusions import Exclusion, Kind
from matcher.domain.listening import Hearing, Listening, Part, Source
from matcher.domain.vectors import TowerVectors, query_of
from matcher.errors import ModelMissing, NoCandidates, TooFewArtists, UnknownListener
from matcher.matching.service import MatchingService
from matcher.people.service import People
from matcher.pipeline import Pipeline
from matcher.ports import Account
from matcher.scoring.audio_similarity import measure_scale
from matcher.scoring.overlap import ItemFrequencies
from matcher.scoring.ranker import Ranker
from tests.fakes.product_way import choose_sharing, nearest
from tests.fakes.stores import FakeAttributeStore

CLOSED = Sharing(artists=False, tracks=False, tags=False)
RANKER = Ranker(
    {"towers": 1.0, "artists": 0.3, "tracks": 0.3, "tags": 0.2, "audio": 0.2},
    ItemFrequencies(10, {}),
    measure_scale([]),
)
TAGS = {f"artist {n}": {f"tag {n % 4}": 1.0, f"tag {n % 7}": 0.5} for n in range(60)}


class BagEmbedder:
    """A small real embedder that every artist, track, tag and playlist word moves."""

    dim = 16

    def __init__(self, model_version: str = "v1") -> None:
        self.model_version = model_version

    def embed(self, profiles: Iterable) -> TowerVectors:
        rows = np.array([self._row(one) for one in profiles], np.float32).reshape(-1, self.dim)
        return TowerVectors(rows, rows)

    def _row(self, profile) -> np.ndarray:
        row = np.full(self.dim, 0.01)
        for bag in (profile.artists, profile.tracks, profile.tags, profile.words):
            for key, weight in bag.items():
                row += np.log1p(weight) * np.random.default_rng(list(key.encode())).normal(0, 1, self.dim)
        return row / np.linalg.norm(row)


@dataclass
class Room:
    """Earshot without pages; `model` can be taken away."""

    service: MatchingService
    people: People
    models: list[Pipeline] = field(default_factory=list)

    def join(self, name: str, *hearings: Hearing) -> str:
        """Somebody who signed in, was read, and lets themselves be found."""
        key = self.service.connect_listener(Account(f"spotify:{name}")).listener_id
        self.read(key, *hearings)
        self.people.choose_discoverable(key, True)
        return key

    def read(self, key: str, *hearings: Hearing) -> None:
        self.service.refresh_listener(key, _Source(hearings))

    def share(self, key: str, **switched: bool) -> None:
        sharing = self.people.choices(key).sharing
        choose_sharing(self.people, key, replace(sharing, **switched))

    def connect(self, one: str, other: str) -> None:
        self.people.ask_to_connect(one, other)
        self.people.agree_to_connect(other, one)

    def seen(self, me: str) -> dict[str, SeenMatch]:
        """Everybody `me` sees, by id."""
        try:
            found = self.people.show(me, self.service.find_matches(me, 100))
        except NoCandidates:
            return {}
        return {one.listener_id: one for one in found}

    def scores(self, me: str) -> dict[str, float]:
        """What places them in the list of `me`, by id."""
        try:
            found = self.service.find_matches(me, 100).matches
        except NoCandidates:
            return {}
        return {one.listener.listener_id: one.score for one in found}


@dataclass
class _Source:
    hearings: tuple[Hearing, ...]

    def fetch(self, listener_id, report, so_far=None):
        return Listening(listener_id, Source.SPOTIFY_API, self.hearings, TAGS)


def room_over(store, taste_store, people_over: Callable[[MatchingService], People], tastes_of) -> Room:
    """A room over stores; `people_over` makes the use cases between listeners over those of matching."""
    models = [Pipeline(BagEmbedder(), RANKER, Calibration(noise=30))]

    def model() -> Pipeline:
        if not models:
            raise ModelMissing("there is no model")
        return models[0]

    tastes = tastes_of(taste_store, model)
    service = MatchingService(store, model, FakeAttributeStore(), tastes.clock, random.Random(1), tastes)
    return Room(service, people_over(service), models)


def artists(*numbers: int, plays: float = 1.0, part=Part.SAVED, facet="") -> list[Hearing]:
    """Artists, each with one song, in one part of a library."""
    return [
        Hearing(part, f"Artist {n}", track_name=f"Song {n}", plays=plays, facet_id=facet, facet_name=facet)
        for n in numbers
    ]


def rare(*names: str, **more) -> list[Hearing]:
    """Artists by name, without songs."""
    return [Hearing(Part.SAVED, name, **more) for name in names]


PLAIN = artists(*range(8))
PROBE = artists(0, 1, 2, 3) + rare("Secret Thing", plays=500.0)


class ShownViewContract:
    """What every store has to keep. `room` is given by whoever inherits it."""

    # ---- strangers are told of a few --------------------------------------------------------------------

    def test_a_bulk_library_is_told_of_ten_artists_at_most(self, room: Room):
        """Thirty artists, and somebody who has them all among 1,201."""
        victim = room.join("ann", *artists(*range(30)))
        probe = room.join("eve", *rare(*(f"Artist {n}" for n in range(1201))))
        assert len(room.seen(probe)[victim].artists) <= 10

    def test_many_probes_together_are_told_of_the_same_few(self, room: Room):
        victim = room.join("ann", *artists(*range(30)))
        told = set()
        for first in range(0, 30, 5):
            probe = room.join(f"eve {first}", *artists(*range(first, first + 5)))
            told |= {one.key for one in room.seen(probe)[victim].artists}
        assert len(told) == 10

    def test_nobody_is_told_of_more_than_a_third(self, room: Room):
        victim, twin = room.join("ann", *artists(*range(8))), room.join("bob", *artists(*range(8)))
        assert len(room.seen(twin)[victim].artists) == 2

    def test_a_stranger_is_told_of_the_strongest_of_the_other_only(self, room: Room):
        strong = artists(0, 1, plays=50.0)
        victim = room.join("ann", *strong, *artists(*range(2, 8)))
        probe = room.join("eve", *artists(*range(8)))
        assert {one.key for one in room.seen(probe)[victim].artists} == {"artist 0", "artist 1"}

    def test_what_is_weak_in_who_looks_is_not_told_of(self, room: Room):
        victim = room.join("ann", *artists(0, 1, plays=50.0), *artists(*range(2, 8)))
        heavy = artists(*range(100, 140), plays=9.0)
        probe = room.join("eve", *heavy, *artists(0, 1))
        assert room.seen(probe)[victim].artists == ()

    def test_reasons_name_no_kind_of_which_nothing_is_told(self, room: Room):
        victim = room.join("ann", *artists(0, 1, plays=50.0), *artists(*range(2, 8)))
        room.share(victim, tags=False)
        probe = room.join("eve", *artists(*range(3, 8)))
        match = room.seen(probe)[victim]
        assert (match.artists, match.tags) == ((), ())
        assert not {"artists", "tags", "tracks"} & set(match.reasons)

    def test_the_connected_are_told_of_everything_that_is_shown(self, room: Room):
        me, other = room.join("ann", *PLAIN), room.join("bob", *PLAIN)
        room.connect(me, other)
        match = room.seen(me)[other]
        assert len(match.artists) == len(match.tracks) == 8

    # ---- what is switched off has no part in being found ------------------------------------------------

    def test_who_shows_nothing_is_found_by_nobody(self, room: Room):
        me, other = room.join("ann", *PLAIN), room.join("bob", *PLAIN)
        choose_sharing(room.people, other, CLOSED)
        assert other not in room.scores(me)
        with pytest.raises(UnknownListener):
            room.service.find_match(me, other)
        assert me in room.scores(other)

    def test_what_is_switched_on_again_counts_again(self, room: Room):
        me, other = room.join("ann", *PLAIN), room.join("bob", *PLAIN)
        before = room.scores(me)
        choose_sharing(room.people, other, CLOSED)
        choose_sharing(room.people, other, Sharing())
        assert room.scores(me) == before

    def test_a_hidden_facet_places_nobody_otherwise(self, room: Room):
        """Two are alike but for a hidden playlist: a probe with what stands in it sees no difference."""
        hidden = rare("Secret Thing", facet_id="dark", facet_name="Dark")
        hidden = [replace(one, part=Part.PLAYLISTS) for one in hidden]
        others = artists(40, 41, part=Part.PLAYLISTS, facet="dark")
        owner, other = room.join("ann", *PLAIN, *hidden), room.join("bob", *PLAIN, *others)
        for one in (owner, other):
            assert room.people.hide_facet(one, "playlists:dark")
        probe = room.join("eve", *PROBE)
        scores = room.scores(probe)
        assert scores[owner] == scores[other]
        digests = room.service.store.visible(probe, [owner, other])
        assert digests[owner].profile_digest == digests[other].profile_digest

    def test_tracks_that_are_off_move_no_part_of_the_score_of_the_connected(self, room: Room):
        song = Hearing(Part.SAVED, "Artist 0", track_name="The Deep Cut")
        another = Hearing(Part.SAVED, "Artist 0", track_name="Another One")
        owner, other = room.join("ann", *PLAIN, song), room.join("bob", *PLAIN, another)
        probe = room.join("eve", *PLAIN, song)
        for one in (owner, other):
            room.share(one, tracks=False)
            room.connect(probe, one)
        seen = room.seen(probe)
        assert seen[owner].parts == seen[other].parts
        assert seen[owner].parts["tracks"] == 0.0
        assert seen[owner].n_more_tracks is None

    def test_tags_that_are_off_place_nobody_otherwise(self, room: Room):
        me, other = room.join("ann", *PLAIN), room.join("bob", *PLAIN)
        room.share(other, tags=False)
        match = next(m for m in room.service.find_matches(me).matches if m.listener.listener_id == other)
        assert match.explanation.parts["tags"] == 0.0
        assert match.explanation.tags == ()

    def test_artists_that_are_off_leave_the_tags_to_be_found_by(self, room: Room):
        me, other = room.join("ann", *PLAIN), room.join("bob", *PLAIN)
        room.share(other, artists=False)
        match = next(m for m in room.service.find_matches(me).matches if m.listener.listener_id == other)
        assert match.explanation.tags
        assert (match.explanation.artists, match.explanation.tracks, match.n_items) == ((), (), 0)

    def test_a_profile_that_is_read_again_stays_masked(self, room: Room):
        me, other = room.join("ann", *PLAIN), room.join("bob", *PLAIN)
        choose_sharing(room.people, other, CLOSED)
        room.read(other, *artists(*range(1, 9)))
        assert other not in room.scores(me)

    def test_a_profile_of_which_something_is_left_out_stays_masked(self, room: Room):
        me, other = room.join("ann", *PLAIN), room.join("bob", *PLAIN)
        room.share(other, tracks=False)
        room.service.tastes.leave_out(other, Exclusion(Kind.ARTIST, "artist 7"))
        match = next(m for m in room.service.find_matches(me).matches if m.listener.listener_id == other)
        assert match.explanation.tracks == ()
        assert len(match.explanation.artists) == 7
        room.service.tastes.undo(other, Exclusion(Kind.ARTIST, "artist 7"))
        match = next(m for m in room.service.find_matches(me).matches if m.listener.listener_id == other)
        assert (match.explanation.tracks, len(match.explanation.artists)) == ((), 8)

    def test_another_model_places_what_is_shown(self, room: Room):
        me, other = room.join("ann", *PLAIN), room.join("bob", *PLAIN)
        room.share(other, tracks=False)
        room.models[0] = replace(room.models[0], embedder=BagEmbedder("v2"))
        room.scores(other)
        room.scores(me)
        match = next(m for m in room.service.find_matches(me).matches if m.listener.listener_id == other)
        assert match.explanation.tracks == ()

    def test_vectors_of_two_models_stay_until_something_else_is_shown(self, room: Room):
        key, store = room.join("ann", *PLAIN), room.service.store
        room.join("bob", *PLAIN)
        room.models[0] = replace(room.models[0], embedder=BagEmbedder("v2"))
        room.scores(key)
        assert store.own_vector(key, "v1") is not None
        assert store.own_vector(key, "v2") is not None
        room.share(key, tags=False)
        assert store.own_vector(key, "v1") is None
        assert store.own_vector(key, "v2") is not None

    def test_a_switch_without_a_model_hides_until_there_is_one(self, room: Room):
        me, other = room.join("ann", *PLAIN), room.join("bob", *PLAIN)
        model = room.models.pop()
        room.share(other, tracks=False)
        room.models.append(model)
        assert other not in room.scores(me)
        room.scores(other)
        assert other in room.scores(me)

    def test_who_looks_asks_with_all_they_have(self, room: Room):
        me, other = room.join("ann", *PLAIN), room.join("bob", *PLAIN)
        before = room.scores(me)[other]
        choose_sharing(room.people, me, CLOSED)
        assert room.scores(me)[other] == before

    def test_where_both_show_everything_the_score_is_the_same_from_both_sides(self, room: Room):
        me, other = room.join("ann", *PLAIN), room.join("bob", *artists(*range(4, 12)))
        assert room.scores(me)[other] == pytest.approx(room.scores(other)[me], abs=1e-12)

    def test_the_page_of_a_match_tells_what_the_list_tells(self, room: Room):
        me, other = room.join("ann", *PLAIN), room.join("bob", *artists(*range(4, 12)))
        for switched in ({}, {"tracks": False}, {"tags": False}):
            room.share(other, **switched)
            (alone,) = room.service.find_match(me, other).matches
            (listed,) = room.service.find_matches(me).matches
            assert alone == listed

    def test_others_read_the_shown_profile_and_the_owner_their_own(self, room: Room):
        key, store = room.join("ann", *PLAIN), room.service.store
        room.share(key, tracks=False)
        assert store.shown_profiles([key])[key].tracks == {}
        assert store.shown_profiles([key])[key].listener_id == key
        assert len(store.profile(key).tracks) == 8

    def test_the_map_and_the_counts_know_only_who_can_be_found(self, room: Room):
        key, store = room.join("ann", *PLAIN), room.service.store
        assert (store.n_candidates("v1"), set(store.vectors([key], "v1"))) == (1, {key})
        choose_sharing(room.people, key, CLOSED)
        assert (store.n_candidates("v1"), store.vectors([key], "v1")) == (0, {})
        assert store.vectors([key], "v1").get(key) is None
        assert nearest(store, query_of(store.own_vector(key, "v1")), 9, "v1", "") == []

    # ---- the least size ---------------------------------------------------------------------------------

    def test_with_four_artists_nobody_is_matched_and_with_five_they_are(self, room: Room):
        me, other = room.join("ann", *artists(*range(4))), room.join("bob", *PLAIN)
        with pytest.raises(TooFewArtists) as raised:
            room.service.find_matches(me)
        assert (raised.value.n_artists, raised.value.least) == (4, 5)
        with pytest.raises(TooFewArtists):
            room.service.find_match(me, other)
        assert me not in room.scores(other)
        room.read(me, *artists(*range(5)))
        assert me in room.scores(other)
        assert other in room.scores(me)

    def test_who_shows_four_artists_is_not_found(self, room: Room):
        kept = artists(*range(4, 8), part=Part.PLAYLISTS, facet="dark")
        me, other = room.join("ann", *PLAIN), room.join("bob", *artists(*range(4)), *kept)
        assert other in room.scores(me)
        room.people.hide_facet(other, "playlists:dark")
        assert other not in room.scores(me)

    def test_a_facet_of_four_artists_is_not_asked_with(self, room: Room):
        kept = artists(*range(4), part=Part.PLAYLISTS, facet="few")
        me = room.join("ann", *PLAIN, *kept)
        room.join("bob", *PLAIN)
        of_facet = room.service.tastes.facet(me, "playlists:few")
        with pytest.raises(TooFewArtists):
            room.service.find_matches(me, asking=of_facet)

    def test_who_is_imported_with_too_little_is_kept_and_not_found(self, room: Room):
        me = room.join("ann", *PLAIN)
        rows = [
            Listening("few", Source.TABLE, tuple(artists(*range(4)))),
            Listening("many", Source.TABLE, tuple(artists(*range(5)))),
            Listening("songs", Source.TABLE, tuple(Hearing(Part.PLAYS, track_id=f"t{n}") for n in range(5))),
        ]
        found = room.service.import_candidates(rows, lambda one: Account(f"table:{one.listener_id}"))
        assert (found.n_kept, found.n_findable) == (3, 2)
        assert len(room.scores(me)) == 2
