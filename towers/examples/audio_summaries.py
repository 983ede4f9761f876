"""Audio attributes of the training listeners' tracks, summarised afresh for every view."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.audio import QUANTILES, SUMMARISED, AudioAttributes
from matcher.likeness import Doubles
from matcher.profile import ListenerProfile
from towers.examples.interactions import Ids
from towers.features.feature_maker import N_AUDIO, N_FIGURES, audio_figures

Attributes = Mapping[str, AudioAttributes]


@dataclass(frozen=True, slots=True, eq=False)
class SoundMentions:
    """Items whose audio attributes are known, as flat arrays sorted by listener.

    Attributes:
        n_rows: number of listeners.
        row: [n], rising, the listener of each item.
        item: [n], the item's place among all items of all listeners.
        weight: [n], ln(1 + plays).
        values: [n, N_AUDIO], NaN where an attribute is not known.
        whole: [n_rows, N_AUDIO, N_FIGURES], figures of the listener's own summary; they serve the
            listeners of whom no single track is known.
    """

    n_rows: int
    row: Ids
    item: Ids
    weight: Doubles
    values: Doubles
    whole: Doubles

    def figures(self, taken: NDArray[np.bool_]) -> Doubles:
        """Raw figures over the items that are `taken`: [n_rows, N_AUDIO, N_FIGURES], NaN where unknown.

        Args:
            taken: [n], which of the known items count.
        """
        found = np.full((self.n_rows, N_AUDIO, N_FIGURES), np.nan)
        for place in range(N_AUDIO):
            kept = taken & ~np.isnan(self.values[:, place])
            rows, values, weight = self.row[kept], self.values[kept, place], self.weight[kept]
            if len(rows):
                present, figures = grouped_figures(rows, values, weight)
                found[present, place] = figures
        return found


def collect_sound(profiles: Sequence[ListenerProfile], attributes: Attributes) -> SoundMentions:
    """Flatten the audio attributes of the profiles' items; items are numbered as they come."""
    numbered = ((row, item) for row, profile in enumerate(profiles) for item in profile.items)
    known = [
        (row, place, np.log1p(item.plays), attributes[item.track].values)
        for place, (row, item) in enumerate(numbered)
        if item.track in attributes and attributes[item.track].values
    ]
    values = [[found.get(name, np.nan) for name in SUMMARISED] for *_, found in known]
    return SoundMentions(
        n_rows=len(profiles),
        row=np.asarray([row for row, *_ in known], np.int64),
        item=np.asarray([place for _, place, *_ in known], np.int64),
        weight=np.asarray([weight for _, _, weight, _ in known], np.float64),
        values=np.asarray(values, np.float64).reshape(-1, N_AUDIO),
        whole=audio_figures(profile.audio for profile in profiles),
    )


def grouped_figures(groups: Ids, values: Doubles, weights: Doubles) -> tuple[Ids, Doubles]:
    """Weighted mean, spread and quantiles of many groups at once, as `matcher.audio` has them for one.

    Args:
        groups: [n] the group of each value.
        values: [n].
        weights: [n], > 0.

    Returns:
        the distinct groups, rising, and their figures [n_groups, N_FIGURES].
    """
    order = np.lexsort((values, groups))
    present, group = np.unique(groups[order], return_inverse=True)
    values, weights = values[order], weights[order]
    total = np.bincount(group, weights).astype(np.float64, copy=False)
    mean = np.bincount(group, weights * values) / total
    spread = np.sqrt(np.bincount(group, weights * (values - mean[group]) ** 2) / total)
    quantiles = _grouped_quantiles(group, values, weights, total)
    return present, np.column_stack([mean, spread, quantiles])


def _grouped_quantiles(group: Ids, values: Doubles, weights: Doubles, total: Doubles) -> Doubles:
    """One interpolation for all groups: group g's heights, in (0, 1), are moved to (2g, 2g + 1)."""
    before = np.concatenate([[0.0], np.cumsum(total)[:-1]])
    heights = (np.cumsum(weights) - 0.5 * weights - before[group]) / total[group] + 2.0 * group
    first = np.searchsorted(group, np.arange(len(total)))
    last = np.append(first[1:], len(group)) - 1
    wanted = 2.0 * np.arange(len(total))[:, None] + np.asarray(QUANTILES)
    inside = np.clip(wanted, heights[first][:, None], heights[last][:, None])
    return np.asarray(np.interp(inside, heights, values), np.float64)
