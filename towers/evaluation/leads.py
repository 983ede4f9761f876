"""Leads: who is ahead of the pipeline and the towers, by more than the spread over seeds."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from towers.evaluation.protocols import Figures

PIPELINE, TOWERS, UNTRAINED = "pipeline", "towers", "untrained towers"

BySystem = Mapping[str, Figures]


def leads(by_seed: Sequence[BySystem]) -> list[dict[str, Any]]:
    """Compare pipeline and towers with the best rival of each figure, paired by seed; JSON-ready.

    The towers are also compared with themselves untrained. Each row has the mean and the spread over seeds of
    the lead over ours, and whether the mean is above the spread.
    """
    rows = []
    for figure in by_seed[0][PIPELINE]:
        rival = _best_rival(by_seed, figure)
        for other, ours in ((rival, PIPELINE), (rival, TOWERS), (UNTRAINED, TOWERS)):
            if other in by_seed[0]:
                gaps = [systems[other][figure] - systems[ours][figure] for systems in by_seed]
                mean, std = float(np.mean(gaps)), float(np.std(gaps))
                ahead = mean > std
                row = {"figure": figure, "system": other, "over": ours, "mean": mean, "std": std}
                rows.append({**row, "ahead": ahead})
    return rows


def _best_rival(by_seed: Sequence[BySystem], figure: str) -> str:
    rivals = [name for name in by_seed[0] if name not in (PIPELINE, TOWERS, UNTRAINED)]
    means = {name: np.mean([systems[name][figure] for systems in by_seed]) for name in rivals}
    return max(means, key=lambda name: float(means[name])) if means else ""
