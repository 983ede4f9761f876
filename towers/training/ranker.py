"""Learns the ranker's weights and chance, and the landmarks of the likeness.

All use split halves of held-out listeners. The weights are non-negative and trained so that each half finds
its other half among those of strangers (softmax over candidates, as in Z. Cao et al., "Learning to Rank:
From Pairwise Approach to Listwise Approach", 2007). They serve two tasks at once: to find a person by what
they repeat (halves by playlist), and by taste alone (halves without a common artist). The first alone
teaches that nothing counts but artists in common (docs/adr/0017).
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from matcher.domain.calibration import Calibration, Halves
from matcher.domain.profile import ListenerProfile
from matcher.pipeline import Pipeline
from matcher.ports import Embedder
from matcher.scoring.audio_similarity import measure_scale
from matcher.scoring.audio_space import AudioSpace
from matcher.scoring.candidates import Candidates
from matcher.scoring.components import (
    COMPONENTS,
    REGISTRY,
    WeighedProfile,
    bend,
    column,
    known_kinds,
    pair_chance,
)
from matcher.scoring.overlap import count_items, weigh_profile
from matcher.scoring.ranker import Ranker
from towers.metrics import mean_reciprocal_rank, true_ranks
from towers.training.cohort import learn_cohort
from towers.training.splits import ItemMetadata, SplitHalves, playlists_of, split_by_artist, split_halves

Doubles = NDArray[np.float64]
Weighed = Sequence[WeighedProfile]
Split = Callable[[ListenerProfile, np.random.Generator], SplitHalves | None]

BATCH = 400
"""Listeners whose halves compete with each other."""
MAX_PAIRS = 2_400
"""Most pairs of halves that the weights are learned from."""
MAX_ROUNDS = 6
"""Most times that a listener is split for a task."""
APART_SHARE = 0.6
"""Share of the pairs that have no artist in common, where listeners have enough artists."""
REPEATED_SHARES = (0.0, 0.1)
"""Shares of items in both halves of a listener without playlists, equally likely.

With 0 alone, a shared item would be learned as a sign of strangers: such data has every item once per
listener.
"""
RIDGE = 1e-3
PLAYS_POWERS = (0.5, 0.25, 0.0)
SHARED = ("artists", "tracks")
LEAST_SHARE = 0.1
"""Least weighted spread of each kind of shared items, relative to the largest of a component.

Where no listener has an item twice, disjoint halves teach that shared items say nothing; friends share them.
"""
LEAST_OVERLAP = 0.4
"""Least weighted spread of the stronger kind of shared items: what finds training listeners' friends best."""
MIN_FOR_TWO = 100
"""Fewest held-out listeners to learn weights from one half of them and landmarks from the other."""
STRANGERS_QUANTILE = 0.99
MIN_OF_SIZE = 40
"""Fewest pairs of halves for landmarks of a size of their own."""
_MIN_PAIRS = 20
_ITEMS_FOR_NOISE = 10

_PRIOR = {name: component.prior for name, component in REGISTRY.items() if component.prior}


@dataclass(frozen=True, slots=True)
class LearnedRanker:
    """Ranker and landmarks, and the number of pairs the weights were learned from."""

    ranker: Ranker
    calibration: Calibration
    n_pairs: int


def learn_ranker(
    embedder: Embedder,
    known: Sequence[ListenerProfile],
    held_out: Sequence[ListenerProfile],
    metadata: ItemMetadata,
    seed: int,
    space: AudioSpace | None = None,
) -> LearnedRanker:
    """Learn cohort, weights, chance and landmarks.

    The embedder was trained on `known`, in which items are counted, without `held_out`. With too few
    listeners the ranker has its prior weights, and the landmarks are those of all listeners, which lie
    somewhat too near.
    """
    rng = np.random.default_rng(seed)
    scale = measure_scale([profile.audio for profile in known])
    prior = Ranker(_PRIOR, count_items(known), scale, cohort=learn_cohort(embedder, known, rng), space=space)
    for_weights, for_landmarks = _halved(held_out, rng)
    repeating = _draw_pairs(for_weights, rng, _repeating(metadata), 1.0 - APART_SHARE)
    apart = _draw_pairs(
        for_weights, rng, lambda profile, rng: split_by_artist(profile, rng, metadata), APART_SHARE
    )
    pairs = [*repeating, *apart]
    if len(pairs) < _MIN_PAIRS:
        calibration = calibrate(Pipeline(embedder, prior, Calibration()), [*known, *held_out], rng, metadata)
        return LearnedRanker(prior, calibration, len(pairs))
    prior = _with_plays_power(_shifted(embedder, prior, known, rng), for_weights, repeating)
    pipeline = Pipeline(embedder, prior, Calibration())
    weighed = [_weigh(pipeline, batch) for task in (repeating, apart) for batch in _batches(task)]
    values = [bend(_components_among(*halves), prior.softness) for halves in weighed]
    chance = measure_chance(values, [_units_among(prior, *halves) for halves in weighed])
    ranker = replace(prior, weights=fit_weights(values), chance=chance)
    calibration = calibrate(Pipeline(embedder, ranker, Calibration()), for_landmarks, rng, metadata)
    return LearnedRanker(ranker, calibration, len(pairs))


