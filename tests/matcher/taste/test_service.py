import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matcher.domain.calibration import Calibration
from matcher.domain.exclusions import NOISE_COUNTS, Exclusion, Kind
from matcher.domain.listening import Hearing, Listening, Part, Source
from matcher.domain.vectors import TowerVectors
from matcher.errors import ModelMissing, NothingLeft, NotInLibrary, NotSynced, OnlySource, UnknownListener
from matcher.matching.service import MatchingService
from matcher.pipeline import Pipeline
from matcher.ports import Account
from matcher.scoring.audio_similarity import measure_scale
from matcher.scoring.overlap import ItemFrequencies
from matcher.scoring.ranker import Ranker
from matcher.taste.service import Tastes
from tests.fakes.stores import FakeAttributeStore, FakeListenerStore
from tests.fakes.tastes import FakeTasteStore
from tests.matcher.strategies import hygiene
from towers.serving.kmeans import SeededKMeans

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
NOBODY = "00000000-0000-4000-8000-000000000000"


class NameEmbedder:
    """A tiny real embedder: artists by the letters of their names."""

    model_version, dim = "v1", 8

    def embed(self, profiles):
        rows = np.full((len(profiles), self.dim), 0.01, np.float32)
        for row, profile in zip(rows, profiles, strict=True):
            for artist, plays in profile.artists.items():
                row[sum(map(ord, artist)) % self.dim] += np.log1p(plays)
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        return TowerVectors(rows, rows)


PIPELINE = Pipeline(
    NameEmbedder(),
    Ranker({"towers": 1.0, "artists": 0.2, "tracks": 0.1}, ItemFrequencies(10, {}), measure_scale([])),
    Calibration(noise=30),
)


class Clock:
    now = NOON

    def __call__(self):
        return self.now


class Library:
    """A `ListeningSource` of facts that can be changed."""

    def __init__(self, *hearings, source=Source.SPOTIFY_API, unbroken=None):
        self.hearings, self.source, self.unbroken = hearings, source, unbroken or {}

    def fetch(self, listener_id, report):
        return Listening(listener_id, self.source, self.hearings, unbroken=self.unbroken)


def saved(artist, track="Song"):
    return Hearing(Part.SAVED, artist, track_name=track)


def listed(artist, playlist, track="Song"):
    return Hearing(Part.PLAYLISTS, artist, track_name=track, facet_id=playlist, facet_name=playlist.title())


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def service(clock):
    store = FakeListenerStore()
    tastes = Tastes(FakeTasteStore(store), lambda: PIPELINE, SeededKMeans(), clock, least=1)
    return MatchingService(
        store, lambda: PIPELINE, FakeAttributeStore(), clock, random.Random(1), tastes=tastes
    )


@pytest.fixture
def tastes(service):
    return service.tastes


MINE = Library(
    saved("Low"), saved("Can"), listed("Nursery", "sleep", "Twinkle"), listed("Low", "sleep", "Lullaby")
)
LOW, SLEEP = Exclusion(Kind.ARTIST, "low"), Exclusion(Kind.FACET, "playlists:sleep")


@pytest.fixture
def me(service):
    crowd = {"low": "Low", "can": "Can", "kid": "Nursery"}
    listenings = [Listening(key, Source.TABLE, (saved(name),)) for key, name in crowd.items()]
    service.import_candidates(listenings, lambda one: Account(f"table:{one.listener_id}"))
    mine = service.connect_listener(Account("spotify:me")).listener_id
    service.refresh_listener(mine, MINE)
    return mine


NURSERY = Library(saved("Nursery"), source=Source.LASTFM)


def test_a_second_source_moves_the_matches_and_the_first_stays(service, tastes, me):
    tastes.leave_out(me, SLEEP)
    assert "Nursery" not in shared_artists(service, me)
    service.refresh_listener(me, NURSERY)
    assert {"Low", "Can", "Nursery"} <= shared_artists(service, me)
    assert {one.origin for one in tastes.sources(me)} == {"spotify_api", "lastfm"}


def test_a_removed_source_leaves_the_other_as_if_it_had_never_been(service, tastes, me):
    before = service.store.profile(me)
    service.refresh_listener(me, NURSERY)
    assert tastes.remove_source(me, "lastfm").changed
    assert service.store.profile(me) == before
    assert not tastes.remove_source(me, "lastfm").changed


