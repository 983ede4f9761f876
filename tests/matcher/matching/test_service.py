import random
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from matcher.domain.audio import AudioAttributes
from matcher.domain.calibration import Calibration
from matcher.domain.listening import Hearing, Listening, Part, Source
from matcher.domain.vectors import TowerVectors
from matcher.errors import ModelMissing, NoCandidates, NoMusic, NotSynced, SpotifyUnreachable, UnknownListener
from matcher.matching.service import MatchingService
from matcher.pipeline import Pipeline
from matcher.ports import Account
from matcher.scoring.audio_similarity import measure_scale
from matcher.scoring.overlap import ItemFrequencies
from matcher.scoring.ranker import Ranker
from matcher.taste.service import Tastes
from tests.fakes.product_way import nearest
from tests.fakes.stores import FakeAttributeStore, FakeListenerStore
from tests.fakes.tastes import FakeTasteStore
from towers.serving.kmeans import SeededKMeans

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
ARTISTS = ("Low", "Can", "Neu!", "Drexciya")
RANKER = Ranker({"towers": 1.0, "artists": 0.2}, ItemFrequencies(10, {}), measure_scale([]))
CALIBRATION = Calibration(noise=30)


class FakeEmbedder:
    """A tiny real embedder: one dimension an artist."""

    dim = len(ARTISTS)

    def __init__(self, model_version="v1"):
        self.model_version = model_version
        self.n_embedded = 0

    def embed(self, profiles):
        self.n_embedded += len(profiles)
        rows = [[p.artists.get(name.lower().strip("!"), 0.0) + 0.01 for name in ARTISTS] for p in profiles]
        array = np.array(rows, np.float32).reshape(-1, self.dim)
        array /= np.linalg.norm(array, axis=1, keepdims=True)
        return TowerVectors(array, array)


class FakeLibrary:
    """A listener's library that can be changed, or be out of reach."""

    def __init__(self, *artists, error=None):
        self.artists, self.error = artists, error

    def fetch(self, listener_id, report, so_far=None):
        if so_far:
            for n in range(len(self.artists)):
                so_far(listening(listener_id, *self.artists[:n], source=Source.SPOTIFY_API))
        if self.error:
            raise self.error
        return listening(listener_id, *self.artists, source=Source.SPOTIFY_API)


def listening(listener_id, *artists, source=Source.TABLE):
    return Listening(listener_id, source, tuple(Hearing(Part.SAVED, name) for name in artists))


@pytest.fixture
def embedder():
    return FakeEmbedder()


@pytest.fixture
def service(embedder):
    store = FakeListenerStore()
    return service_over(store, FakeTasteStore(store), embedder)


def service_over(store, tastes, embedder):
    """The use cases of matching over stores, real or fake, at NOW."""
    return MatchingService(
        store=store,
        model=lambda: pipeline_of(embedder),
        attributes=FakeAttributeStore(),
        clock=lambda: NOW,
        rng=random.Random(1),
        tastes=Tastes(tastes, lambda: pipeline_of(embedder), SeededKMeans(), clock=lambda: NOW, least=1),
    )


def pipeline_of(embedder):
    return Pipeline(embedder, RANKER, CALIBRATION)


def account_of(one):
    return Account(f"table:{one.listener_id}")


@pytest.fixture
def crowd(service):
    rows = [listening("low", "Low"), listening("can", "Can", "Neu!"), listening("dex", "Drexciya")]
    service.import_candidates(rows, account_of)
    return service


def me(service):
    return service.connect_listener(Account("spotify:me")).listener_id


@pytest.fixture
def matches(crowd):
    """Matches of one who hears Low and Can, in a crowd of three."""
    my_id = me(crowd)
    crowd.refresh_listener(my_id, FakeLibrary("Can", "Low"))
    return crowd.find_matches(my_id).matches


def test_connecting_twice_is_the_same_listener(service):
    assert me(service) == me(service)


def test_a_new_listener_is_hidden_and_has_an_alias(service):
    listener = service.connect_listener(Account("spotify:me"))
    assert not listener.discoverable
    assert listener.alias


