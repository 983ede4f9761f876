"""From the database to matches: what is retrieved, and that scores are what they are in memory."""

import random
from dataclasses import replace

import numpy as np
import pytest
from sqlalchemy import select, update

from matcher.domain.calibration import Calibration
from matcher.domain.exclusions import Exclusion, Kind
from matcher.domain.library import build_profile
from matcher.domain.listening import Hearing, Listening, Part, Source
from matcher.domain.vectors import TowerVectors
from matcher.errors import NoCandidates
from matcher.matching.matches import Ask
from matcher.matching.service import MatchingService
from matcher.pipeline import Pipeline
from matcher.ports import Account
from matcher.scoring.overlap import count_items
from matcher.scoring.ranker import Ranker
from matcher.taste.service import Tastes
from storage.search import neighbours, retrieval, shared_items
from storage.server.database import Database
from storage.sql.schema import listeners
from storage.stores.listeners.listeners import PostgresListenerStore
from storage.stores.listeners.tastes import PostgresTasteStore
from tests.fakes.product_way import nearest
from tests.fakes.stores import FakeAttributeStore
from tests.matcher.scoring.test_ranker import ATTRIBUTES, SCALE, TAGS
from tests.storage.contracts.worlds import NOW
from towers.serving.kmeans import SeededKMeans

DIM, N = 6, 60


class HashEmbedder:
    """Two different towers, each the sum of a random direction an artist."""

    model_version, dim = "v1", DIM

    def embed(self, profiles):
        user, candidate = (np.array([self._row(p, tower) for p in profiles]) for tower in (1, 2))
        return TowerVectors(user.reshape(-1, DIM), candidate.reshape(-1, DIM))

    def _row(self, profile, tower):
        rows = [
            weight * np.random.default_rng([tower, *key.encode()]).normal(size=DIM)
            for key, weight in profile.artists.items()
        ]
        total = np.sum(rows, axis=0)
        return (total / np.linalg.norm(total)).astype(np.float32)


def listening(number):
    rng = random.Random(number)
    hearings = tuple(
        Hearing(
            Part.PLAYS,
            f"Artist {rng.choice('abcdefghijklm')}",
            track_name=f"Song {rng.randint(1, 3)}",
            plays=rng.randint(1, 30),
        )
        for _ in range(rng.randint(1, 12))
    )
    return Listening(f"l{number}", Source.TABLE, hearings, TAGS)


LISTENINGS = [listening(number) for number in range(N)]
PROFILES = [build_profile(one, ATTRIBUTES) for one in LISTENINGS]
WEIGHTS = {"towers": 1.0, "artists": 0.05, "tracks": 0.08, "tags": 0.01, "audio": 0.1}
RANKER = Ranker(WEIGHTS, count_items(PROFILES[::2]), SCALE, softness=0.3)
PIPELINE = Pipeline(HashEmbedder(), RANKER, Calibration(noise=20))


@pytest.fixture
def store(database: Database) -> PostgresListenerStore:
    return PostgresListenerStore(database)


@pytest.fixture
def service(store):
    attributes = FakeAttributeStore()
    attributes.known = {f"key:{key}": values for key, values in ATTRIBUTES.items()}
    tastes = Tastes(
        PostgresTasteStore(store.database), lambda: PIPELINE, SeededKMeans(), lambda: NOW, least=1
    )
    made = MatchingService(store, lambda: PIPELINE, attributes, lambda: NOW, random.Random(1), tastes)
    made.import_candidates(LISTENINGS, lambda one: Account(one.listener_id))
    return made


@pytest.fixture
def ids(database):
    """Our ids by those of the table."""
    with database.transaction() as connection:
        return dict(connection.exec_driver_sql("SELECT account_key, id::text FROM listeners").all())


def exact(number, top_n=N):
    """What the pool in memory ranks, by ids of the table."""
    pool = PIPELINE.pool(PROFILES)
    (me,) = PIPELINE.weigh([PROFILES[number]])
    return pool.rank(RANKER, me, top_n, exclude=f"l{number}", k=N)


