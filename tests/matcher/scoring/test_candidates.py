import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.scoring.candidates import Candidates, retrieve_rows
from matcher.scoring.components import COMPONENTS, components
from tests.matcher.scoring.test_ranker import RANKER, profile_of, rankers, stored_of, weighed
from ui import texts

crowds = st.lists(weighed, max_size=6)


def pool_of(crowd):
    return Candidates([f"c{place}" for place in range(len(crowd))], crowd)


def listener(seed, *rows):
    return RANKER.weigh(profile_of(*rows), stored_of(seed))


CANDIDATES = [listener(n, (name, 1, 1.0), ("f", n, 2.0)) for n, name in enumerate("abcde")]
ME = listener(99, ("a", 1, 1.0), ("b", 2, 3.0))


@given(weighed, crowds)
def test_components_are_those_of_every_pair(me, crowd):
    found = pool_of(crowd).components(me)
    expected = [[components(me, them)[name] for name in COMPONENTS] for them in crowd]
    np.testing.assert_allclose(found, np.reshape(expected, (-1, len(COMPONENTS))), rtol=1e-9, atol=1e-9)


@given(rankers, weighed, crowds)
def test_a_ranked_list_has_the_scores_of_its_pairs(ranker, me, crowd):
    for key, score in pool_of(crowd).rank(ranker, me, 10):
        assert score == pytest.approx(ranker.score(me, crowd[int(key[1:])]), abs=1e-9)


@given(rankers, weighed, crowds)
def test_a_ranked_list_falls_and_names_everybody_once(ranker, me, crowd):
    found = pool_of(crowd).rank(ranker, me, 10)
    assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)
    assert sorted(key for key, _ in found) == [f"c{place}" for place in range(len(crowd))]


@given(weighed, crowds, st.randoms())
def test_the_order_of_candidates_makes_no_difference(me, crowd, rng):
    pairs = [(f"c{place}", one) for place, one in enumerate(crowd)]
    expected = Candidates([key for key, _ in pairs], [one for _, one in pairs]).rank(RANKER, me, 10)
    rng.shuffle(pairs)
    found = Candidates([key for key, _ in pairs], [one for _, one in pairs]).rank(RANKER, me, 10)
    assert dict(found) == pytest.approx(dict(expected), abs=1e-9)


def test_one_who_asks_is_never_ranked():
    found = pool_of(CANDIDATES).rank(RANKER, CANDIDATES[2], 10, exclude="c2")
    assert sorted(key for key, _ in found) == ["c0", "c1", "c3", "c4"]


def test_somebody_from_elsewhere_excludes_nobody():
    assert len(pool_of(CANDIDATES).rank(RANKER, ME, 10, exclude="stranger")) == 5


def test_a_pool_of_none_ranks_none():
    assert pool_of([]).rank(RANKER, ME, 10) == []
    assert pool_of([]).components(ME).shape == (0, len(COMPONENTS))


def test_a_pool_of_oneself_ranks_none():
    assert pool_of([ME]).rank(RANKER, ME, 10, exclude="c0") == []


def test_a_pool_of_one_ranks_that_one():
    assert [key for key, _ in pool_of([ME]).rank(RANKER, ME, 10)] == ["c0"]


def test_a_pool_of_two_ranks_the_other():
    assert [key for key, _ in pool_of(CANDIDATES[:2]).rank(RANKER, CANDIDATES[0], 10, exclude="c0")] == ["c1"]


@pytest.mark.parametrize(("top_n", "n"), [(-1, 0), (0, 0), (1, 1), (5, 5), (6, 5), (10_000, 5)])
def test_no_more_than_asked_for_and_no_more_than_there_are(top_n, n):
    assert len(pool_of(CANDIDATES).rank(RANKER, ME, top_n)) == n


@pytest.mark.parametrize("k", [1, 2, 3])
def test_retrieving_few_still_ranks_the_best_first(k):
    everybody = pool_of(CANDIDATES).rank(RANKER, CANDIDATES[1], 5)
    assert pool_of(CANDIDATES).rank(RANKER, CANDIDATES[1], 5, k=k)[0] == pytest.approx(everybody[0])


def test_ties_are_ordered_by_id():
    pool = Candidates(["z", "m", "a"], [CANDIDATES[0]] * 3)
    assert [key for key, _ in pool.rank(RANKER, ME, 3)] == ["a", "m", "z"]


def test_the_evidence_of_a_candidate_is_known_by_id():
    pool = pool_of([listener(1, ("a", 1, 1.0)), listener(2, ("a", 1, 1.0), ("a", 2, 1.0))])
    assert (pool.n_items("c0"), pool.n_items("c1")) == (2, 3)


def test_the_evidence_of_a_stranger_is_not_known():
    with pytest.raises(KeyError):
        pool_of(CANDIDATES).n_items("stranger")


def test_ids_and_profiles_must_be_as_many():
    with pytest.raises(ValueError, match="every candidate"):
        Candidates(["a", "b"], [ME])


def test_retrieval_is_the_union_over_components_without_audio():
    # one best candidate each for towers, artists, tracks, tags and audio, in rows 0 to 4
    values = np.eye(5, len(COMPONENTS))
    assert retrieve_rows(values, 1).tolist() == [0, 1, 2, 3]


def test_one_who_is_best_in_several_is_retrieved_once():
    values = np.zeros((4, len(COMPONENTS)))
    values[2] = 1.0
    assert retrieve_rows(values, 1).tolist().count(2) == 1


@given(st.integers(0, 6), st.integers(0, 8), st.integers(0, 99))
def test_everybody_among_the_highest_of_a_component_is_retrieved(n, k, seed):
    values = np.random.default_rng(seed).permuted(np.tile(np.arange(n, dtype=float)[:, None], 5), axis=0)
    expected = {int(row) for column in range(4) for row in np.argsort(-values[:, column])[:k]}
    assert retrieve_rows(values, k).tolist() == sorted(expected)


def test_retrieving_none_is_none():
    assert retrieve_rows(np.ones((3, len(COMPONENTS))), 0).tolist() == []


def test_the_pool_ranks_by_shared_items_whom_the_vectors_would_miss():
    near = RANKER.weigh(profile_of(("e", 1, 1.0)), np.roll(ME.stored, 4))
    sharing = RANKER.weigh(profile_of(("b", 2, 1.0)), -np.roll(ME.stored, 4))
    stranger = RANKER.weigh(profile_of(("d", 1, 1.0)), -np.roll(ME.stored, 4))
    found = pool_of([stranger, near, sharing]).rank(RANKER, ME, 3, k=1)
    assert {"c1", "c2"} <= {key for key, _ in found}


def test_every_component_is_named_on_the_page():
    assert set(texts.card.COMPONENTS) == set(texts.card.COMPONENT_MEANING) == set(COMPONENTS)