def test_the_nearest_come_first_with_what_is_shared(crowd):
    my_id = me(crowd)
    crowd.refresh_listener(my_id, FakeLibrary("Can", "Low", "Can"))
    found = crowd.find_matches(my_id)
    assert [m.rank for m in found.matches] == [1, 2, 3]
    assert [m.score for m in found.matches] == sorted((m.score for m in found.matches), reverse=True)
    assert {i.name for m in found.matches for i in m.explanation.artists} == {"Can", "Low"}
    assert found.n_candidates == 3
    assert found.synced_at_utc == NOW


def test_a_changed_library_changes_the_matches(crowd):
    my_id = me(crowd)
    crowd.refresh_listener(my_id, FakeLibrary("Low"))
    before = crowd.find_matches(my_id).matches[0].listener.alias
    outcome = crowd.refresh_listener(my_id, FakeLibrary("Drexciya"))
    assert outcome.changed
    assert crowd.find_matches(my_id).matches[0].listener.alias != before


def test_an_unchanged_library_changes_nothing(crowd):
    my_id = me(crowd)
    crowd.refresh_listener(my_id, FakeLibrary("Low"))
    assert not crowd.refresh_listener(my_id, FakeLibrary("Low")).changed


def test_a_refresh_that_fails_leaves_everything_as_it_was(crowd):
    my_id = me(crowd)
    crowd.refresh_listener(my_id, FakeLibrary("Low"))
    before = crowd.find_matches(my_id)
    with pytest.raises(SpotifyUnreachable):
        crowd.refresh_listener(my_id, FakeLibrary(error=SpotifyUnreachable("down")))
    assert crowd.find_matches(my_id) == before


def test_a_library_without_music_is_refused_and_nothing_kept(crowd):
    my_id = me(crowd)
    with pytest.raises(NoMusic):
        crowd.refresh_listener(my_id, FakeLibrary())
    assert crowd.store.profile(my_id) is None


def test_before_the_first_refresh_there_are_no_matches(crowd):
    with pytest.raises(NotSynced):
        crowd.find_matches(me(crowd))


def test_without_anybody_else_there_are_no_matches(service):
    my_id = me(service)
    service.refresh_listener(my_id, FakeLibrary("Low"))
    with pytest.raises(NoCandidates):
        service.find_matches(my_id)


def test_a_forgotten_listener_is_unknown(crowd):
    my_id = me(crowd)
    crowd.refresh_listener(my_id, FakeLibrary("Low"))
    crowd.forget_listener(my_id)
    with pytest.raises(UnknownListener):
        crowd.find_matches(my_id)


def test_signing_in_as_an_imported_account_takes_it_over(service):
    service.import_candidates(
        [listening("a", "Low"), listening("b", "Low")], lambda one: Account(one.listener_id)
    )
    mine = service.connect_listener(Account("a"))
    assert not mine.discoverable
    with pytest.raises(NotSynced):
        service.find_matches(mine.listener_id)
    service.refresh_listener(mine.listener_id, FakeLibrary("Low"))
    found = service.find_matches(mine.listener_id)
    assert len(found.matches) == 1
    assert found.matches[0].listener.listener_id != mine.listener_id


def test_listeners_without_music_are_not_imported(service):
    assert service.import_candidates([listening("a"), listening("b", "Low")], account_of).n_kept == 1


def test_imported_profiles_get_the_audio_attributes_of_their_own_tracks(service):
    rows = [
        Listening(name, Source.TABLE, (Hearing(Part.SAVED, name, track_name="Song"),))
        for name in ("low", "can")
    ]
    energies = {"low": 0.2, "can": 0.9}
    service.attributes.add_attributes(
        ((f"key:{name}|song",), AudioAttributes({"energy": value})) for name, value in energies.items()
    )
    service.import_candidates(rows, account_of)
    found = nearest(service.store, np.ones(2 * FakeEmbedder.dim, np.float32), 9, "v1", exclude="")
    profiles = service.store.profiles([one.listener_id for one in found]).values()
    heard = {profile.items[0].artist: profile.audio.attributes["energy"].mean for profile in profiles}
    assert heard == pytest.approx(energies)


