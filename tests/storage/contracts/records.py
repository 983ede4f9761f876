"""What every store of records does: feedback, history, models, answers, ids, made playlists, pace."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from matcher.domain.audio import AudioAttributes
from matcher.errors import UnknownListener
from matcher.ports import (
    ARTIST,
    TRACK,
    AttributeCache,
    FeedbackStore,
    HistoryStore,
    ItemIdStore,
    KeptPlaylist,
    KnownModel,
    Look,
    MadePlaylistStore,
    ModelRegistry,
    ModelState,
    PaceStore,
    Place,
    ScoredPair,
)
from tests.storage.contracts.worlds import LATER, NOW, STRANGER, VERSION

SECOND = timedelta(seconds=1)


class FeedbackStoreContract:
    """Run by subclasses, which give the fixtures `store` and `ids`, four listeners' in order."""

    def test_feedback_comes_back_as_a_scored_pair(self, store: FeedbackStore, ids: list[str]):
        assert store.add(ids[0], ids[1], 1, VERSION, NOW)
        assert list(store.strongest()) == [ScoredPair(ids[0], ids[1], 1.0)]

    def test_the_same_action_again_is_not_kept(self, store: FeedbackStore, ids: list[str]):
        store.add(ids[0], ids[1], 1, VERSION, NOW)
        assert not store.add(ids[0], ids[1], 1, VERSION, LATER)

    def test_the_same_action_under_another_model_is_news(self, store: FeedbackStore, ids: list[str]):
        store.add(ids[0], ids[1], 1, VERSION, NOW)
        assert store.add(ids[0], ids[1], 1, "model-2", NOW)

    def test_of_a_pair_the_strongest_action_counts(self, store: FeedbackStore, ids: list[str]):
        for score in (1, 5, 0):
            store.add(ids[0], ids[1], score, VERSION, NOW)
        assert [one.score for one in store.strongest()] == [5.0]

    def test_both_directions_are_kept_apart(self, store: FeedbackStore, ids: list[str]):
        store.add(ids[0], ids[1], 5, VERSION, NOW)
        store.add(ids[1], ids[0], 0, VERSION, NOW)
        assert list(store.strongest()) == [ScoredPair(ids[0], ids[1], 5.0), ScoredPair(ids[1], ids[0], 0.0)]

    def test_the_same_action_eight_times_at_once_is_kept_once(self, store: FeedbackStore, ids: list[str]):
        start = threading.Barrier(8)

        def add(_: int) -> bool:
            start.wait(timeout=10)
            return store.add(ids[0], ids[1], 1, VERSION, NOW)

        with ThreadPoolExecutor(8) as pool:
            assert sum(pool.map(add, range(8))) == 1

    @pytest.mark.parametrize("stranger", [STRANGER, "nobody"])
    def test_strangers_neither_give_nor_get_feedback(
        self, store: FeedbackStore, ids: list[str], stranger: str
    ):
        with pytest.raises(UnknownListener):
            store.add(stranger, ids[0], 1, VERSION, NOW)
        with pytest.raises(UnknownListener):
            store.add(ids[0], stranger, 1, VERSION, NOW)
        assert list(store.strongest()) == []

    def test_a_score_is_looked_up_by_listener_score_and_model(self, store: FeedbackStore, ids: list[str]):
        store.add(ids[0], ids[1], 0, VERSION, NOW)
        store.add(ids[0], ids[2], 1, VERSION, NOW)
        store.add(ids[0], ids[3], 0, "model-2", NOW)
        store.add(ids[1], ids[2], 0, VERSION, NOW)
        assert store.given(ids[0], 0, VERSION) == {ids[1]}
        assert store.given("nobody", 0, VERSION) == frozenset()

    def test_a_score_that_was_taken_back_was_never_given(self, store: FeedbackStore, ids: list[str]):
        for other in ids[1:3]:
            store.add(ids[0], other, 0, VERSION, NOW)
            store.add(ids[0], other, 1, VERSION, NOW)
        store.add(ids[1], ids[0], 0, VERSION, NOW)
        assert store.take_back(ids[0], 0, VERSION) == 2
        assert store.take_back(ids[0], 0, VERSION) == 0
        assert store.given(ids[0], 0, VERSION) == frozenset()
        assert store.given(ids[0], 1, VERSION) == set(ids[1:3])
        assert store.given(ids[1], 0, VERSION) == {ids[0]}


