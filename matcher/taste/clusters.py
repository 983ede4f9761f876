"""Clusters: the separate tastes of one listener, found among their artists."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from matcher.domain.library import Library
from matcher.domain.profile import Item, items_of
from matcher.domain.vectors import Floats
from matcher.ports import Clusterer, Embedder
from matcher.taste.artist_vectors import ArtistVectors

MOST_ARTISTS = 120  # strongest artists to cluster; the long tail costs time and changes nothing
LEAST_ARTISTS = 8  # fewer artists are not clustered
LEAST_EACH = 3  # fewest artists in a cluster
LEAST_SILHOUETTE = 0.2
"""Least mean silhouette; below it the clusters only cut one cloud into pieces. Synthetic listeners of one
scene reach 0.14-0.33, of several 0.66-0.80; the median of real listeners (Last.fm) is 0.23."""
SIZES = range(2, 6)

Labels = NDArray[np.int64]


def find_clusters(
    library: Library, embedder: Embedder, clusterer: Clusterer, vectors: ArtistVectors | None = None
) -> list[frozenset[str]]:
    """Cluster a listener's artists into sets of artist keys, strongest cluster first.

    Each artist is embedded as a profile of its own. The number of clusters is chosen by the silhouette; the
    result is empty if no clustering is good enough. `vectors` caches embeddings from call to call.
    """
    items = _items_by_artist(library)
    if len(items) < LEAST_ARTISTS:
        return []
    points = (vectors or ArtistVectors()).of(library, list(items.values()), embedder)
    weights = np.array([_strength(found) for found in items.values()], np.float32)
    labels = _best_labels(points, weights, clusterer)
    names, strengths = np.array(list(items)), weights.astype(np.float64)
    groups = [
        (strengths[labels == one].sum(), frozenset(names[labels == one].tolist())) for one in set(labels)
    ]
    ordered = sorted(groups, key=lambda group: (-group[0], min(group[1])))
    return [artists for _, artists in ordered] if len(groups) > 1 else []


def silhouette(vectors: Floats, labels: Labels) -> float:
    """Mean silhouette, in [-1, 1]; 0 for a single cluster (Rousseeuw 1987).

    Args:
        vectors: [n, dim] float32.
        labels: [n] int64, the cluster of each vector.
    """
    groups = np.unique(labels)
    if len(groups) < 2:
        return 0.0
    distances = _distances(vectors)
    member = labels[:, np.newaxis] == groups
    sizes = member.sum(axis=0)
    means = distances @ member / sizes
    own = (distances @ member)[member] / np.maximum(sizes[member.argmax(axis=1)] - 1, 1)
    other = np.where(member, np.inf, means).min(axis=1)
    width = (other - own) / np.maximum(np.maximum(own, other), np.finfo(float).tiny)
    return float(np.where(sizes[member.argmax(axis=1)] > 1, width, 0.0).mean())


def _items_by_artist(library: Library) -> dict[str, list[Item]]:
    """Items of the strongest artists by artist key, sorted by key."""
    found: dict[str, list[Item]] = defaultdict(list)
    for item in items_of(library.rows):
        if item.artist:
            found[item.artist].append(item)
    strongest = sorted(found, key=lambda artist: (-_strength(found[artist]), artist))[:MOST_ARTISTS]
    return {artist: found[artist] for artist in sorted(strongest)}


def _strength(items: Sequence[Item]) -> float:
    return float(np.log1p(sum(item.plays for item in items)))


def _best_labels(vectors: Floats, weights: Floats, clusterer: Clusterer) -> Labels:
    """Labels [n] of the best clustering; all 0 if none is good enough."""
    best, labels = LEAST_SILHOUETTE, np.zeros(len(vectors), np.int64)
    for n_clusters in SIZES:
        if n_clusters * LEAST_EACH > len(vectors):
            break
        found = clusterer.cluster(vectors, weights, n_clusters)
        score = silhouette(vectors, found)
        if score > best and np.bincount(found).min() >= LEAST_EACH:
            best, labels = score, found
    return labels


def _distances(vectors: Floats) -> NDArray[np.float64]:
    """[n, n] Euclidean distances."""
    points = vectors.astype(np.float64)
    lengths = (points**2).sum(axis=1)
    squared = lengths[:, np.newaxis] + lengths - 2 * points @ points.T
    return np.asarray(np.sqrt(np.maximum(squared, 0.0)))
