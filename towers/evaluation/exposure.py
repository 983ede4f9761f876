"""Fair exposure in an evaluation, with and without the hubness correction."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from matcher.domain.profile import ListenerProfile
from matcher.pipeline import Pipeline
from matcher.scoring.components import HUBNESS
from matcher.scoring.exposure import bound, measure_exposure
from matcher.scoring.ranker import Ranker
from towers.evaluation.protocols import Figures, Friendships, friend_figures, friendships, same_person
from towers.training.ranker import components_of
from towers.training.splits import SplitHalves


def exposure_of(
    pipeline: Pipeline,
    tested: Sequence[ListenerProfile],
    pairs: Sequence[SplitHalves],
    friends: Sequence[tuple[str, str]],
) -> dict[str, Figures]:
    """Exposure of the test listeners among themselves, and quality of matches.

    Returns:
        by system: the largest share of top tens with the same listener in it, the bound promised for this
        number of listeners, the share of listeners in no top ten, skewness; MRR and R@10 of the halves;
            figures
        of friends, if there are any.
    """
    uncorrected = replace(pipeline.ranker, weights={**pipeline.ranker.weights, HUBNESS: 0.0})
    rankers = {"pipeline": pipeline.ranker, "without crowding": uncorrected}
    friends_here = friendships(friends, [profile.listener_id for profile in tested]) if friends else None
    whole = components_of(pipeline, tested, tested)
    halves = components_of(pipeline, [first for first, _ in pairs], [second for _, second in pairs])
    return {name: _figures(ranker, whole, halves, friends_here) for name, ranker in rankers.items()}


def _figures(
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
        **(friend_figures(scores, friends) if friends else {}),
    }