def test_the_only_source_cannot_be_removed(service, tastes, me):
    with pytest.raises(OnlySource):
        tastes.remove_source(me, "spotify_api")
    assert service.store.profile(me)


def shared_artists(service, me):
    found = service.find_matches(me).matches
    return {item.name for match in found for item in match.explanation.artists}


def test_a_left_out_artist_is_gone_from_what_others_see_and_from_what_is_shared(service, tastes, me):
    assert "Low" in shared_artists(service, me)
    assert tastes.leave_out(me, LOW).changed
    assert "low" not in service.store.profile(me).artists
    assert "Low" not in service.store.profile(me).names.values()
    assert "Low" not in shared_artists(service, me)


def test_the_matches_move_at_once(service, tastes, me):
    before = [match.listener.alias for match in service.find_matches(me).matches]
    tastes.leave_out(me, LOW)
    tastes.leave_out(me, Exclusion(Kind.ARTIST, "can"))
    after = service.find_matches(me).matches
    assert [match.listener.alias for match in after] != before
    assert {item.name for item in after[0].explanation.artists} == {"Nursery"}


def test_undo_brings_back_the_very_same_profile_and_vector(service, tastes, me):
    before = service.find_matches(me)
    profile, vector = service.store.profile(me), service.store.vectors([me], "v1").get(me)
    tastes.leave_out(me, LOW)
    assert not np.array_equal(service.store.vectors([me], "v1").get(me), vector)
    assert tastes.undo(me, LOW).profile == profile
    np.testing.assert_array_equal(service.store.vectors([me], "v1").get(me), vector)
    assert service.find_matches(me) == before


def test_a_refresh_leaves_out_what_was_left_out(service, tastes, me):
    tastes.leave_out(me, SLEEP)
    more = Library(*MINE.hearings, listed("Lullabies", "sleep"), saved("Neu!"))
    outcome = service.refresh_listener(me, more)
    assert outcome.changed
    assert set(outcome.profile.artists) == {"low", "can", "neu"}
    assert service.store.profile(me).artists == outcome.profile.artists


def test_a_refresh_that_finds_nothing_new_changes_nothing(service, tastes, me):
    tastes.leave_out(me, SLEEP)
    assert not service.refresh_listener(me, MINE).changed


def test_undo_after_a_refresh_brings_back_what_was_read_last(service, tastes, me):
    tastes.leave_out(me, SLEEP)
    service.refresh_listener(me, Library(saved("Low"), listed("Cradle", "sleep")))
    assert set(tastes.undo(me, SLEEP).profile.artists) == {"low", "cradle"}


def test_leaving_out_is_no_reading(service, tastes, me, clock):
    clock.now += timedelta(hours=1)
    tastes.leave_out(me, LOW)
    assert service.find_matches(me).synced_at_utc == NOON
    clock.now += timedelta(hours=1)
    service.refresh_listener(me, MINE)
    assert service.find_matches(me).synced_at_utc == clock.now


def test_leaving_out_twice_is_leaving_out_once(tastes, me, clock):
    tastes.leave_out(me, LOW)
    clock.now += timedelta(hours=1)
    assert not tastes.leave_out(me, LOW).changed
    assert [one.since_utc for one in tastes.look(me, Kind.ARTIST).exclusions] == [NOON]


def test_what_is_left_out_is_listed_with_its_name_the_latest_first(tastes, me, clock):
    tastes.leave_out(me, LOW)
    clock.now += timedelta(minutes=1)
    tastes.leave_out(me, SLEEP)
    assert [(one.thing, one.name) for one in tastes.look(me, Kind.ARTIST).exclusions] == [
        (SLEEP, "Sleep"),
        (LOW, "Low"),
    ]


def test_there_is_still_all_to_choose_from(tastes, me):
    tastes.leave_out(me, LOW)
    entries = {one.name: one.since_utc for one in tastes.look(me, Kind.ARTIST).entries}
    assert entries == {"Low": NOON, "Can": None, "Nursery": None}


EVERYTHING = [Exclusion(Kind.FACET, "saved"), SLEEP]


