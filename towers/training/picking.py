"""Counts for picking artists: who is heard by many, and by which groups of listeners."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from matcher.domain.canonical_keys import artist_key
from matcher.domain.noise import noise_artists
from matcher.domain.profile import ListenerProfile
from matcher.picking.artists import LEAST_LISTENERS, MOST, PickableArtists
from matcher.ports import Embedder

MOST_ARTISTS = 20_000
FEWEST_ARTISTS = 2 * MOST  # fewer are no choice
MAX_GROUPED = 20_000
LISTENERS_PER_GROUP = 50
MAX_GROUPS = 100


def learn_picking(
    embedder: Embedder, profiles: Sequence[ListenerProfile], seed: int
) -> PickableArtists | None:
    """Count artists and group listeners by k-means; None if too few artists have enough listeners.

    Left out are artists without a name and those that are no taste (`matcher.domain.noise`).
    """
    heard = [profile for profile in profiles if profile.artists]
    drawn = np.random.default_rng(seed).permutation(len(heard))[:MAX_GROUPED]
    sample = [heard[row] for row in sorted(drawn.tolist())]
    names = _names(sample)
    keys = _keys(sample, names)
    if len(keys) < FEWEST_ARTISTS:
        return None
    labels = _groups(embedder, sample, seed)
    return PickableArtists(
        keys=keys,
        names=[names[key] for key in keys],
        counts=_hearing(sample, np.zeros_like(labels), keys)[0],
        sizes=np.bincount(labels),
        hearing=_hearing(sample, labels, keys),
    )


def _keys(profiles: Sequence[ListenerProfile], names: Mapping[str, str]) -> list[str]:
    """Artists of enough listeners, most first."""
    counts = Counter(key for profile in profiles for key in profile.artists if key in names)
    often = [key for key, n in counts.items() if n >= LEAST_LISTENERS]
    noise = noise_artists(((key, "") for key in often), {})
    return sorted({*often} - noise, key=lambda key: (-counts[key], key))[:MOST_ARTISTS]


def _groups(embedder: Embedder, profiles: Sequence[ListenerProfile], seed: int) -> NDArray[np.int64]:
    """[n] labels from 0, none of them empty."""
    n_groups = min(MAX_GROUPS, max(1, len(profiles) // LISTENERS_PER_GROUP))
    stored = embedder.embed(profiles).stored.astype(np.float64)
    from sklearn.cluster import KMeans  # 78 MB, not needed for serving

    found = KMeans(n_groups, n_init=2, random_state=seed).fit_predict(stored)
    return np.unique(found, return_inverse=True)[1].astype(np.int64)


def _hearing(
    profiles: Sequence[ListenerProfile], labels: NDArray[np.int64], keys: Sequence[str]
) -> NDArray[np.int64]:
    """[n_groups, n_artists] listeners; 0 in place of fewer than `LEAST_LISTENERS`."""
    row_of = {key: row for row, key in enumerate(keys)}
    found = np.zeros((labels.max() + 1, len(keys)), np.int64)
    for profile, label in zip(profiles, labels, strict=True):
        found[label, [row_of[key] for key in profile.artists if key in row_of]] += 1
    found[found < LEAST_LISTENERS] = 0
    return found


def _names(profiles: Sequence[ListenerProfile]) -> Mapping[str, str]:
    """Most frequent spelling of each artist; none that another key comes of, as without a name."""
    spellings: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for profile in profiles:
        for key in profile.artists:
            if key in profile.names:
                spellings[key][profile.names[key]] += 1
    most = {key: min(found, key=lambda name: (-found[name], name)) for key, found in spellings.items()}
    return {key: name for key, name in most.items() if artist_key(name) == key}