def test_a_new_model_embeds_the_asking_listener_anew(crowd, embedder):
    my_id = me(crowd)
    crowd.refresh_listener(my_id, FakeLibrary("Low"))
    embedder.model_version = "v2"
    crowd.import_candidates([listening("low", "Low")], account_of)
    assert len(crowd.find_matches(my_id).matches) == 1
    assert crowd.store.vectors([my_id], "v2").get(my_id) is not None


def test_asking_again_embeds_nothing(crowd, embedder):
    my_id = me(crowd)
    crowd.refresh_listener(my_id, FakeLibrary("Low"))
    n_before = embedder.n_embedded
    crowd.find_matches(my_id)
    assert embedder.n_embedded == n_before


def test_no_more_than_asked_for(crowd):
    my_id = me(crowd)
    crowd.refresh_listener(my_id, FakeLibrary("Low"))
    assert len(crowd.find_matches(my_id, top_n=2).matches) == 2


def test_every_match_has_a_percentage_within_its_interval(matches):
    for match in matches:
        assert 0.0 <= match.percent.low < match.percent.value < match.percent.high <= 100.0


def test_a_higher_score_is_a_higher_percentage(matches):
    values = [match.percent.value for match in matches]
    assert values == sorted(values, reverse=True)
    assert values[0] > values[-1]


def test_the_explanation_explains_the_score_that_is_shown(matches):
    assert [match.explanation.score for match in matches] == [match.score for match in matches]
    for match in matches:
        assert sum(match.explanation.parts.values()) == pytest.approx(match.score, abs=1e-9)


def test_shared_artists_are_named_as_the_one_who_asks_writes_them(crowd):
    my_id = me(crowd)
    crowd.refresh_listener(my_id, FakeLibrary("LOW"))
    best = crowd.find_matches(my_id).matches[0]
    assert [item.name for item in best.explanation.artists] == ["LOW"]


def test_nobody_is_shown_twice_or_to_themselves(crowd):
    my_id = me(crowd)
    crowd.refresh_listener(my_id, FakeLibrary("Low"))
    shown = [match.listener.listener_id for match in crowd.find_matches(my_id).matches]
    assert len(set(shown)) == len(shown) == 3
    assert my_id not in shown


def test_hidden_listeners_are_never_shown(crowd):
    hidden = crowd.connect_listener(Account("spotify:hidden")).listener_id
    crowd.refresh_listener(hidden, FakeLibrary("Low"))
    my_id = me(crowd)
    crowd.refresh_listener(my_id, FakeLibrary("Low"))
    found = crowd.find_matches(my_id)
    assert hidden not in {match.listener.listener_id for match in found.matches}
    assert found.n_candidates == 3


def test_only_hidden_listeners_are_nobody_to_be_matched_with(service):
    for key in ("spotify:hidden", "spotify:me"):
        mine = service.connect_listener(Account(key)).listener_id
        service.refresh_listener(mine, FakeLibrary("Low"))
    with pytest.raises(NoCandidates):
        service.find_matches(mine)


def test_the_score_is_the_same_from_both_sides_when_both_ask(crowd):
    everybody = [one.listener.listener_id for one in crowd.find_matches(low_of(crowd)).matches]
    asked = {key: by_listener(crowd.find_matches(key)) for key in (low_of(crowd), *everybody)}
    for one, theirs in asked.items():
        for other, score in theirs.items():
            assert asked[other][one] == pytest.approx(score, abs=1e-6)


def low_of(service):
    """The id of the imported listener who hears Low, asking as its owner would."""
    everybody = nearest(service.store, np.zeros(2 * len(ARTISTS), np.float32), 9, "v1", exclude="")
    profiles = service.store.profiles([one.listener_id for one in everybody])
    return next(key for key, profile in profiles.items() if "low" in profile.artists)


def by_listener(found):
    return {match.listener.listener_id: match.score for match in found.matches}


def test_a_candidate_that_goes_while_it_is_ranked_is_passed_over(crowd, monkeypatch):
    my_id = me(crowd)
    crowd.refresh_listener(my_id, FakeLibrary("Low"))
    retrieve, gone = crowd.store.retrieve, []

    def retrieve_and_erase(*args):
        found = retrieve(*args)
        gone.append(found.listener_ids[0])
        crowd.store.forget(gone[0])
        return found

    monkeypatch.setattr(crowd.store, "retrieve", retrieve_and_erase)
    found = crowd.find_matches(my_id)
    assert [match.rank for match in found.matches] == [1, 2]
    assert gone[0] not in by_listener(found)


