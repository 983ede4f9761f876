"""Learns the ranker's weights, and the calibration of scores to percentages.

Both use split halves of held-out listeners. The weights are non-negative and trained so that each half finds
its other half among those of strangers (softmax over candidates, as in Z. Cao et al., "Learning to Rank:
From Pairwise Approach to Listwise Approach", 2007).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss

from matcher.domain.calibration import Calibration
from matcher.domain.profile import ListenerProfile
from matcher.pipeline import Pipeline
from matcher.ports import Embedder
from matcher.scoring.audio_similarity import measure_scale
from matcher.scoring.components import COMPONENTS, REGISTRY, bend, column
from matcher.scoring.overlap import count_items
from matcher.scoring.ranker import Ranker
from towers.training.hubness import learn_hubness
from towers.training.splits import ItemMetadata, SplitHalves, split_halves

Doubles = NDArray[np.float64]
Flags = NDArray[np.bool_]

BATCH = 400
"""Listeners whose halves compete with each other."""
MAX_PAIRS = 2_400
REPEATED_SHARES = (0.0, 0.1)
"""Shares of items in both halves of a listener without playlists, equally likely.

With 0 alone, a shared item would be learned as a sign of strangers: such data has every item once per
listener.
"""
RIDGE = 1e-3
N_NEGATIVES = 10
"""Strangers per half in the calibration; weights balance them with true pairs."""
MIN_CHANCE, MAX_CHANCE = 0.005, 0.995
"""Range of probabilities: none is certain."""
_MIN_PAIRS = 20
_ITEMS_FOR_NOISE = 10

_PRIOR = {name: component.prior for name, component in REGISTRY.items() if component.prior}
_UNINFORMED = Calibration((-1.0, 1.0), (0.5, 0.5))


@dataclass(frozen=True, slots=True)
class LearnedRanker:
    """Ranker and calibration, and the number of pairs they were learned from."""

    ranker: Ranker
    calibration: Calibration
    n_pairs: int


def learn_ranker(
    embedder: Embedder,
    known: Sequence[ListenerProfile],
    held_out: Sequence[ListenerProfile],
    metadata: ItemMetadata,
    seed: int,
    *,
    towers_are_final: bool = True,
) -> LearnedRanker:
    """Learn weights and calibration from held-out listeners.

    The embedder was trained on `known`, in which items are counted, without `held_out`. With too few
    listeners the ranker has its prior weights. `towers_are_final` is False if the towers are trained again on
    everyone.
    """
    rng = np.random.default_rng(seed)
    prior = Ranker(_PRIOR, count_items(known), measure_scale([profile.audio for profile in known]))
    pairs = _draw_pairs(held_out, rng, metadata, REPEATED_SHARES)
    if len(pairs) < _MIN_PAIRS:
        return LearnedRanker(prior, _UNINFORMED, len(pairs))
    values = [_pair_components(Pipeline(embedder, prior, _UNINFORMED), batch) for batch in _batches(pairs)]
    reach = fit_reach(values)
    weights = fit_weights([bend(batch, reach) for batch in values])
    ranker = Ranker(weights, prior.frequencies, prior.audio, reach)
    ranker = learn_hubness(embedder, ranker, known, held_out, rng, towers_are_final=towers_are_final)
    calibration = calibrate(Pipeline(embedder, ranker, _UNINFORMED), held_out, rng, metadata)
    return LearnedRanker(ranker, calibration, len(pairs))


def components_of(
    pipeline: Pipeline, queries: Sequence[ListenerProfile], candidates: Sequence[ListenerProfile]
) -> Doubles:
    """[n_queries, n_candidates, n_components] of every query with every candidate."""
    pool = pipeline.pool(candidates)
    return np.array([pool.components(query) for query in pipeline.weigh(queries)])


def _pair_components(pipeline: Pipeline, pairs: Sequence[SplitHalves]) -> Doubles:
    return components_of(pipeline, [first for first, _ in pairs], [second for _, second in pairs])


def fit_reach(batches: Sequence[Doubles]) -> float:
    """Reach at which a typical true pair counts e² times less than an identical one.

    Each batch is [n, n, n_components].
    """
    cosines = np.concatenate([np.diagonal(values[..., column("towers")]) for values in batches])
    return float(np.clip((1.0 - np.median(cosines)) / 2.0, 0.01, 0.5))


def fit_weights(batches: Sequence[Doubles]) -> dict[str, float]:
    """Fit non-negative weights that rank the diagonal first in row and column.

    Each batch is [n, n, n_components], every half with every other half; row i and column i are the halves of
    one listener. Weights are scaled so that true pairs have a mean raw sum of 1; hubness has 0.
    """
    spread = np.sqrt(np.mean([np.var(values, axis=(0, 1)) for values in batches], axis=0))
    used = (spread > 1e-9) & [component.is_fitted for component in REGISTRY.values()]
    scaled = [values[..., used] / spread[used] for values in batches]
    start = np.full(int(used.sum()), 0.3)
    fit = minimize(_loss, start, (scaled,), jac=True, method="L-BFGS-B", bounds=[(0, None)] * len(start))
    weights = np.zeros(len(COMPONENTS))
    weights[used] = fit.x / spread[used]
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
    """Learn the probability, by score, that two halves belong to one listener.

    With too few halves every score has probability ½.
    """
    pairs = _draw_pairs(held_out, rng, metadata, (0.0,))
    if len(pairs) < _MIN_PAIRS:
        return _UNINFORMED
    scores, same = _labelled_scores(pipeline, pairs, rng)
    weights = np.where(same, 1.0 / same.sum(), 1.0 / (~same).sum())
    knots, chances = _fit_calibration(scores, same, weights, rng)
    return Calibration(tuple(knots), tuple(chances), noise=_noise(pipeline, held_out, rng, metadata))


def _labelled_scores(
    pipeline: Pipeline, pairs: Sequence[SplitHalves], rng: np.random.Generator
) -> tuple[Doubles, Flags]:
    scores: list[Doubles] = []
    same: list[Flags] = []
    for batch in _batches(pairs):
        values = pipeline.ranker.scores(_pair_components(pipeline, batch))
        n = len(values)
        rows = np.repeat(np.arange(n), min(N_NEGATIVES, n - 1))
        others = (rows + rng.integers(1, n, size=len(rows))) % n
        scores += [np.diagonal(values), values[rows, others]]
        same += [np.ones(n, bool), np.zeros(len(rows), bool)]
    return np.concatenate(scores), np.concatenate(same)


def _fit_calibration(
    scores: Doubles, same: Flags, weights: Doubles, rng: np.random.Generator
) -> tuple[list[float], list[float]]:
    """Fit an isotonic or a logistic curve, whichever has the lower held-out log loss."""
    fitted = rng.random(len(scores)) < 0.5
    losses = []
    for fit in (_isotonic, _logistic):
        knots, chances = fit(scores[fitted], same[fitted], weights[fitted])
        predicted = np.interp(scores[~fitted], knots, chances)
        held_out = weights[~fitted]
        losses.append(log_loss(same[~fitted], predicted, sample_weight=held_out, labels=[False, True]))
    return (_isotonic if losses[0] <= losses[1] else _logistic)(scores, same, weights)


def _isotonic(scores: Doubles, same: Flags, weights: Doubles) -> tuple[list[float], list[float]]:
    model = IsotonicRegression(y_min=MIN_CHANCE, y_max=MAX_CHANCE).fit(scores, same, weights)
    knots, first = np.unique(model.X_thresholds_, return_index=True)
    return knots.tolist(), np.maximum.accumulate(model.y_thresholds_[first]).tolist()


def _logistic(scores: Doubles, same: Flags, weights: Doubles) -> tuple[list[float], list[float]]:
    model = LogisticRegression(C=1e4).fit(scores[:, np.newaxis], same, weights * len(weights))
    knots = np.linspace(-1.0, 1.0, 201)
    chances = np.clip(model.predict_proba(knots[:, np.newaxis])[:, 1], MIN_CHANCE, MAX_CHANCE)
    return knots.tolist(), np.maximum.accumulate(chances).tolist()


def _noise(
    pipeline: Pipeline,
    held_out: Sequence[ListenerProfile],
    rng: np.random.Generator,
    metadata: ItemMetadata,
) -> float:
    """Spread of a score at one item, measured at ten items and scaled by √10."""
    n = _ITEMS_FOR_NOISE
    drawn = _draw_pairs(held_out, rng, metadata, (0.0,))
    pairs = [pair for pair in drawn if min(len(half.items) for half in pair) >= n]
    if len(pairs) < 2:
        return 0.0
    full = pairs[:BATCH]
    thin = [
        (_sample_items(first, n, rng, metadata), _sample_items(second, n, rng, metadata))
        for first, second in full
    ]
    full_scores, thin_scores = (
        pipeline.ranker.scores(_pair_components(pipeline, halves)) for halves in (full, thin)
    )
    return float(np.std(np.diagonal(thin_scores) - np.diagonal(full_scores)) * np.sqrt(n))


def _sample_items(
    profile: ListenerProfile, n: int, rng: np.random.Generator, metadata: ItemMetadata
) -> ListenerProfile:
    chosen = rng.choice(len(profile.items), n, replace=False)
    return metadata.part(profile, [profile.items[index] for index in chosen])


def _draw_pairs(
    profiles: Sequence[ListenerProfile],
    rng: np.random.Generator,
    metadata: ItemMetadata,
    repeated: Sequence[float],
) -> list[SplitHalves]:
    """Halves of every listener, several times if there are few listeners."""
    pairs: list[SplitHalves] = []
    rounds = max(1, min(6, MAX_PAIRS // max(len(profiles), 1)))
    for _ in range(rounds):
        for row in rng.permutation(len(profiles)):
            share = float(rng.choice(repeated))
            halves = split_halves(profiles[row], rng, metadata, repeated=share)
            if halves is not None:
                pairs.append(halves)
    return pairs[:MAX_PAIRS]


def _batches(pairs: Sequence[SplitHalves]) -> Iterator[Sequence[SplitHalves]]:
    """Batches of pairs with each listener at most once, in the order of `_draw_pairs`."""
    n_listeners = len({first.listener_id for first, _ in pairs})
    size = min(BATCH, n_listeners)
    for start in range(0, len(pairs) - 1, size):
        distinct = {pair[0].listener_id: pair for pair in pairs[start : start + size]}
        if len(distinct) > 1:
            yield list(distinct.values())