def look(others: list[str], after: timedelta = timedelta(0), version: str = VERSION) -> Look:
    places = [
        Place(one, rank, 0.1 + 0.7 / rank, f"digest-{rank}") for rank, one in enumerate(others, start=1)
    ]
    return Look(NOW + after, "my-digest", version, tuple(places))


class HistoryStoreContract:
    """Run by subclasses, which give the fixtures `store` and `ids`, four listeners' in order."""

    def test_who_never_looked_has_no_looks(self, store: HistoryStore, ids: list[str]):
        assert store.looks(ids[0]) == ()
        assert store.looks("nobody") == ()

    def test_a_look_comes_back_exactly(self, store: HistoryStore, ids: list[str]):
        seen = look(ids[:0:-1])
        assert store.add(ids[0], seen, None)
        assert store.looks(ids[0]) == (seen,)

    def test_the_last_two_looks_are_kept_newest_first(self, store: HistoryStore, ids: list[str]):
        looks = [look(ids[1:], n * SECOND, f"model-{n}") for n in range(4)]
        for earlier, one in zip([None, *looks], looks, strict=False):
            assert store.add(ids[0], one, earlier)
        assert store.looks(ids[0]) == (looks[3], looks[2])

    def test_looks_of_others_are_kept_apart(self, store: HistoryStore, ids: list[str]):
        store.add(ids[0], look([ids[1]]), None)
        store.add(ids[1], look([ids[0]]), None)
        assert store.looks(ids[0]) == (look([ids[1]]),)

    def test_a_look_that_comes_too_late_is_not_kept(self, store: HistoryStore, ids: list[str]):
        first, second = look(ids[1:]), look(ids[2:], SECOND)
        store.add(ids[0], first, None)
        assert not store.add(ids[0], second, None)
        assert not store.add(ids[0], replace(second, seen_at_utc=NOW), first)
        assert store.looks(ids[0]) == (first,)

    def test_of_eight_looks_at_once_one_is_kept(self, store: HistoryStore, ids: list[str]):
        start = threading.Barrier(8)

        def add(n: int) -> bool:
            start.wait(timeout=10)
            return store.add(ids[0], look(ids[1:], n * SECOND), None)

        with ThreadPoolExecutor(8) as pool:
            assert sum(pool.map(add, range(8))) == 1
        assert len(store.looks(ids[0])) == 1

    def test_places_of_strangers_are_left_out(self, store: HistoryStore, ids: list[str]):
        assert store.add(ids[0], look([ids[1], STRANGER, ids[2]]), None)
        assert [one.other_id for one in store.looks(ids[0])[0].places] == [ids[1], ids[2]]

    def test_strangers_do_not_look(self, store: HistoryStore, ids: list[str]):
        with pytest.raises(UnknownListener):
            store.add(STRANGER, look([ids[1]]), None)


