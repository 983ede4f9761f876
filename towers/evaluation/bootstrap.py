"""Bootstrap intervals: how far a figure would move with other test listeners."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from towers.evaluation.protocols import Sample

N_RESAMPLES = 1_000
_LEVELS = (2.5, 97.5)

Weights = NDArray[np.float32]


def resampling_weights(n_listeners: int, seed: int = 0) -> Weights:
    """How often each listener is drawn in each resample: [N_RESAMPLES, n_listeners].

    Independent Poisson draws with mean 1 stand for drawing with replacement (J. Hanley, B. MacGibbon,
    "Creating non-parametric bootstrap samples using Poisson frequencies", Computer Methods and Programs in
    Biomedicine 83(1), 2006). So a listener's draws do not depend on who else is tested.
    """
    rng = np.random.default_rng(seed)
    rows = (rng.poisson(1.0, n_listeners).astype(np.float32) for _ in range(N_RESAMPLES))
    return np.stack(list(rows))


def resample(sample: Sample, weights: Weights) -> NDArray[np.float64]:
    """The figure in each resample: [N_RESAMPLES]; NaN where nobody who counts was drawn.

    `weights` are [N_RESAMPLES, n], of the sample's listeners.
    """
    sums, counts = weights @ sample.sums, weights @ sample.counts
    return np.where(counts > 0, sums / np.maximum(counts, 1.0), np.nan)


def interval(by_seed: Sequence[NDArray[np.float64]]) -> list[float]:
    """95 % percentile interval of a figure's mean over seeds.

    Seeds share listeners, so they are pooled within each resample: with one draw of listeners for all seeds,
    the figure is taken in each seed's test listeners, and then the mean over seeds. Intervals of single seeds
    would be too wide for the mean, and seeds drawn independently too narrow.
    """
    means = np.mean(by_seed, axis=0)
    known = means[~np.isnan(means)]
    return [float(level) for level in np.percentile(known, _LEVELS)] if len(known) else [0.0, 1.0]