def test_without_a_model_nothing_is_written(crowd):
    def missing():
        raise ModelMissing("there is no trained model yet")

    my_id = me(crowd)
    broken = replace(crowd, model=missing)
    with pytest.raises(ModelMissing):
        broken.refresh_listener(my_id, FakeLibrary("Low"))
    assert crowd.store.profile(my_id) is None


def library(prefix, n):
    """Artists that nobody else has, besides one who is in everybody's library."""
    return ("Low", *(f"{prefix} {number}" for number in range(n)))


def test_of_listeners_with_nearly_the_same_library_the_best_stands_first_and_the_others_last(service):
    service.import_candidates(
        [
            listening("copied", "Can", *library("x", 40)),
            listening("copy", *library("x", 40)),
            listening("other", "Drexciya", *library("y", 40)),
        ],
        account_of,
    )
    my_id = me(service)
    service.refresh_listener(my_id, FakeLibrary("Low", "Can"))
    found = service.find_matches(my_id).matches
    assert [one.is_near_duplicate for one in found] == [False, False, True]
    assert not any(one.is_double for one in found)


def test_a_listener_out_of_sight_does_not_make_another_a_clone(service):
    twins = [listening(name, "Can", *library("x", 40)) for name in ("copied", "copy")]
    service.import_candidates(twins, account_of)
    my_id = me(service)
    service.refresh_listener(my_id, FakeLibrary("Low", "Can"))
    first, second = service.find_matches(my_id).matches
    assert second.is_near_duplicate
    service.store.blocks[(my_id, first.listener.listener_id)] = NOW
    (left,) = service.find_matches(my_id).matches
    assert left.listener == second.listener
    assert not left.is_near_duplicate


def test_who_has_nearly_my_own_library_is_said_to(service):
    service.import_candidates([listening("copy", *library("x", 40)), listening("can", "Can")], account_of)
    my_id = me(service)
    service.refresh_listener(my_id, FakeLibrary(*library("x", 41)))
    found = service.find_matches(my_id).matches
    assert [one.is_double for one in found] == [True, False]


class FakeFile(FakeLibrary):
    """The same, brought as a file."""

    def fetch(self, listener_id, report, so_far=None):
        return replace(super().fetch(listener_id, report), source=Source.SPOTIFY_EXPORT)


def test_who_comes_by_two_doors_is_not_matched_with_themselves(service):
    service.import_candidates([listening("other", "Can", *library("y", 40))], account_of)
    by_spotify, by_file, by_file_again = (
        service.connect_listener(Account(key)).listener_id for key in ("spotify:ada", "key:1", "key:2")
    )
    service.refresh_listener(by_spotify, FakeLibrary("Can", *library("x", 40)))
    for key in (by_file, by_file_again):
        service.refresh_listener(key, FakeFile("Can", *library("x", 41)))
    for key in (by_spotify, by_file, by_file_again):
        row = service.store.rows[key]
        row.listener = replace(row.listener, discoverable=True)
    for key in (by_spotify, by_file, by_file_again):
        (found,) = service.find_matches(key).matches
        assert found.listener.listener_id not in {by_spotify, by_file, by_file_again}


def test_another_s_file_finds_nobody_though_spotify_is_read_beside_it(service):
    service.import_candidates([listening("other", "Can", *library("y", 40))], account_of)
    owner, thief = (service.connect_listener(Account(key)).listener_id for key in ("spotify:1", "key:2"))
    service.refresh_listener(owner, FakeLibrary("Can", *library("x", 40)))
    service.refresh_listener(thief, FakeFile("Can", *library("x", 40)))
    service.refresh_listener(thief, FakeLibrary("Can"))
    assert service.store.profile(thief).source is Source.SPOTIFY_API
    for mine, theirs in ((thief, owner), (owner, thief)):
        row = service.store.rows[theirs]
        row.listener = replace(row.listener, discoverable=True)
        assert [one.listener.listener_id for one in service.find_matches(mine).matches] != []
        assert theirs not in {one.listener.listener_id for one in service.find_matches(mine).matches}
        assert service.n_nearer(mine, service.find_matches(mine).matches[0].listener.listener_id) == 0