class ModelRegistryContract:
    """Run by subclasses, which give the fixture `store`."""

    def test_a_proposed_model_comes_back_with_its_figures(self, store: ModelRegistry):
        metrics = {"n_listeners": 1760, "watch_mrr": [0.8, 0.85], "n_tokens": {"artist": 3}, "seconds": 1e300}
        assert store.propose(VERSION, metrics, NOW)
        assert store.models() == (KnownModel(VERSION, ModelState.PROPOSED, NOW, None, metrics),)
        assert store.serving() == ""

    def test_a_model_that_is_known_stays_as_it_is(self, store: ModelRegistry):
        store.propose(VERSION, {"n_listeners": 1}, NOW)
        assert not store.propose(VERSION, {"n_listeners": 2}, LATER)
        assert store.models()[0].metrics == {"n_listeners": 1}

    def test_the_latest_change_comes_first(self, store: ModelRegistry):
        for version, since in (("b", NOW), ("c", LATER), ("a", NOW - SECOND)):
            store.propose(version, {}, since)
        assert [one.model_version for one in store.models()] == ["c", "b", "a"]

    def test_figures_that_are_not_finite_become_null(self, store: ModelRegistry):
        store.propose(VERSION, {"losses": [float("nan"), 1.5, float("inf")]}, NOW)
        assert store.models()[0].metrics == {"losses": [None, 1.5, None]}

    def test_several_processes_may_propose_a_model_at_once(self, store: ModelRegistry):
        with ThreadPoolExecutor(4) as pool:
            found = list(pool.map(lambda _: store.propose(VERSION, {}, NOW), range(4)))
        assert sum(found) == 1

    def test_a_state_changes_only_from_those_before(self, store: ModelRegistry):
        store.propose(VERSION, {}, NOW)
        assert not store.move(VERSION, [ModelState.EMBEDDING], ModelState.READY, LATER)
        assert store.move(VERSION, [ModelState.PROPOSED], ModelState.EMBEDDING, LATER)
        (known,) = store.models()
        assert (known.state, known.changed_at_utc) == (ModelState.EMBEDDING, LATER)
        assert not store.move("unknown", list(ModelState), ModelState.READY, LATER)

    def test_one_model_serves_and_the_one_before_is_retired(self, store: ModelRegistry):
        for version in ("a", "b"):
            store.propose(version, {}, NOW)
            assert store.serve(version, [ModelState.PROPOSED], LATER)
        assert store.serving() == "b"
        states = {one.model_version: one.state for one in store.models()}
        assert states == {"a": ModelState.RETIRED, "b": ModelState.SERVING}

    def test_what_cannot_serve_leaves_the_one_that_does(self, store: ModelRegistry):
        store.propose("a", {}, NOW)
        store.serve("a", [ModelState.PROPOSED], NOW)
        store.propose("b", {}, NOW)
        assert not store.serve("b", [ModelState.READY], LATER)
        assert not store.serve("unknown", list(ModelState), LATER)
        assert store.serving() == "a"

    def test_a_model_that_serves_again_keeps_when_it_first_did(self, store: ModelRegistry):
        for version, moment in (("a", NOW), ("b", NOW), ("a", LATER)):
            store.propose(version, {}, NOW)
            store.serve(version, list(ModelState), moment)
        assert store.serving() == "a"
        assert {one.first_served_at_utc for one in store.models()} == {NOW}

    def test_of_several_at_once_one_serves(self, store: ModelRegistry):
        versions = ["a", "b", "c", "d"]
        for version in versions:
            store.propose(version, {}, NOW)
        with ThreadPoolExecutor(4) as pool:
            assert all(pool.map(lambda one: store.serve(one, [ModelState.PROPOSED], NOW), versions))
        states = [one.state for one in store.models()]
        assert (states.count(ModelState.SERVING), states.count(ModelState.RETIRED)) == (1, 3)


CALM = AudioAttributes({"energy": 0.1, "tempo": 71.25}, "recco")
LOUD = AudioAttributes({"energy": 0.9}, "recco")


