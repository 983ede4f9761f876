"""Rivals against plain sums over small worlds."""

import numpy as np
import pytest

from matcher.domain.listening import Source
from matcher.domain.profile import Item, ListenerProfile
from towers.config import TowerConfig
from towers.evaluation.rivals.bags import ItemColumns, bag_of_artists, bag_of_items
from towers.evaluation.rivals.overlap import OverlapBaseline
from towers.evaluation.rivals.soft_cosine import SoftCosineBaseline, nearest_items
from towers.evaluation.rivals.spectrum import SpectrumBaseline, item_vectors
from towers.evaluation.rivals.user_knn import UserKnnBaseline
from towers.examples.interactions import collect_interactions
from towers.features.vocabulary import build_vocabulary
from towers.model.item_table import factorise


def heard(listener_id, *tracks, artist=""):
    items = tuple(Item(artist, track, 1.0, "plays") for track in tracks)
    return ListenerProfile(listener_id, Source.TABLE, items=items)


KNOWN = [heard("1", "a", "b"), heard("2", "a", "b", "c"), heard("3", "c", "d"), heard("4", "d", "e")]
QUERY, NEAR, FAR = heard("q", "a"), heard("n", "b"), heard("f", "d")


def test_artists_are_a_bag_of_their_own():
    profile = heard("x", "t1", "t2", artist="low")
    assert set(bag_of_artists(profile)) == {"a:low"}
    assert set(bag_of_items(profile)) == {"t:t1", "t:t2"}


def test_overlap_is_worked_by_hand():
    # idf of a (2 of 4 listeners) and of a track never heard: ln(5 / 3) + 1 and ln(5 / 1) + 1
    idf_a, idf_new = np.log(5 / 3) + 1, np.log(5) + 1
    rival = OverlapBaseline(plays="binary", idf_power=2.0, norm_power=0.5)
    rival.fit(KNOWN)
    norm = np.sqrt(idf_a**4 + idf_new**4)
    assert rival.score([heard("q", "a", "new")], [heard("c", "a")]) == pytest.approx(
        np.array([[idf_a**4 / np.sqrt(norm * idf_a**2)]])
    )


def test_items_new_to_training_count_when_both_have_them():
    rival = OverlapBaseline()
    rival.fit(KNOWN)
    assert rival.score([heard("q", "new")], [heard("c", "new")]) == pytest.approx(np.array([[1.0]]))


def test_nearest_items_are_those_of_a_plain_loop():
    columns = ItemColumns.of(KNOWN)
    found = nearest_items(columns.matrix(KNOWN), 200).toarray()
    holders = {key: {p.listener_id for p in KNOWN if key in bag_of_items(p)} for key in columns.numbers}
    for one, row in columns.numbers.items():
        for other, column in columns.numbers.items():
            together = len(holders[one] & holders[other])
            several = min(len(holders[one]), len(holders[other])) > 1
            expected = 0.0
            if one != other and together and several:
                information = np.log(together * 4 / (len(holders[one]) * len(holders[other])))
                expected = max(0.0, information / np.log(4 / together))
            assert found[row, column] == pytest.approx(expected)


def test_only_the_nearest_items_are_kept():
    rng = np.random.default_rng(0)
    many = [heard(str(n), *map(str, rng.choice(30, 6, replace=False))) for n in range(60)]
    bags = ItemColumns.of(many).matrix(many)
    few, all_of_them = nearest_items(bags, 3).toarray(), nearest_items(bags, 30).toarray()
    assert ((few > 0).sum(axis=1) <= 3).all()
    np.testing.assert_allclose(few.max(axis=1), all_of_them.max(axis=1))


def test_the_soft_cosine_is_its_formula():
    rival = SoftCosineBaseline(share=0.5, norm_power=1.0)
    rival.fit(KNOWN)
    columns = ItemColumns.of(KNOWN)
    nearest = nearest_items(columns.matrix(KNOWN), 200).toarray()
    similarity = np.eye(len(nearest)) + 0.5 * (nearest + nearest.T) / 2
    bags = columns.matrix(KNOWN).toarray() * columns.idf
    products = bags @ similarity @ bags.T
    lengths = np.sqrt(np.diag(products))
    np.testing.assert_allclose(rival.score(KNOWN, KNOWN), products / np.outer(lengths, lengths))


@pytest.mark.parametrize("rival", [SoftCosineBaseline(share=1.0), UserKnnBaseline()])
def test_who_shares_nothing_may_still_be_near(rival):
    rival.fit(KNOWN)
    near, far = rival.score([QUERY], [NEAR, FAR])[0]
    assert near > far


def test_user_knn_is_the_cosine_of_similarities():
    rival = UserKnnBaseline(idf_power=1.0, sharpness=2.0)
    rival.fit(KNOWN)
    cosine = OverlapBaseline()
    cosine.fit(KNOWN)
    rows = cosine.score(KNOWN, KNOWN) ** 2
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    np.testing.assert_allclose(rival.score(KNOWN, KNOWN), rows @ rows.T)


def test_the_spectrum_is_that_of_the_towers_matrix(profiles):
    vocabulary = build_vocabulary(profiles, TowerConfig(n_buckets=1))
    interactions = collect_interactions(profiles, vocabulary, {})
    matrix = np.zeros((len(profiles), vocabulary.n_tokens))
    edges = factorise(interactions, vocabulary.token_fields, 8, 0).edges
    matrix[interactions.cell_row, interactions.cell_token] = edges
    matrix[:, ~np.isin(vocabulary.token_fields, (0, 1))] = 0.0
    vectors = item_vectors(interactions, vocabulary.token_fields, 8, 0)
    expected = np.linalg.svd(matrix, compute_uv=False)[:8]
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=0), expected, rtol=1e-2)


def test_factors_of_a_spectrum_may_be_fewer_than_it_was_fitted_with(profiles):
    rival = SpectrumBaseline(n_factors=4)
    rival.fit(profiles)
    assert np.linalg.matrix_rank(rival.score(profiles[:30], profiles[:30]), tol=1e-6) == 4