@pytest.mark.parametrize("number", [0, 7, 31])
def test_scores_are_those_in_memory_but_for_half_precision(service, ids, number):
    found = {
        one.listener.listener_id: one.score for one in service.find_matches(ids[f"l{number}"], N).matches
    }
    expected = {ids[key]: score for key, score in exact(number)}
    assert len(found) == N - 1
    assert found == pytest.approx(expected, abs=2e-3)


@pytest.mark.parametrize("number", [0, 7, 31])
def test_matches_fall_and_their_parts_sum_to_their_scores(service, ids, number):
    matches = service.find_matches(ids[f"l{number}"], N).matches
    scores = [one.score for one in matches]
    assert scores == sorted(scores, reverse=True)
    assert [one.rank for one in matches] == list(range(1, N))
    for one in matches:
        parts = one.explanation.parts
        assert sum(parts.values()) == pytest.approx(one.score, abs=1e-6)


class Shelf:
    def __init__(self, content):
        self.content = content

    def fetch(self, listener_id, report, so_far=None):
        return replace(self.content, listener_id=listener_id)


@pytest.mark.parametrize("number", [0, 7, 12])
def test_the_effect_of_an_item_is_what_leaving_it_out_takes_away(service, number):
    me = service.connect_listener(Account("spotify:me")).listener_id
    service.refresh_listener(me, Shelf(LISTENINGS[number]))
    found = service.find_matches(me, N).matches[1:]  # the first is as I am
    before = next(one for one in found if one.explanation.tracks)
    other = before.listener.listener_id
    items = [("artists", one.key) for one in before.explanation.artists]
    items += [("tracks", one.key) for one in before.explanation.tracks]
    effects = service.effects(me, other, items)
    assert items
    assert effects.keys() == set(items)
    for kind, key in items:
        rule = Exclusion(Kind.ARTIST if kind == "artists" else Kind.TRACK, key)
        service.tastes.leave_out(me, rule)
        after = service.find_match(me, other).matches[0].score
        service.tastes.undo(me, rule)
        assert sum(effects[kind, key].values()) == pytest.approx(before.score - after, abs=1e-9)


def test_scores_are_the_same_from_both_sides(service, ids):
    asked = {
        key: {one.listener.listener_id: one.score for one in service.find_matches(key, N).matches}
        for key in list(ids.values())[:12]
    }
    pairs = [(one, other) for one in asked for other in asked if one < other]
    assert len(pairs) == 66
    for one, other in pairs:
        assert asked[one][other] == pytest.approx(asked[other][one], abs=1e-6)


def test_what_is_shared_is_what_both_profiles_hold(service, ids):
    found = service.find_matches(ids["l3"], N).matches
    by_id = {ids[one.listener_id]: one for one in PROFILES}
    for one in found:
        theirs = by_id[one.listener.listener_id]
        assert {item.key for item in one.explanation.artists} == PROFILES[
            3
        ].artists.keys() & theirs.artists.keys()
        assert {item.key for item in one.explanation.tracks} == PROFILES[
            3
        ].tracks.keys() & theirs.tracks.keys()


def ask_of(number, listener_id):
    (me,) = PIPELINE.weigh([PROFILES[number]])
    return Ask.of(PIPELINE, listener_id, PROFILES[number], me.stored)


@pytest.fixture
def indexed(service, store, monkeypatch):
    """The same where there is an index, as with many listeners."""
    monkeypatch.setattr(neighbours, "EXACT_BELOW", 10)
    assert store.index_vectors("v1")
    return store


@pytest.mark.parametrize("number", range(0, N, 6))
def test_retrieving_few_finds_whom_the_exact_pool_ranks_first(indexed, ids, number):
    found = indexed.retrieve(ask_of(number, ids[f"l{number}"]).question, 15, "v1")
    assert len(found.listener_ids) < N - 1
    assert ids[exact(number, 1)[0][0]] in found.listener_ids


