"""Fair exposure in an evaluation."""

from collections.abc import Mapping

from matcher.scoring.exposure import bound, measure_exposure
from towers.evaluation.protocols import Figures
from towers.metrics import Scores


def exposure_of(scores_of: Mapping[str, Scores]) -> dict[str, Figures]:
    """Exposure of the test listeners among themselves, by each system's scores: [n, n].

    Returns:
        by system: the largest share of top tens with the same listener in it, the bound promised for this
        number of listeners, the share of listeners in no top ten, skewness.
    """
    found = {}
    for name, scores in scores_of.items():
        exposure = measure_exposure(scores)
        found[name] = {
            "max share": exposure.max_share,
            "bound": bound(len(scores) - 1),
            "never shown": exposure.never_share,
            "skewness": exposure.skewness,
        }
    return found
