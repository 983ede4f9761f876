"""Learns the taste map: communities, their names, and axes that separate them.

The axes are the principal components of the communities' centres, weighted by size. On new listeners this is
slightly more accurate than the components of single listeners (docs/adr/0009).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from matcher.domain.canonical_keys import OPAQUE
from matcher.domain.profile import ListenerProfile
from matcher.ports import Embedder
from matcher.scoring.taste_map import LEAST_HEARERS, Community, TasteMap

Doubles = NDArray[np.float64]
Labels = NDArray[np.int64]

MAX_LISTENERS = 5_000
MIN_COMMUNITIES, MAX_COMMUNITIES = 3, 8
LISTENERS_PER_COMMUNITY = 25
MAX_NAMES = 3
MIN_HEARING = 5
"""Fewest listeners of an artist that names a community: no name shows one person."""
PRIOR = 0.1
_EXTENT_PERCENTILE = 98.0


def learn_map(embedder: Embedder, profiles: Sequence[ListenerProfile], seed: int) -> TasteMap | None:
    """Learn a map; None if there are too few listeners for communities."""
    with_music = [profile for profile in profiles if not profile.is_empty]
    drawn = np.random.default_rng(seed).permutation(len(with_music))[:MAX_LISTENERS]
    sample = [with_music[row] for row in sorted(drawn.tolist())]
    n_communities = min(MAX_COMMUNITIES, len(sample) // LISTENERS_PER_COMMUNITY)
    if n_communities < MIN_COMMUNITIES:
        return None
    stored = embedder.embed(sample).stored.astype(np.float64)
    from sklearn.cluster import KMeans  # 78 MB, not needed for serving

    labels = KMeans(n_communities, n_init=4, random_state=seed).fit_predict(stored)
    centre, axes = axes_of(stored, labels)
    points = (stored - centre) @ axes.T
    names, tags = name_communities(sample, labels), tags_of_communities(sample, labels)
    communities = [
        _community(points[labels == label], len(sample), names[label], tags[label])
        for label in range(n_communities)
        if (labels == label).sum() >= LEAST_HEARERS
    ]
    largest_first = sorted(communities, key=lambda community: (-community.share, community.centre))
    return TasteMap(centre, axes, tuple(largest_first))


def axes_of(stored: Doubles, labels: Labels) -> tuple[Doubles, Doubles]:
    """Centre [width] and axes [2, width], scaled: 98 % of listeners lie within 1."""
    names, sizes = np.unique(labels, return_counts=True)
    centres = np.array([stored[labels == name].mean(axis=0) for name in names])
    centre = np.average(centres, axis=0, weights=sizes)
    _, _, right = np.linalg.svd((centres - centre) * np.sqrt(sizes)[:, np.newaxis], full_matrices=False)
    # the largest component of an axis is positive, so that equal listeners give equal maps
    axes = right[:2] * np.sign(right[np.arange(2), np.abs(right[:2]).argmax(axis=1)])[:, np.newaxis]
    extent = np.percentile(np.abs((stored - centre) @ axes.T).max(axis=1), _EXTENT_PERCENTILE)
    return centre, axes / max(float(extent), 1e-9)


def name_communities(profiles: Sequence[ListenerProfile], labels: Labels) -> dict[int, tuple[str, ...]]:
    """Name communities by artists (else tags) that are typical of their listeners.

    By weighted log-odds with an informative Dirichlet prior over numbers of listeners: B. Monroe, M.
    Colaresi, K. Quinn, "Fightin' Words: Lexical Feature Selection and Evaluation for Identifying the Content
    of Political Conflict", Political Analysis 16 (2008), section 3.5.
    """
    artists = [{key for key in profile.artists if not key.startswith(OPAQUE)} for profile in profiles]
    artists_by_label = _distinctive(artists, labels, MIN_HEARING)
    tags_by_label = _distinctive([set(profile.tags) for profile in profiles], labels, MIN_HEARING)
    spelling = _spellings(profiles)
    return {
        label: tuple(spelling.get(key, key) for key in keys) or tuple(tags_by_label[label])
        for label, keys in artists_by_label.items()
    }


def tags_of_communities(profiles: Sequence[ListenerProfile], labels: Labels) -> dict[int, tuple[str, ...]]:
    """Tags typical of communities, as in `name_communities`; each of `LEAST_HEARERS` listeners or more."""
    bags = [set(profile.tags) for profile in profiles]
    return {label: tuple(keys) for label, keys in _distinctive(bags, labels, LEAST_HEARERS).items()}


def _distinctive(bags: Sequence[Iterable[str]], labels: Labels, fewest: int) -> dict[int, list[str]]:
    """At most `MAX_NAMES` keys by label, of at least `fewest` listeners there; most distinctive first."""
    everywhere = Counter(key for bag in bags for key in bag)
    keys_by_label = {}
    for label in sorted(set(labels.tolist())):
        here = Counter(
            key for bag, bag_label in zip(bags, labels, strict=True) if bag_label == label for key in bag
        )
        scores = {key: _log_odds(key, here, everywhere) for key, n in here.items() if n >= fewest}
        ranked = sorted((-score, key) for key, score in scores.items() if score > 0)
        keys_by_label[label] = [key for _, key in ranked[:MAX_NAMES]]
    return keys_by_label


def _log_odds(key: str, here: Mapping[str, int], everywhere: Counter[str]) -> float:
    """z-score of the log-odds ratio of a key here against elsewhere."""
    n_here, n_all = sum(here.values()), everywhere.total()
    prior, prior_all = PRIOR * everywhere[key], PRIOR * n_all
    inside, outside = here[key] + prior, everywhere[key] - here[key] + prior
    odds = inside / (n_here + prior_all - inside)
    other_odds = outside / (n_all - n_here + prior_all - outside)
    return float((np.log(odds) - np.log(other_odds)) / np.sqrt(1.0 / inside + 1.0 / outside))


def _spellings(profiles: Sequence[ListenerProfile]) -> dict[str, str]:
    counts: dict[str, Counter[str]] = {}
    for profile in profiles:
        for key in profile.artists:
            if key in profile.names:
                counts.setdefault(key, Counter())[profile.names[key]] += 1
    return {key: min(counter, key=lambda text: (-counter[text], text)) for key, counter in counts.items()}


def _community(points: Doubles, n_all: int, names: tuple[str, ...], tags: tuple[str, ...]) -> Community:
    x, y = points.mean(axis=0)
    return Community((float(x), float(y)), names, len(points) / n_all, tags)