def test_how_many_are_nearer_does_not_tell_of_whom_the_list_leaves_out(service):
    service.import_candidates([listening("other", "Can", *library("y", 40))], account_of)
    owner, thief = (service.connect_listener(Account(key)).listener_id for key in ("key:1", "key:2"))
    service.refresh_listener(owner, FakeFile("Can", *library("x", 40)))
    service.refresh_listener(thief, FakeFile("Can", *library("x", 41)))
    row = service.store.rows[owner]
    (other,) = service.find_matches(thief).matches
    assert service.n_nearer(thief, other.listener.listener_id) == 0
    row.listener = replace(row.listener, discoverable=True)
    assert service.n_nearer(thief, other.listener.listener_id) == 0


def test_somebody_else_s_library_is_still_a_match_of_who_brings_a_file(service):
    service.import_candidates([listening("near", "Can", *library("x", 40), *library("z", 40))], account_of)
    by_file = service.connect_listener(Account("key:1")).listener_id
    service.refresh_listener(by_file, FakeFile("Can", *library("x", 40)))
    assert len(service.find_matches(by_file).matches) == 1


def test_one_other_alone_is_the_same_match_as_in_the_list(crowd):
    my_id = me(crowd)
    crowd.refresh_listener(my_id, FakeLibrary("Can", "Low"))
    for listed in crowd.find_matches(my_id).matches:
        (alone,) = crowd.find_match(my_id, listed.listener.listener_id).matches
        assert alone == replace(listed, rank=1)


def test_how_much_there_is_of_the_other_is_told(matches):
    assert sorted((one.n_items, one.n_artists) for one in matches) == [(1, 1), (1, 1), (2, 2)]


@pytest.mark.parametrize("other", ["", "nobody", "<b>", "\x00"])
def test_nobody_is_no_match(crowd, other):
    my_id = me(crowd)
    crowd.refresh_listener(my_id, FakeLibrary("Can"))
    for one in (other, my_id):
        with pytest.raises(UnknownListener):
            crowd.find_match(my_id, one)


def test_who_hides_is_no_match_any_more(crowd):
    my_id, other = me(crowd), crowd.connect_listener(Account("spotify:other")).listener_id
    for one in (my_id, other):
        crowd.refresh_listener(one, FakeLibrary("Can"))
    with pytest.raises(UnknownListener):
        crowd.find_match(my_id, other)


def test_first_matches_are_those_of_what_has_been_read_so_far(crowd):
    my_id, seen = me(crowd), []
    crowd.refresh_listener(
        my_id,
        FakeLibrary("Low", "Can", "Neu!"),
        glimpse=lambda profile: seen.append(crowd.find_matches(my_id, 3, profile).matches),
    )
    shared = [{one.name for match in found for one in match.explanation.artists} for found in seen]
    assert shared == [{"Low"}, {"Low", "Can"}]


def test_a_glimpse_leaves_nothing_behind(crowd):
    my_id, seen = me(crowd), []
    with pytest.raises(SpotifyUnreachable):
        crowd.refresh_listener(
            my_id, FakeLibrary("Low", "Can", error=SpotifyUnreachable("down")), glimpse=seen.append
        )
    assert len(seen) == 1
    assert crowd.store.profile(my_id) is None
    with pytest.raises(NotSynced):
        crowd.find_matches(my_id)


def test_an_import_counts_the_listeners_of_all_its_batches(service, monkeypatch):
    monkeypatch.setattr("matcher.matching.service.BATCH", 2)
    rows = [listening(f"low {n}", "Low") for n in range(5)]
    assert service.import_candidates(rows, account_of).n_kept == 5


def test_whether_enough_is_shown_is_asked_of_those_who_were_read(crowd):
    my_id = me(crowd)
    assert crowd.shows_enough(my_id)
    crowd.refresh_listener(my_id, FakeLibrary("Low"))
    assert crowd.shows_enough(my_id)
    assert not replace(crowd, tastes=replace(crowd.tastes, least=2)).shows_enough(my_id)