def test_everything_cannot_be_left_out_and_nothing_is_written(service, tastes, me):
    tastes.leave_out(me, EVERYTHING[0])
    before = service.store.profile(me), tastes.look(me, Kind.ARTIST).exclusions
    with pytest.raises(NothingLeft):
        tastes.leave_out(me, EVERYTHING[1])
    assert (service.store.profile(me), tastes.look(me, Kind.ARTIST).exclusions) == before


def test_a_refresh_that_leaves_nothing_writes_nothing(service, tastes, me):
    tastes.leave_out(me, SLEEP)
    before = service.store.profile(me), tastes.look(me, Kind.ARTIST).entries
    with pytest.raises(NothingLeft):
        service.refresh_listener(me, Library(listed("Nursery", "sleep")))
    assert (service.store.profile(me), tastes.look(me, Kind.ARTIST).entries) == before


@pytest.mark.parametrize(
    "thing",
    [
        Exclusion(Kind.ARTIST, "nobody i know"),
        Exclusion(Kind.TRACK, "low"),
        Exclusion(Kind.FACET, "playlists:other"),
        Exclusion(Kind.PERIOD, "2025-12"),
    ],
)
def test_what_is_not_in_the_library_cannot_be_left_out(tastes, me, thing):
    with pytest.raises(NotInLibrary):
        tastes.leave_out(me, thing)
    assert tastes.look(me, Kind.ARTIST).exclusions == ()


def test_what_went_from_the_library_can_still_be_taken_back_in(service, tastes, me):
    tastes.leave_out(me, SLEEP)
    service.refresh_listener(me, Library(saved("Low")))
    assert [one.n_items for one in tastes.look(me, Kind.ARTIST).exclusions] == [0]
    tastes.undo(me, SLEEP)
    assert tastes.look(me, Kind.ARTIST).exclusions == ()


def test_before_the_first_reading_there_is_nothing_to_choose_from(service, tastes):
    new = service.connect_listener(Account("spotify:new")).listener_id
    for ask in (
        lambda: tastes.leave_out(new, LOW),
        lambda: tastes.undo(new, LOW),
        lambda: tastes.look(new, Kind.TRACK),
        lambda: tastes.facets_of(new),
        lambda: tastes.facet(new, "saved"),
    ):
        with pytest.raises(NotSynced):
            ask()


def test_a_listener_who_is_gone_has_no_taste(service, tastes, me):
    service.forget_listener(me)
    with pytest.raises(UnknownListener):
        tastes.leave_out(me, LOW)
    with pytest.raises(NotSynced):
        tastes.look(me, Kind.ARTIST)


def test_of_a_listener_who_is_gone_no_facet_is_remembered(service, tastes, me):
    assert tastes.facets_of(me) is not None
    mark = f"v1 {tastes.store.mark(me)}"
    assert tastes._memory.recall(me, mark, NOON)
    service.forget_listener(me)
    assert tastes._memory.recall(me, mark, NOON) is None


def test_facets_are_at_hand_once_found_until_the_taste_changes(tastes, me):
    assert tastes.known_facets(me) is None
    found = tastes.facets_of(me)
    assert tastes.known_facets(me) == found
    tastes.leave_out(me, LOW)
    assert tastes.known_facets(me) is None


def test_without_a_model_nothing_is_written(tastes, me):
    def missing():
        raise ModelMissing("there is no trained model yet")

    with pytest.raises(ModelMissing):
        replace(tastes, model=missing).leave_out(me, LOW)
    assert tastes.look(me, Kind.ARTIST).exclusions == ()


def test_a_facet_is_matched_on_alone(tastes, me):
    assert set(tastes.facet(me, "playlists:sleep").artists) == {"nursery", "low"}


def test_a_facet_is_of_what_stays(tastes, me):
    tastes.leave_out(me, LOW)
    assert set(tastes.facet(me, "playlists:sleep").artists) == {"nursery"}


@pytest.mark.parametrize("facet_id", ["", "playlists:other", "cluster:0123456789abcdef"])
def test_a_facet_that_is_not_there_is_told(tastes, me, facet_id):
    with pytest.raises(NotInLibrary):
        tastes.facet(me, facet_id)


# ---- whatever is left out, in whatever order ------------------------------------------------------------


