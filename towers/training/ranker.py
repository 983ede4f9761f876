"""Learning what comes after the towers: the ranker's weights, and the calibration to percent.

Both are learned from halves of listeners the towers were not trained on. The ranker's weights are the
non-negative ones that make each half find its other among the halves of strangers (a softmax over the
candidates, as in Z. Cao et al., "Learning to Rank: From Pairwise Approach to Listwise Approach", 2007).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss

from matcher.calibrate import Calibration
from matcher.likeness import measure_scale
from matcher.overlap import count_items
from matcher.pipeline import Pipeline
from matcher.ports import Embedder
from matcher.profile import ListenerProfile
from matcher.rank import COMPONENTS, CROWD, Ranker, bend
from towers.training.hubness import learn_crowding
from towers.training.splits import Context, Halves, halves_of

Doubles = NDArray[np.float64]

BATCH = 400
"""Pairs of halves that compete with each other."""
MOST_PAIRS = 2_400
REPEATED = (0.0, 0.1)
"""Shares of items that both halves of a listener without playlists have, drawn with equal chance. Without
any, such data (every item once a listener) would teach that sharing an item means being strangers."""
RIDGE = 1e-3
TAGS_SHARE = 0.2
"""Spread of the tags' part, as a share of the artists' part. Tags are read off the artists: learned freely,
they take the artists' place, find one's own half a little better, and one's friends much worse
(docs/adr/0004)."""
N_STRANGERS = 10
"""Strangers a half, in the calibration; weighted so that same and stranger are balanced."""
LOWEST, HIGHEST = 0.005, 0.995
"""No percentage is certain."""


@dataclass(frozen=True, slots=True)
class LearnedRanking:
    """What was learned after the towers, and what it was learned from."""

    ranker: Ranker
    calibration: Calibration
    n_pairs: int


def learn_ranking(
    embedder: Embedder,
    known: Sequence[ListenerProfile],
    held_out: Sequence[ListenerProfile],
    context: Context,
    seed: int,
    *,
    towers_stay: bool = True,
) -> LearnedRanking:
    """Learn weights and calibration.

    Args:
        embedder: towers that were trained without `held_out`.
        known: the listeners they were trained on; items are counted in these.
        held_out: whose halves are learned from; with too few of them the ranker keeps its prior weights.
        context: what tags and audio of the halves are made with.
        seed: of the draws.
        towers_stay: whether these towers will serve, and not others that are trained anew on everybody.
    """
    rng = np.random.default_rng(seed)
    prior = Ranker(_PRIOR, count_items(known), measure_scale([one.audio for one in known]))
    learning = _pairs(held_out, rng, context, REPEATED)
    if len(learning) < _FEWEST_PAIRS:
        return LearnedRanking(prior, _UNSURE, len(learning))
    values = [_components(Pipeline(embedder, prior, _UNSURE), one) for one in _batches(learning)]
    reach = fit_reach(values)
    weights = fit_weights([bend(one, reach) for one in values])
    ranker = Ranker(weights, prior.frequencies, prior.audio, reach)
    ranker = learn_crowding(embedder, ranker, known, held_out, rng, towers_stay=towers_stay)
    calibration = calibrate(Pipeline(embedder, ranker, _UNSURE), held_out, rng, context)
    return LearnedRanking(ranker, calibration, len(learning))


_PRIOR = {"towers": 1.0, "artists": 0.02, "tracks": 0.02}
_FEWEST_PAIRS = 20
_TAGS, _ARTISTS = COMPONENTS.index("tags"), COMPONENTS.index("artists")
_SET_ELSEWHERE = (_TAGS, COMPONENTS.index(CROWD))
"""Components whose weight is not learned with the others."""
_UNSURE = Calibration((-1.0, 1.0), (0.5, 0.5))


def fit_reach(batches: Sequence[Doubles]) -> float:
    """The reach at which a typical true pair counts e² times less than an identical one.

    Args:
        batches: each [n, n, n_components], with the towers' cosine first.
    """
    cosines = np.concatenate([np.diagonal(one[..., 0]) for one in batches])
    return float(np.clip((1.0 - np.median(cosines)) / 2.0, 0.01, 0.5))


def fit_weights(batches: Sequence[Doubles]) -> dict[str, float]:
    """Non-negative weights that make the diagonal win its row and its column.

    Args:
        batches: each [n, n, n_components], component values of every half with every other half; row i and
            column i are the halves of one listener.

    Returns:
        weight by component, 0 for the crowd; scaled so that true pairs have a mean raw sum of 1.
    """
    spread = np.sqrt(np.mean([np.var(one, axis=(0, 1)) for one in batches], axis=0))
    used = (spread > 1e-9) & ~np.isin(np.arange(len(COMPONENTS)), _SET_ELSEWHERE)
    scaled = [one[..., used] / spread[used] for one in batches]
    start = np.full(int(used.sum()), 0.3)
    found = minimize(_loss, start, (scaled,), jac=True, method="L-BFGS-B", bounds=[(0, None)] * len(start))
    weights = np.zeros(len(COMPONENTS))
    weights[used] = found.x / spread[used]
    if spread[_TAGS] > 1e-9:
        weights[_TAGS] = TAGS_SHARE * weights[_ARTISTS] * spread[_ARTISTS] / spread[_TAGS]
    typical = float(np.mean(np.concatenate([np.diagonal(one @ weights) for one in batches])))
    weights /= typical if typical > 1e-9 else 1.0
    return {name: float(weight) for name, weight in zip(COMPONENTS, weights, strict=True)}


def _loss(weights: Doubles, batches: Sequence[Doubles]) -> tuple[float, Doubles]:
    """Mean cross entropy over rows and columns, with a ridge; and its gradient."""
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
    pipeline: Pipeline, held_out: Sequence[ListenerProfile], rng: np.random.Generator, context: Context
) -> Calibration:
    """Learn what a score means: of balanced pairs, the share that were one person's two halves.

    With too few halves to learn from, every score means one half.
    """
    pairs = _pairs(held_out, rng, context, (0.0,))
    if len(pairs) < _FEWEST_PAIRS:
        return _UNSURE
    scores, same = _labelled(pipeline, pairs, rng)
    weights = np.where(same, 1.0 / same.sum(), 1.0 / (~same).sum())
    knots, chances = _better(scores, same, weights, rng)
    return Calibration(tuple(knots), tuple(chances), noise=_noise(pipeline, held_out, rng, context))


def _labelled(
    pipeline: Pipeline, pairs: Sequence[Halves], rng: np.random.Generator
) -> tuple[Doubles, NDArray[np.bool_]]:
    scores: list[Doubles] = []
    same: list[NDArray[np.bool_]] = []
    for batch in _batches(pairs):
        values = pipeline.ranker.scores(_components(pipeline, batch))
        n = len(values)
        rows = np.repeat(np.arange(n), min(N_STRANGERS, n - 1))
        others = (rows + rng.integers(1, n, size=len(rows))) % n
        scores += [np.diagonal(values), values[rows, others]]
        same += [np.ones(n, bool), np.zeros(len(rows), bool)]
    return np.concatenate(scores), np.concatenate(same)


def _better(
    scores: Doubles, same: NDArray[np.bool_], weights: Doubles, rng: np.random.Generator
) -> tuple[list[float], list[float]]:
    """Isotonic or logistic, whichever has the lower log loss on the half it was not fitted to."""
    first = rng.random(len(scores)) < 0.5
    losses = []
    for fit in (_isotonic, _logistic):
        knots, chances = fit(scores[first], same[first], weights[first])
        told = np.interp(scores[~first], knots, chances)
        losses.append(log_loss(same[~first], told, sample_weight=weights[~first], labels=[False, True]))
    return (_isotonic if losses[0] <= losses[1] else _logistic)(scores, same, weights)


def _isotonic(scores: Doubles, same: NDArray[np.bool_], weights: Doubles) -> tuple[list[float], list[float]]:
    model = IsotonicRegression(y_min=LOWEST, y_max=HIGHEST).fit(scores, same, weights)
    knots, places = np.unique(model.X_thresholds_, return_index=True)
    return knots.tolist(), np.maximum.accumulate(model.y_thresholds_[places]).tolist()


def _logistic(scores: Doubles, same: NDArray[np.bool_], weights: Doubles) -> tuple[list[float], list[float]]:
    model = LogisticRegression(C=1e4).fit(scores[:, np.newaxis], same, weights * len(weights))
    knots = np.linspace(-1.0, 1.0, 201)
    chances = np.clip(model.predict_proba(knots[:, np.newaxis])[:, 1], LOWEST, HIGHEST)
    return knots.tolist(), np.maximum.accumulate(chances).tolist()


def _noise(
    pipeline: Pipeline, held_out: Sequence[ListenerProfile], rng: np.random.Generator, context: Context
) -> float:
    """Spread of a score for profiles of one item, if it falls as 1/√n: measured at ten items a side."""
    n_kept = 10
    pairs = [
        one for one in _pairs(held_out, rng, context, (0.0,)) if min(len(h.items) for h in one) >= n_kept
    ]
    if len(pairs) < 2:
        return 0.0
    pairs = pairs[:BATCH]
    thin = [(_thin(one, n_kept, rng, context), _thin(other, n_kept, rng, context)) for one, other in pairs]
    whole, cut = (pipeline.ranker.scores(_components(pipeline, some)) for some in (pairs, thin))
    return float(np.std(np.diagonal(cut) - np.diagonal(whole)) * np.sqrt(n_kept))


def _thin(profile: ListenerProfile, n: int, rng: np.random.Generator, context: Context) -> ListenerProfile:
    places = rng.choice(len(profile.items), n, replace=False)
    return context.part(profile, [profile.items[place] for place in places])


def _pairs(
    profiles: Sequence[ListenerProfile],
    rng: np.random.Generator,
    context: Context,
    repeated: Sequence[float],
) -> list[Halves]:
    """Halves of every listener, drawn again and again where listeners are few."""
    found: list[Halves] = []
    rounds = max(1, min(6, MOST_PAIRS // max(len(profiles), 1)))
    for _ in range(rounds):
        for place in rng.permutation(len(profiles)):
            share = float(rng.choice(repeated))
            halves = halves_of(profiles[place], rng, context, repeated=share)
            if halves is not None:
                found.append(halves)
    return found[:MOST_PAIRS]


def _batches(pairs: Sequence[Halves]) -> Iterator[Sequence[Halves]]:
    """Batches in which every listener stands once, as far as listeners are in the order of `_pairs`."""
    n_listeners = len({one.listener_id for one, _ in pairs})
    size = min(BATCH, n_listeners)
    for start in range(0, len(pairs) - 1, size):
        batch = _distinct(pairs[start : start + size])
        if len(batch) > 1:
            yield batch


def _distinct(pairs: Sequence[Halves]) -> list[Halves]:
    return list({one.listener_id: (one, other) for one, other in pairs}.values())


def _components(pipeline: Pipeline, pairs: Sequence[Halves]) -> Doubles:
    """[n, n, n_components]: every first half with every second half."""
    pool = pipeline.pool([other for _, other in pairs])
    return np.array([pool.components(one) for one in pipeline.weigh([one for one, _ in pairs])])