def _with_plays_power(
    ranker: Ranker, listeners: Sequence[ListenerProfile], repeating: Sequence[SplitHalves]
) -> Ranker:
    """The ranker with the power of plays by which shared items alone find most other halves.

    Only whole playlists tell, as people repeat items across them; without enough of them the power stays.
    """
    split = {profile.listener_id for profile in listeners if len(playlists_of(profile)) >= 2}
    halves = [pair for pair in repeating if pair[0].listener_id in split]
    if len(halves) < _MIN_PAIRS:
        return ranker
    found = {power: _mrr_of_overlap(ranker, halves, power) for power in PLAYS_POWERS}
    return replace(ranker, plays_power=max(found, key=lambda power: found[power]))


def _mrr_of_overlap(ranker: Ranker, halves: Sequence[SplitHalves], power: float) -> float:
    """Mean over kinds of the MRR of the other half by shared artists, and by shared tracks."""
    found, no_audio = [], ranker.audio.standardise(None)

    def weighed(half: ListenerProfile) -> WeighedProfile:
        bags = weigh_profile(half, ranker.frequencies, power)
        return WeighedProfile(bags, no_audio, np.zeros(2, np.float32), n_items=0)

    for batch in _batches(halves):
        first, second = ([weighed(half) for half in side] for side in zip(*batch, strict=True))
        values = _components_among(first, second)
        found += [mean_reciprocal_rank(true_ranks(values[..., column(kind)])) for kind in SHARED]
    return float(np.mean(found))


def _shifted(
    embedder: Embedder, ranker: Ranker, known: Sequence[ListenerProfile], rng: np.random.Generator
) -> Ranker:
    """The ranker with a closeness for which one pair of strangers in a hundred is closer than 0.

    Of whole listeners of every size, as they meet in service: halves, and listeners with many playlists, are
    closer to each other.
    """
    if ranker.cohort is None:
        return ranker
    sample = [known[row] for row in rng.permutation(len(known))[:BATCH]]
    weighed = Pipeline(embedder, ranker, Calibration()).weigh(sample)
    strangers = _off_diagonal(_components_among(weighed, weighed)[..., column("towers")])
    shift = float(np.quantile(strangers, STRANGERS_QUANTILE))
    return replace(ranker, cohort=replace(ranker.cohort, shift=ranker.cohort.shift + shift))


def _halved(
    held_out: Sequence[ListenerProfile], rng: np.random.Generator
) -> tuple[Sequence[ListenerProfile], Sequence[ListenerProfile]]:
    """Listeners for the weights and for the landmarks: different ones, if there are enough."""
    if len(held_out) < MIN_FOR_TWO:
        return held_out, held_out
    order = rng.permutation(len(held_out))
    middle = len(order) // 2
    return [held_out[row] for row in order[:middle]], [held_out[row] for row in order[middle:]]


def components_of(
    pipeline: Pipeline, queries: Sequence[ListenerProfile], candidates: Sequence[ListenerProfile]
) -> Doubles:
    """[n_queries, n_candidates, n_components] of every query with every candidate."""
    pool = pipeline.pool(candidates)
    return np.array([pool.components(query) for query in pipeline.weigh(queries)])


def _weigh(pipeline: Pipeline, pairs: Sequence[SplitHalves]) -> tuple[Weighed, Weighed]:
    """First and second halves, prepared for ranking."""
    first, second = (pipeline.weigh(halves) for halves in zip(*pairs, strict=True))
    return first, second


def _components_among(first: Weighed, second: Weighed) -> Doubles:
    """[n, n, n_components] of every first half with every second."""
    pool = Candidates([str(row) for row in range(len(second))], second)
    return np.array([pool.components(half) for half in first])