def test_those_who_share_rare_items_are_retrieved_however_far_their_vectors(indexed, ids):
    question = ask_of(7, ids["l7"]).question
    far = type(question)(question.listener_id, -question.query, question.rare_items)
    near = {one.listener_id for one in nearest(indexed, far.query, 10, "v1", exclude=ids["l7"])}
    found = set(indexed.retrieve(far, 10, "v1").listener_ids)
    assert near < found
    for key in found - near:
        theirs = next(one for one in PROFILES if ids[one.listener_id] == key)
        assert theirs.artists.keys() & PROFILES[7].artists.keys()


def test_with_an_index_the_same_are_ranked_first(service, indexed, ids, monkeypatch):
    with_index = service.find_matches(ids["l9"], 10).matches
    monkeypatch.setattr(retrieval, "_are_few", lambda *_: True)
    assert service.find_matches(ids["l9"], 10).matches == with_index


def who_shares(database, rare_items):
    """Ids of those who share an item, one for every pair."""
    with database.transaction() as connection:
        asked = {"rare_items": list(rare_items), "version": "v1", **shared_items.limits(connection)}
        return connection.scalars(select(shared_items.SHARING.c.listener_id), asked).all()


def test_items_that_everybody_has_are_not_searched_for(indexed, database, ids, monkeypatch):
    rare_items = ask_of(7, ids["l7"]).question.rare_items
    with database.transaction() as connection:
        connection.exec_driver_sql("ANALYZE vectors")
    everyone, holders = who_shares(database, rare_items), who_shares(database, rare_items[-1:])
    monkeypatch.setattr(shared_items, "FEWEST_PAIRS", len(holders) - 1)
    assert who_shares(database, rare_items[-1:]) == []
    assert 0 < len(who_shares(database, rare_items)) < len(everyone)


def test_no_more_pairs_of_one_item_are_read_than_allowed(indexed, database, ids, monkeypatch):
    monkeypatch.setattr(shared_items, "MOST_EACH", 1)
    rare_items = ask_of(7, ids["l7"]).question.rare_items
    assert 0 < len(who_shares(database, rare_items)) <= len(rare_items)


def test_more_pairs_are_read_the_more_profiles_there_are(indexed, database, ids, monkeypatch):
    rare_items = ask_of(7, ids["l7"]).question.rare_items
    with database.transaction() as connection:
        connection.exec_driver_sql("ANALYZE vectors")
    monkeypatch.setattr(shared_items, "FEWEST_PAIRS", N)
    few = who_shares(database, rare_items)
    monkeypatch.setattr(shared_items, "PROFILES_PER_PAIR", 0.5)
    assert len(few) == N < len(who_shares(database, rare_items)) <= 2 * N
    monkeypatch.setattr(shared_items, "MOST_PAIRS", N + 1)
    assert len(who_shares(database, rare_items)) == N + 1


def test_who_is_found_both_ways_is_retrieved_once(indexed, ids):
    found = indexed.retrieve(ask_of(7, ids["l7"]).question, N, "v1").listener_ids
    assert len(found) == len(set(found)) == N - 1


@pytest.mark.parametrize("few", [True, False])
def test_blocked_and_paused_listeners_are_not_shown(service, store, database, ids, monkeypatch, few):
    if not few:
        monkeypatch.setattr(neighbours, "EXACT_BELOW", 10)
        store.index_vectors("v1")
    with database.transaction() as connection:
        connection.exec_driver_sql(f"UPDATE listeners SET paused = true WHERE id = '{ids['l1']}'")
        for one, other in (("l7", "l2"), ("l3", "l7")):
            connection.exec_driver_sql(
                f"INSERT INTO blocks VALUES ('{ids[one]}', '{ids[other]}', '2026-11-21T00:00:00Z')"
            )
    found = [one.listener.listener_id for one in service.find_matches(ids["l7"], N).matches]
    assert {ids[key] for key in ("l1", "l2", "l3", "l7")}.isdisjoint(found)
    assert len(found) >= N - 6