def kept(library):
    store, clock = FakeListenerStore(), Clock()
    tastes = Tastes(FakeTasteStore(store), lambda: PIPELINE, SeededKMeans(), clock, least=1)
    mine = store.connect(Account("me"), Source.TABLE, "x", NOON).listener_id
    tastes.keep(mine, replace(library, listener_id=mine))
    return tastes, store, mine


def state(store, mine):
    return store.profile(mine), store.vectors([mine], "v1").get(mine).tolist()


SOME = settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])


@given(hygiene())
@SOME
def test_leaving_out_and_taking_back_in_is_as_if_nothing_had_been(pair):
    library, things = pair
    tastes, store, mine = kept(library)
    before = state(store, mine)
    done = [thing for thing in dict.fromkeys(things) if _leaves_something(tastes, mine, thing)]
    for thing in done:
        tastes.undo(mine, thing)
    assert state(store, mine) == before
    assert tastes.look(mine, Kind.ARTIST).exclusions == ()


@given(hygiene(max_exclusions=3), st.randoms())
@SOME
def test_in_whatever_order_the_same_is_left(pair, rng):
    library, things = pair
    if library.without(things).is_empty or not all(any(map(one.covering(), library.rows)) for one in things):
        return
    shuffled = rng.sample(things, len(things))
    found = []
    for order in (things, shuffled):
        tastes, store, mine = kept(library)
        for thing in order:
            tastes.leave_out(mine, thing)
        profile, vector = state(store, mine)
        found.append((replace(profile, listener_id=""), vector))
    assert found[0] == found[1]


def _leaves_something(tastes, mine, thing):
    try:
        tastes.leave_out(mine, thing)
    except (NothingLeft, NotInLibrary):
        return False
    return True


# ---- noise -------------------------------------------------------------------------------------------

RAIN = tuple(Hearing(Part.SAVED, "Rain Sounds XL", track_name=f"Rain {n}", plays=9.0) for n in range(5))


def test_noise_is_told_until_it_is_left_out(service, tastes, me):
    assert tastes.look(me, Kind.ARTIST).noise == ()
    service.refresh_listener(me, Library(*MINE.hearings, *RAIN))
    (rain,) = tastes.look(me, Kind.ARTIST).noise
    assert (rain.name, rain.n_items, rain.share) == ("Rain Sounds XL", 5, pytest.approx(45 / 49))
    assert "rain sounds xl" not in tastes.leave_out_noise(me).profile.artists
    assert tastes.look(me, Kind.ARTIST).noise == ()
    assert set(tastes.store.exclusions(me)) == {rain.thing}


def test_what_is_played_on_end_is_told_with_its_hours_beside_what_is_known_as_noise(service, tastes, me):
    air = Hearing(Part.PLAYS, "Calm Air", track_name="Air", plays=30.0)
    service.refresh_listener(me, Library(*MINE.hearings, *RAIN, air, unbroken={"calm air": 9}))
    noise = tastes.look(me, Kind.ARTIST).noise
    assert [(one.name, one.n_hours) for one in noise] == [("Rain Sounds XL", 0), ("Calm Air", 9)]
    assert service.store.profile(me).artists["calm air"] == pytest.approx(0.001)
    assert tastes.count_noise(me).profile.artists["calm air"] == 30.0


def test_where_all_is_noise_it_cannot_be_left_out(service, tastes, me):
    service.refresh_listener(me, Library(*RAIN))
    with pytest.raises(NothingLeft):
        tastes.leave_out_noise(me)


def test_noise_counts_in_everything_once_its_listener_says_so(service, tastes, me):
    service.refresh_listener(me, Library(*MINE.hearings, *RAIN))
    before = service.store.profile(me)
    assert before.artists["rain sounds xl"] == pytest.approx(0.005)
    assert tastes.count_noise(me).profile.artists["rain sounds xl"] == 45.0
    look = tastes.look(me, Kind.ARTIST)
    assert (look.noise_counts, look.exclusions) == (True, ())
    assert tastes.facet(me, "saved").artists["rain sounds xl"] == 45.0
    service.refresh_listener(me, Library(*MINE.hearings, *RAIN))
    assert service.store.profile(me).artists["rain sounds xl"] == 45.0
    assert tastes.undo(me, NOISE_COUNTS).profile == before
