"""Tuning: hyper-parameters of the rivals, chosen on training listeners alone."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from itertools import product

import numpy as np

from towers.evaluation.rivals.bags import Profiles
from towers.evaluation.rivals.baselines import BASELINES, Baseline, baselines_for
from towers.metrics import Scores

Settings = Mapping[str, float | str]
System = Callable[[Profiles, Profiles], Scores]
Task = Callable[[System], float]
"""Figure of a system on listeners it was not fitted on; higher is better."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Hyper-parameters to try.

    Attributes:
        fitted: combinations that each need a fit of their own.
        scored: values by name; all their combinations are tried on each fit.
    """

    fitted: Sequence[Settings] = ({},)
    scored: Mapping[str, Sequence[float | str]] = field(default_factory=dict)

    def points(self) -> Iterator[Settings]:
        """All combinations of `scored`."""
        return (dict(zip(self.scored, values, strict=True)) for values in product(*self.scored.values()))


_OVERLAP = Grid(
    scored={
        "plays": ("log", "binary"),
        "idf_power": (1.0, 0.5, 1.5, 2.0),
        "norm_power": (1.0, 0.75, 0.5, 0.25),
    }
)

GRIDS: Mapping[str, Grid] = {
    "overlap": _OVERLAP,
    "overlap of artists": _OVERLAP,
    "soft cosine": Grid(
        scored={
            "share": (0.05, 0.3, 1.0, 3.0, 10.0),
            "plays": ("log", "binary"),
            "idf_power": (1.0, 1.5),
            "norm_power": (1.0, 0.5),
        }
    ),
    "als": Grid(
        [
            {"n_factors": 128, "alpha": 40.0, "regularization": 1.0},
            {"n_factors": 128, "alpha": 10.0, "regularization": 1.0},
            {"n_factors": 128, "alpha": 160.0, "regularization": 1.0},
            {"n_factors": 128, "alpha": 40.0, "regularization": 100.0},
            {"n_factors": 32, "alpha": 40.0, "regularization": 1.0},
        ]
    ),
    "spectrum": Grid(scored={"n_factors": (64, 16, 32, 128, 256, 512), "idf_power": (1.0, 0.5, 1.5)}),
    "user-kNN": Grid(scored={"idf_power": (1.0, 2.0, 3.0, 4.0), "sharpness": (1.0, 0.5, 2.0)}),
}
"""Grids by baseline; of equally good points the first is chosen."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The best point of a grid, and its figure in tuning."""

    fitted: Settings = field(default_factory=dict)
    scored: Settings = field(default_factory=dict)
    figure: float = -np.inf


def tune(name: str, known: Profiles, tasks: Mapping[str, Task]) -> dict[str, Choice]:
    """Choose the hyper-parameters of a baseline for each task, by a grid fitted on `known`."""
    best = dict.fromkeys(tasks, Choice())
    for fitted in GRIDS[name].fitted:
        baseline = BASELINES[name](**fitted)
        baseline.fit(known)
        for scored in GRIDS[name].points():
            system = _with(baseline, scored).score
            for key, task in tasks.items():
                best[key] = max(best[key], Choice(fitted, scored, task(system)), key=lambda one: one.figure)
    return best


def _with(baseline: Baseline, settings: Settings) -> Baseline:
    """The fitted baseline, with other settings of its score."""
    changed = copy(baseline)
    for name, value in settings.items():
        setattr(changed, name, value)
    return changed


@dataclass(frozen=True, slots=True)
class TunedRivals:
    """Rivals of one task: fitted systems, and what was chosen for those that have a grid, by name."""

    systems: Mapping[str, System]
    choices: Mapping[str, Choice]


def tuned_rivals(known: Profiles, fitted_on: Profiles, tasks: Mapping[str, Task]) -> dict[str, TunedRivals]:
    """Choose hyper-parameters for each task on fits of `fitted_on`; then fit on `known`."""
    names = baselines_for(known)
    choices = {name: tune(name, fitted_on, tasks) for name in names if name in GRIDS}
    fitted = {name: _fit_once(name, choices.get(name, {}), known) for name in names}
    return {
        task: TunedRivals(
            {name: fitted[name](choices.get(name, {}).get(task, Choice())) for name in names},
            {name: chosen[task] for name, chosen in choices.items()},
        )
        for task in tasks
    }


def _fit_once(name: str, choices: Mapping[str, Choice], known: Profiles) -> Callable[[Choice], System]:
    """Fit a baseline once for all tasks that chose the same fit."""
    fits: list[tuple[Settings, Baseline]] = []
    for settings in [choice.fitted for choice in choices.values()] or [{}]:
        if settings not in [fitted for fitted, _ in fits]:
            baseline = BASELINES[name](**settings)
            baseline.fit(known)
            fits.append((settings, baseline))

    def system_of(choice: Choice) -> System:
        fit = next(baseline for fitted, baseline in fits if fitted == choice.fitted)
        return _with(fit, choice.scored).score

    return system_of