@pytest.mark.parametrize("few", [True, False])
def test_a_list_is_filled_from_further_down_where_the_best_are_hidden(
    service, store, database, ids, monkeypatch, few
):
    if not few:
        monkeypatch.setattr(neighbours, "EXACT_BELOW", 10)
        store.index_vectors("v1")
    best = [one.listener.listener_id for one in service.find_matches(ids["l7"], N).matches]
    with database.transaction() as connection:
        hidden = update(listeners).where(listeners.c.id.in_(best[:10])).values(discoverable=False)
        connection.execute(hidden)
    assert [one.listener.listener_id for one in service.find_matches(ids["l7"], 2).matches] == best[10:12]


def test_whoever_blocks_while_matches_are_ranked_is_not_shown(service, store, database, ids, monkeypatch):
    retrieve = PostgresListenerStore.retrieve

    def then_block(self, *asked):
        found = retrieve(self, *asked)
        with database.transaction() as connection:
            connection.exec_driver_sql(
                f"INSERT INTO blocks VALUES ('{ids['l5']}', '{ids['l7']}', '2026-11-21T00:00:00Z')"
            )
        return found

    monkeypatch.setattr(PostgresListenerStore, "retrieve", then_block)
    shown = {one.listener.listener_id for one in service.find_matches(ids["l7"], N).matches}
    assert ids["l5"] not in shown
    assert len(shown) == N - 2


def test_vectors_from_before_there_was_a_weighed_form_are_matched_by_vector_alone(service, database, ids):
    with database.transaction() as connection:
        connection.exec_driver_sql("UPDATE vectors SET weighed = NULL, rare_items = '{}'")
    found = service.find_matches(ids["l7"], N).matches
    assert len(found) == N - 1
    assert all(one.explanation.parts["artists"] == 0 for one in found)


def test_one_facet_of_a_taste_can_ask_in_place_of_the_whole(service, ids):
    whole = service.find_matches(ids["l7"], N)
    of_facet = service.find_matches(ids["l7"], N, asking=PROFILES[20])
    as_twenty = {one.listener.listener_id: one.score for one in service.find_matches(ids["l20"], N).matches}
    assert of_facet.profile_digest == whole.profile_digest
    assert ids["l7"] not in {one.listener.listener_id for one in of_facet.matches}
    for one in of_facet.matches:
        if one.listener.listener_id != ids["l20"]:
            assert one.score == pytest.approx(as_twenty[one.listener.listener_id], abs=1e-9)


def test_asking_with_one_facet_writes_nothing(service, store, ids):
    before = store.vectors([ids["l7"]], "v1").get(ids["l7"])
    service.find_matches(ids["l7"], asking=PROFILES[20])
    np.testing.assert_array_equal(store.vectors([ids["l7"]], "v1").get(ids["l7"]), before)


def test_a_match_tells_whose_profile_it_was_made_with(service, database, ids):
    found = service.find_matches(ids["l7"], 3)
    with database.transaction() as connection:
        digests = dict(connection.exec_driver_sql("SELECT listener_id::text, digest FROM profiles").all())
    assert found.profile_digest == digests[ids["l7"]]
    assert [one.profile_digest for one in found.matches] == [
        digests[one.listener.listener_id] for one in found.matches
    ]


def test_candidates_are_counted_exactly_even_with_an_index(indexed, store, database):
    with database.transaction() as connection:
        connection.exec_driver_sql("ANALYZE")
        connection.exec_driver_sql(
            "UPDATE listeners SET discoverable = false WHERE id IN (SELECT id FROM listeners LIMIT 3)"
        )
    assert store.n_candidates("v1") == N - 3


def test_of_very_many_candidates_the_number_is_an_estimate(indexed, store, database, monkeypatch):
    monkeypatch.setattr(retrieval, "COUNTED", 3)
    with database.transaction() as connection:
        connection.exec_driver_sql("ANALYZE")
    assert store.n_candidates("v1") == pytest.approx(N, rel=0.2)


def test_without_anybody_to_be_seen_there_are_no_matches(service, database, ids):
    with database.transaction() as connection:
        connection.exec_driver_sql("UPDATE listeners SET discoverable = false")
    with pytest.raises(NoCandidates):
        service.find_matches(ids["l7"])