def _units_among(ranker: Ranker, first: Weighed, second: Weighed) -> Doubles:
    """[n, n, n_components] units of chance of pairs of halves; 0 where one has no data."""
    units, others = (np.array([ranker.units(half.bags) for half in halves]) for halves in (first, second))
    known, theirs = (np.array([known_kinds(half) for half in halves]) for halves in (first, second))
    return pair_chance(units[:, np.newaxis], others, known[:, np.newaxis] * theirs)


def measure_chance(batches: Sequence[Doubles], units: Sequence[Doubles]) -> dict[str, float]:
    """Mean of each component over pairs of strangers, in its units; 0 without any who have data.

    Each batch is [n, n, n_components], with the halves of one listener on the diagonal; `units` likewise.
    """
    total = np.sum([_off_diagonal(values).sum(axis=0) for values in batches], axis=0)
    expected = np.sum([_off_diagonal(one).sum(axis=0) for one in units], axis=0)
    means = np.where(expected > 1e-12, total / np.maximum(expected, 1e-12), 0.0)
    return {name: float(mean) for name, mean in zip(COMPONENTS, means, strict=True)}


def _off_diagonal(values: Doubles) -> Doubles:
    return values[~np.eye(len(values), dtype=bool)]


def fit_weights(batches: Sequence[Doubles]) -> dict[str, float]:
    """Fit non-negative weights that rank the diagonal first in row and column.

    Each batch is [n, n, n_components], every half with every other half; row i and column i are the halves of
    one listener. Weights are scaled so that true pairs have a mean raw sum of 1. Where nothing tells the
    diagonal apart they are the prior ones.
    """
    spread = np.sqrt(np.mean([np.var(values, axis=(0, 1)) for values in batches], axis=0))
    used = (spread > 1e-9) & [component.is_fitted for component in REGISTRY.values()]
    scaled = [values[..., used] / spread[used] for values in batches]
    start = np.full(int(used.sum()), 0.3)
    fit = minimize(_loss, start, (scaled,), jac=True, method="L-BFGS-B", bounds=[(0, None)] * len(start))
    weights = np.zeros(len(COMPONENTS))
    weights[used] = fit.x / spread[used]
    if not weights.any():  # a few halves at random can speak against everything
        return {name: _PRIOR.get(name, 0.0) for name in COMPONENTS}
    strongest = float((weights * spread).max())
    shared = [column(name) for name, one in REGISTRY.items() if one.has_floor and spread[column(name)] > 1e-9]
    for rank, place in enumerate(sorted(shared, key=lambda place: -weights[place] * spread[place])):
        floor = (LEAST_SHARE if rank else LEAST_OVERLAP) * strongest
        weights[place] = max(weights[place], floor / spread[place])
    for place, component in enumerate(REGISTRY.values()):
        if component.share_of and spread[place] > 1e-9:
            other, share = column(component.share_of[0]), component.share_of[1]
            weights[place] = share * weights[other] * spread[other] / spread[place]
    typical = float(np.mean(np.concatenate([np.diagonal(values @ weights) for values in batches])))
    weights /= typical if typical > 1e-9 else 1.0
    return {name: float(weight) for name, weight in zip(COMPONENTS, weights, strict=True)}


def _loss(weights: Doubles, batches: Sequence[Doubles]) -> tuple[float, Doubles]:
    """Mean cross entropy over rows and columns, plus ridge; and its gradient."""
    total, gradient, n = 0.0, np.zeros_like(weights), 0
    for values in batches:
        raw = values @ weights
        n += 2 * len(raw)
        for axis in (0, 1):
            top = raw.max(axis=axis, keepdims=True)
            odds = np.exp(raw - top)
            chances = odds / odds.sum(axis=axis, keepdims=True)
            total += float((np.log(odds.sum(axis=axis)) + top.ravel() - np.diagonal(raw)).sum())
            gradient += np.einsum("ij,ijc->c", chances, values) - np.einsum("iic->c", values)
    return total / n + RIDGE * float(weights @ weights), gradient / n + 2 * RIDGE * weights


