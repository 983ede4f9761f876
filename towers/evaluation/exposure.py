"""Fair exposure in an evaluation: who stands in others' top tens, with and without crowding in the score."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from matcher.exposure import bound, measure_exposure
from matcher.pipeline import Pipeline
from matcher.profile import ListenerProfile
from matcher.rank import CROWD, Ranker
from towers.evaluation.protocols import Figures, Friendships, friends_found, friendships, same_person
from towers.training.splits import Halves


def exposure_of(
    pipeline: Pipeline,
    tested: Sequence[ListenerProfile],
    pairs: Sequence[Halves],
    friends: Sequence[tuple[str, str]],
) -> dict[str, Figures]:
    """Top tens of the tested among themselves, with and without crowding in the score; and quality beside.

    Args:
        pipeline: a trained model.
        tested: listeners it was not trained on.
        pairs: halves of them.
        friends: pairs of listener ids; none where there are none.

    Returns:
        by system: the largest share of others' top tens one listener stands in, the bound that is promised
        for so many, the share who stand in none, skewness; MRR and R@10 of the halves; friends where there
        are any.
    """
    plain = replace(pipeline.ranker, weights={**pipeline.ranker.weights, CROWD: 0.0})
    each = {"pipeline": pipeline.ranker, "without crowding": plain}
    among = friendships(friends, [one.listener_id for one in tested]) if friends else None
    whole = components_of(pipeline, tested, tested)
    halves = components_of(pipeline, [one for one, _ in pairs], [other for _, other in pairs])
    return {name: _fairness(ranker, whole, halves, among) for name, ranker in each.items()}


def _fairness(
    ranker: Ranker, whole: NDArray[np.float64], halves: NDArray[np.float64], friends: Friendships | None
) -> Figures:
    scores = ranker.scores(whole)
    exposure = measure_exposure(scores)
    return {
        "max share": exposure.max_share,
        "bound": bound(len(scores) - 1),
        "never shown": exposure.never_share,
        "skewness": exposure.skewness,
        **{name: figure for name, figure in same_person(ranker.scores(halves)).items() if name != "r@1"},
        **(friends_found(scores, friends) if friends else {}),
    }


def components_of(
    pipeline: Pipeline, queries: Sequence[ListenerProfile], candidates: Sequence[ListenerProfile]
) -> NDArray[np.float64]:
    """[n_queries, n_candidates, n_components]."""
    pool = pipeline.pool(candidates)
    return np.array([pool.components(one) for one in pipeline.weigh(queries)])