class AttributeCacheContract:
    """Run by subclasses, which give the fixture `store`."""

    def test_an_answer_comes_back(self, store: AttributeCache):
        store.keep("recco", {"id:1": CALM}, NOW)
        assert store.answers("recco", ["id:1", "id:2"], NOW) == {"id:1": CALM}

    def test_that_nothing_is_known_is_an_answer(self, store: AttributeCache):
        store.keep("recco", {"id:1": None}, NOW)
        assert store.answers("recco", ["id:1"], NOW) == {"id:1": None}

    def test_answers_from_before_are_not_given(self, store: AttributeCache):
        store.keep("recco", {"id:1": CALM}, NOW)
        assert store.answers("recco", ["id:1"], NOW + SECOND) == {}

    def test_a_later_answer_replaces_an_earlier_one(self, store: AttributeCache):
        store.keep("recco", {"id:1": None, "id:2": CALM}, NOW)
        store.keep("recco", {"id:1": LOUD, "id:2": None}, LATER)
        assert store.answers("recco", ["id:1", "id:2"], LATER) == {"id:1": LOUD, "id:2": None}

    def test_each_service_has_its_own_answers(self, store: AttributeCache):
        store.keep("recco", {"id:1": CALM}, NOW)
        assert store.answers("spotify", ["id:1"], NOW) == {}

    def test_asking_and_keeping_nothing_is_nothing(self, store: AttributeCache):
        store.keep("recco", {}, NOW)
        assert store.answers("recco", [], NOW) == {}

    def test_keys_of_any_length_and_content_are_kept(self, store: AttributeCache):
        keys = ["key:" + "é" * 9000, "key:\x00\ud800"]
        store.keep("recco", dict.fromkeys(keys, CALM), NOW)
        assert store.answers("recco", keys, NOW) == dict.fromkeys(keys, CALM)

    def test_the_same_tracks_may_be_kept_by_several_at_once(self, store: AttributeCache):
        keys = [f"id:{n}" for n in range(200)]

        def keep(n: int) -> None:
            store.keep("recco", dict.fromkeys(keys if n % 2 else keys[::-1], LOUD), NOW)

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(keep, range(24)))
        assert len(store.answers("recco", keys, NOW)) == 200


class ItemIdStoreContract:
    """Run by subclasses, which give the fixture `store`."""

    def test_ids_come_back_by_kind_and_key(self, store: ItemIdStore):
        store.keep_ids({(ARTIST, "low"): "a1", (TRACK, "low|words"): "t1", (TRACK, "low"): "t2"})
        asked = [(ARTIST, "low"), (TRACK, "low|words"), (ARTIST, "low|words"), (ARTIST, "can")]
        assert store.ids_of(asked) == {(ARTIST, "low"): "a1", (TRACK, "low|words"): "t1"}

    def test_a_later_id_takes_the_place_of_an_earlier_one(self, store: ItemIdStore):
        store.keep_ids({(ARTIST, "low"): "a1", (ARTIST, "can"): "a2"})
        store.keep_ids({(ARTIST, "low"): "a3"})
        assert store.ids_of([(ARTIST, "low"), (ARTIST, "can")]) == {
            (ARTIST, "low"): "a3",
            (ARTIST, "can"): "a2",
        }

    def test_nothing_is_kept_of_nothing(self, store: ItemIdStore):
        store.keep_ids({})
        assert store.ids_of([]) == {}

    @pytest.mark.parametrize("key", ["", "\x00", "\ud800", "x" * 5000, "';--"])
    def test_any_key_will_do(self, store: ItemIdStore, key: str):
        store.keep_ids({(TRACK, key): "t1"})
        assert store.ids_of([(TRACK, key)]) == {(TRACK, key): "t1"}