def calibrate(
    pipeline: Pipeline,
    held_out: Sequence[ListenerProfile],
    rng: np.random.Generator,
    metadata: ItemMetadata,
) -> Calibration:
    """Learn the landmarks; the defaults if there are no two listeners with enough for halves."""
    pairs = _draw_pairs(held_out, rng, _disjoint(metadata))
    batches = list(_batches(pairs)) if pairs else []
    if not batches:
        return Calibration()
    same: list[float] = []
    sizes: list[int] = []
    strangers: list[Doubles] = []
    for batch in batches:
        percent = 100.0 * pipeline.scores([one for one, _ in batch], [other for _, other in batch])
        same += np.diagonal(percent).tolist()
        sizes += [min(n_items_of(half) for half in pair) for pair in batch]
        strangers.append(_off_diagonal(percent))
    at, halves = landmarks_by_size(np.array(sizes), np.array(same))
    upper = float(np.quantile(np.concatenate(strangers), STRANGERS_QUANTILE))
    return Calibration(at, halves, upper, _noise(pipeline, held_out, rng, metadata))


def n_items_of(profile: ListenerProfile) -> int:
    """Artists and tracks of a profile, as `Ranker.weigh` counts them."""
    return len(profile.artists) + len(profile.tracks)


def landmarks_by_size(
    sizes: NDArray[np.int64], percents: Doubles
) -> tuple[tuple[float, ...], tuple[Halves, ...]]:
    """Quartiles of the likeness of halves [n], by the size of the smaller half [n].

    Halves are sorted by size into groups of `MIN_OF_SIZE` or more, at most five.
    """
    order = np.argsort(sizes, kind="stable")
    groups = np.array_split(order, min(max(len(order) // MIN_OF_SIZE, 1), 5))
    found = {float(np.median(sizes[rows])): np.quantile(percents[rows], (0.25, 0.5, 0.75)) for rows in groups}
    return tuple(found), tuple(Halves(*map(float, quartiles)) for quartiles in found.values())


def _noise(
    pipeline: Pipeline,
    held_out: Sequence[ListenerProfile],
    rng: np.random.Generator,
    metadata: ItemMetadata,
) -> float:
    """Spread of a likeness in per cent at one item, measured at ten items and scaled by √10."""
    n = _ITEMS_FOR_NOISE
    drawn = _draw_pairs(held_out, rng, _disjoint(metadata))
    pairs = [pair for pair in drawn if min(len(half.items) for half in pair) >= n]
    if len(pairs) < 2:
        return 0.0
    full = pairs[:BATCH]
    thin = [
        (_sample_items(first, n, rng, metadata), _sample_items(second, n, rng, metadata))
        for first, second in full
    ]
    full_scores, thin_scores = (
        np.diagonal(pipeline.scores(*map(list, zip(*halves, strict=True)))) for halves in (full, thin)
    )
    return float(100.0 * np.std(thin_scores - full_scores) * np.sqrt(n))


def _sample_items(
    profile: ListenerProfile, n: int, rng: np.random.Generator, metadata: ItemMetadata
) -> ListenerProfile:
    chosen = rng.choice(len(profile.items), n, replace=False)
    return metadata.part(profile, [profile.items[index] for index in chosen])


def _repeating(metadata: ItemMetadata) -> Split:
    """Halves by playlist; by item, with items in both, for listeners without playlists."""

    def split(profile: ListenerProfile, rng: np.random.Generator) -> SplitHalves | None:
        return split_halves(profile, rng, metadata, repeated=float(rng.choice(REPEATED_SHARES)))

    return split


def _disjoint(metadata: ItemMetadata) -> Split:
    """Halves by playlist; by item, with no item in both, for listeners without playlists."""
    return lambda profile, rng: split_halves(profile, rng, metadata)


def _draw_pairs(
    profiles: Sequence[ListenerProfile], rng: np.random.Generator, split: Split, share: float = 1.0
) -> list[SplitHalves]:
    """Halves of every listener, several times if there are few listeners; `share` of the usual number."""
    pairs: list[SplitHalves] = []
    most = round(share * min(MAX_PAIRS, MAX_ROUNDS * len(profiles)))
    for _ in range(math.ceil(most / max(len(profiles), 1))):
        drawn = (split(profiles[row], rng) for row in rng.permutation(len(profiles)))
        pairs += [halves for halves in drawn if halves is not None]
    return pairs[:most]


def _batches(pairs: Sequence[SplitHalves]) -> Iterator[Sequence[SplitHalves]]:
    """Batches of pairs with each listener at most once, in the order of `_draw_pairs`."""
    n_listeners = len({first.listener_id for first, _ in pairs})
    size = max(1, min(BATCH, n_listeners))
    for start in range(0, len(pairs) - 1, size):
        distinct = {pair[0].listener_id: pair for pair in pairs[start : start + size]}
        if len(distinct) > 1:
            yield list(distinct.values())
