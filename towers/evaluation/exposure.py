"""Fair exposure in an evaluation."""

from collections.abc import Callable, Mapping, Sequence

from matcher.domain.profile import ListenerProfile
from matcher.scoring.exposure import bound, measure_exposure
from towers.evaluation.protocols import Figures
from towers.metrics import Scores

Profiles = Sequence[ListenerProfile]


def exposure_of(
    systems: Mapping[str, Callable[[Profiles, Profiles], Scores]], tested: Profiles
) -> dict[str, Figures]:
    """Exposure of the test listeners among themselves.

    Returns:
        by system: the largest share of top tens with the same listener in it, the bound promised for this
        number of listeners, the share of listeners in no top ten, skewness.
    """
    found = {}
    for name, score in systems.items():
        exposure = measure_exposure(score(tested, tested))
        found[name] = {
            "max share": exposure.max_share,
            "bound": bound(len(tested) - 1),
            "never shown": exposure.never_share,
            "skewness": exposure.skewness,
        }
    return found