class MadePlaylistStoreContract:
    """Run by subclasses, which give the fixtures `store` and `ids`, four listeners' in order."""

    def test_what_was_made_is_found_by_its_content(self, store: MadePlaylistStore, ids: list[str]):
        store.remember(ids[0], "p1", "d1", NOW)
        assert store.made_of(ids[0], "d1") == KeptPlaylist("p1", None)
        store.fill(ids[0], "p1", 30)
        assert store.made_of(ids[0], "d1") == KeptPlaylist("p1", 30)
        assert store.made_of(ids[0], "d2") is None
        assert store.made_of(ids[1], "d1") is None

    def test_of_two_the_later_one_is_found(self, store: MadePlaylistStore, ids: list[str]):
        store.remember(ids[0], "p2", "d1", NOW)
        store.remember(ids[0], "p1", "d1", NOW + SECOND)
        assert store.made_of(ids[0], "d1") == KeptPlaylist("p1", None)

    def test_playlists_of_everybody_are_known(self, store: MadePlaylistStore, ids: list[str]):
        store.remember(ids[0], "p1", "d1", NOW)
        store.remember(ids[1], "p2", "d1", NOW)
        assert store.among(["p1", "p2", "p3"]) == {"p1", "p2"}
        assert store.among([]) == frozenset()
        assert store.among(["", "\x00", "\ud800"]) == frozenset()

    def test_nothing_is_remembered_of_strangers(self, store: MadePlaylistStore):
        with pytest.raises(UnknownListener):
            store.remember(STRANGER, "p1", "d1", NOW)
        store.fill(STRANGER, "p1", 3)
        assert store.among(["p1"]) == frozenset()

    def test_only_one_makes_at_a_time_for_a_listener(self, store: MadePlaylistStore, ids: list[str]):
        inside: list[int] = []

        def make(number: int) -> int:
            with store.locked(ids[0]):
                inside.append(number)
                most = len(inside)
                inside.remove(number)
            return most

        with ThreadPoolExecutor(4) as pool:
            assert set(pool.map(make, range(8))) == {1}


LIMITS = ((2, timedelta(minutes=10)), (3, timedelta(days=1)))


class PaceStoreContract:
    """Run by subclasses, which give the fixtures `store` and `ids`."""

    def test_so_many_are_let_through_and_then_none_until_the_first_is_over(
        self, store: PaceStore, ids: list[str]
    ):
        assert store.take(ids[0], "change", "", NOW, LIMITS) is None
        assert store.take(ids[0], "change", "", NOW + SECOND, LIMITS) is None
        assert store.take(ids[0], "change", "", NOW + 2 * SECOND, LIMITS) == NOW + timedelta(minutes=10)
        assert store.take(ids[0], "change", "", NOW + timedelta(minutes=10), LIMITS) is None

    def test_the_longer_limit_counts_too(self, store: PaceStore, ids: list[str]):
        for hour in range(3):
            assert store.take(ids[0], "change", "", NOW + timedelta(hours=hour), LIMITS) is None
        assert store.take(ids[0], "change", "", NOW + timedelta(hours=3), LIMITS) == NOW + timedelta(days=1)
        assert store.take(ids[0], "change", "", NOW + timedelta(days=1), LIMITS) is None

    def test_what_was_refused_is_not_counted(self, store: PaceStore, ids: list[str]):
        for n in range(5):
            store.take(ids[0], "change", "", NOW + n * SECOND, LIMITS)
        assert store.take(ids[0], "change", "", NOW + timedelta(minutes=11), LIMITS) is None

    def test_each_kind_and_each_listener_is_counted_for_itself(self, store: PaceStore, ids: list[str]):
        for _ in range(2):
            assert store.take(ids[0], "change", "", NOW, LIMITS) is None
        assert store.take(ids[0], "facet", "a", NOW, LIMITS) is None
        assert store.take(ids[1], "change", "", NOW, LIMITS) is None

    def test_one_thing_counts_once(self, store: PaceStore, ids: list[str]):
        for what in ("a", "a", "b", "b", "a"):
            assert store.take(ids[0], "facet", what, NOW, LIMITS) is None
        assert store.take(ids[0], "facet", "c", NOW, LIMITS) is not None
        assert store.take(ids[0], "facet", "a", NOW, LIMITS) is None

    def test_of_many_at_once_no_more_are_let_through(self, store: PaceStore, ids: list[str]):
        with ThreadPoolExecutor(8) as pool:
            found = list(pool.map(lambda _: store.take(ids[0], "change", "", NOW, LIMITS), range(16)))
        assert found.count(None) == 2

    def test_nobody_has_no_pace(self, store: PaceStore):
        with pytest.raises(UnknownListener):
            store.take(STRANGER, "change", "", NOW, LIMITS)
