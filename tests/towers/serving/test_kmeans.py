import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.cluster import KMeans

from towers.serving.kmeans import SeededKMeans


def inertia(vectors, weights, labels):
    groups = [(vectors[labels == one], weights[labels == one]) for one in np.unique(labels)]
    means = [np.average(points, axis=0, weights=counts) for points, counts in groups]
    pairs = zip(groups, means, strict=True)
    return sum((counts * ((points - mean) ** 2).sum(axis=1)).sum() for (points, counts), mean in pairs)


def cloud(n, seed, n_heaps=4, spread=0.4):
    rng = np.random.default_rng(seed)
    centres = rng.normal(size=(n_heaps, 8))
    vectors = centres[rng.integers(n_heaps, size=n)] + rng.normal(0, spread, (n, 8))
    return vectors.astype(np.float32), rng.uniform(0.5, 5, n).astype(np.float32)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("n_clusters", [2, 3, 4, 5])
def test_groups_are_as_tight_as_those_of_scikit_learn(seed, n_clusters):
    vectors, weights = cloud(120, seed)
    theirs = KMeans(n_clusters, n_init=8, random_state=0).fit_predict(vectors, sample_weight=weights)
    ours = SeededKMeans().cluster(vectors, weights, n_clusters)
    assert inertia(vectors, weights, ours) <= 1.02 * inertia(vectors, weights, theirs)


def test_heaps_that_are_apart_are_found():
    heaps = np.repeat(np.eye(3, dtype=np.float32) * 10, 7, axis=0)
    vectors = heaps + np.random.default_rng(0).normal(0, 0.1, heaps.shape).astype(np.float32)
    found = SeededKMeans().cluster(vectors, np.ones(21, np.float32), 3)
    assert found.tolist() == [0] * 7 + [1] * 7 + [2] * 7


def test_weights_pull_the_line_between_groups():
    line = np.array([[0.0], [1.0], [2.0], [10.0]], np.float32)
    light, heavy = np.ones(4, np.float32), np.array([1000, 1, 1000, 1], np.float32)
    assert SeededKMeans().cluster(line, light, 2).tolist() == [0, 0, 0, 1]
    assert (
        SeededKMeans().cluster(line, heavy, 2).tolist()[0]
        != SeededKMeans().cluster(line, heavy, 2).tolist()[2]
    )


@given(
    arrays(np.float32, st.tuples(st.integers(1, 12), st.just(2)), elements=st.floats(-5, 5, width=16)),
    st.integers(1, 5),
)
def test_the_same_vectors_give_the_same_groups_numbered_from_the_first(vectors, n_clusters):
    n_clusters, weights = min(n_clusters, len(vectors)), np.ones(len(vectors), np.float32)
    found = SeededKMeans().cluster(vectors, weights, n_clusters)
    np.testing.assert_array_equal(found, SeededKMeans().cluster(vectors, weights, n_clusters))
    assert list(dict.fromkeys(found.tolist())) == list(range(len(set(found.tolist()))))
    assert len(set(found.tolist())) <= n_clusters


@given(arrays(np.float32, (9, 2), elements=st.floats(-5, 5, width=16)))
def test_equal_vectors_are_in_one_group(vectors):
    vectors[5] = vectors[2]
    found = SeededKMeans().cluster(vectors, np.ones(9, np.float32), 3)
    assert found[5] == found[2]


@pytest.mark.parametrize("n_clusters", [0, 3])
def test_a_number_of_groups_that_cannot_be_is_refused(n_clusters):
    with pytest.raises(ValueError, match="groups"):
        SeededKMeans().cluster(np.zeros((2, 2), np.float32), np.ones(2, np.float32), n_clusters)
