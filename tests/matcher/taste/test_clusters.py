import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.metrics import silhouette_score

from matcher.domain.library import build_library
from matcher.domain.listening import Hearing, Listening, Part, Source
from matcher.domain.vectors import TowerVectors
from matcher.taste.clusters import LEAST_ARTISTS, MOST_ARTISTS, find_clusters, silhouette
from towers.serving.kmeans import SeededKMeans


class TagEmbedder:
    """Places a profile by its tags: one dimension a tag, and a little noise of its own for each artist."""

    model_version, dim = "v1", 6
    tags = ("folk", "techno", "doom", "bossa")

    def embed(self, profiles):
        rows = np.zeros((len(profiles), self.dim), np.float32)
        for row, profile in zip(rows, profiles, strict=True):
            row[: len(self.tags)] = [profile.tags.get(tag, 0.0) for tag in self.tags]
            row[4:] = np.random.default_rng(sum(map(ord, "".join(profile.artists)))).normal(0, 0.1, 2)
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        return TowerVectors(rows, rows)


class CloudEmbedder:
    """Scatters profiles without any order."""

    model_version, dim = "v1", 24

    def embed(self, profiles):
        rows = np.random.default_rng(3).normal(size=(len(profiles), self.dim)).astype(np.float32)
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        return TowerVectors(rows, rows)


def library(**n_artists):
    hearings, tags = [], {}
    for tag, count in n_artists.items():
        for number in range(count):
            hearings.append(Hearing(Part.SAVED, f"{tag} {number}", track_name="song", plays=number + 1))
            tags[f"{tag} {number}"] = {tag: 1.0}
    return build_library(Listening("me", Source.TABLE, tuple(hearings), tags))


def clusters(found):
    return find_clusters(found, TagEmbedder(), SeededKMeans())


def tags_of(group):
    return {artist.split()[0] for artist in group}


@pytest.mark.parametrize(
    "n_artists",
    [
        {"folk": 6, "techno": 9},
        {"folk": 5, "techno": 7, "doom": 9},
        {"folk": 4, "techno": 6, "doom": 8, "bossa": 10},
    ],
)
def test_clusters_split_along_the_scenes(n_artists):
    found = clusters(library(**n_artists))
    assert [tags_of(one) for one in found] == [{tag} for tag in reversed(n_artists)]
    assert [len(one) for one in found] == list(reversed(n_artists.values()))


def test_one_cloud_is_not_cut_up():
    assert find_clusters(library(folk=30), CloudEmbedder(), SeededKMeans()) == []


def test_few_artists_are_not_divided():
    assert clusters(library(folk=LEAST_ARTISTS // 2, techno=LEAST_ARTISTS // 2 - 1)) == []


def test_a_handful_of_strays_is_no_taste_of_its_own():
    assert all(len(one) >= 3 for one in clusters(library(folk=12, techno=2)))


def test_the_same_library_has_the_same_clusters():
    assert clusters(library(folk=6, techno=9)) == clusters(library(folk=6, techno=9))


def test_only_the_strongest_artists_are_looked_at():
    found = clusters(library(folk=100, techno=100))
    assert sum(map(len, found)) == MOST_ARTISTS
    assert {"folk 99", "techno 99"} <= frozenset().union(*found)
    assert "folk 0" not in frozenset().union(*found)


def test_rows_without_an_artist_are_in_no_cluster():
    rows = (Hearing(Part.SAVED, track_id=str(n)) for n in range(20))
    assert clusters(build_library(Listening("me", Source.TABLE, tuple(rows)))) == []


@given(
    arrays(np.float32, (12, 3), elements=st.floats(-5, 5, width=16), unique=True),
    st.lists(st.integers(0, 3), min_size=12, max_size=12).filter(lambda found: 2 <= len(set(found)) < 12),
)
def test_the_silhouette_is_that_of_scikit_learn(vectors, labels):
    ours = silhouette(vectors, np.array(labels))
    assert ours == pytest.approx(silhouette_score(vectors.astype(np.float64), labels), abs=1e-5)


def test_one_group_alone_has_no_silhouette():
    assert silhouette(np.eye(3, dtype=np.float32), np.zeros(3, np.int64)) == 0.0
