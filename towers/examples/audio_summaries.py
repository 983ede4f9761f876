"""Audio attributes of the training listeners' tracks, summarised per view."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.domain.audio import QUANTILES, SUMMARISED, AudioAttributes
from matcher.domain.profile import ListenerProfile
from matcher.scoring.audio_similarity import Doubles
from towers.examples.interactions import Ids
from towers.features.feature_maker import N_AUDIO, N_FIGURES, audio_figures

Attributes = Mapping[str, AudioAttributes]


@dataclass(frozen=True, slots=True, eq=False)
class TrackAudio:
    """Items with known audio attributes, as flat arrays sorted by listener.

    Attributes:
        row: [n], ascending, the listener of each item.
        item: [n], index of the item among all items of all listeners.
        weight: [n], ln(1 + plays).
        values: [n, N_AUDIO], NaN if an attribute is unknown.
        summaries: [n_rows, N_AUDIO, N_FIGURES], the listeners' own audio summaries, for listeners without a
            track in this table.
    """

    n_rows: int
    row: Ids
    item: Ids
    weight: Doubles
    values: Doubles
    summaries: Doubles

    def figures(self, selected: NDArray[np.bool_]) -> Doubles:
        """[n_rows, N_AUDIO, N_FIGURES] of the `selected` [n] items, NaN if unknown."""
        all_figures = np.full((self.n_rows, N_AUDIO, N_FIGURES), np.nan)
        for attribute in range(N_AUDIO):
            used = selected & ~np.isnan(self.values[:, attribute])
            rows, values, weight = self.row[used], self.values[used, attribute], self.weight[used]
            if len(rows):
                present, figures = grouped_audio_figures(rows, values, weight)
                all_figures[present, attribute] = figures
        return all_figures


def collect_track_audio(profiles: Sequence[ListenerProfile], attributes: Attributes) -> TrackAudio:
    """Flatten the audio attributes of the profiles' items."""
    numbered = ((row, item) for row, profile in enumerate(profiles) for item in profile.items)
    known = [
        (row, index, np.log1p(item.plays), attributes[item.track].values)
        for index, (row, item) in enumerate(numbered)
        if item.track in attributes and attributes[item.track].values
    ]
    values = [[by_name.get(name, np.nan) for name in SUMMARISED] for *_, by_name in known]
    return TrackAudio(
        n_rows=len(profiles),
        row=np.asarray([row for row, *_ in known], np.int64),
        item=np.asarray([index for _, index, *_ in known], np.int64),
        weight=np.asarray([weight for _, _, weight, _ in known], np.float64),
        values=np.asarray(values, np.float64).reshape(-1, N_AUDIO),
        summaries=audio_figures(profile.audio for profile in profiles),
    )


def grouped_audio_figures(groups: Ids, values: Doubles, weights: Doubles) -> tuple[Ids, Doubles]:
    """Weighted mean, spread and quantiles by group, as in `matcher.domain.audio`.

    All arguments are [n]; weights are > 0. Returned are the distinct groups, ascending, and their figures
    [n_groups, N_FIGURES].
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
    # one interpolation for all groups: the heights of group g, in (0, 1), are moved to (2g, 2g + 1)
    before = np.concatenate([[0.0], np.cumsum(total)[:-1]])
    heights = (np.cumsum(weights) - 0.5 * weights - before[group]) / total[group] + 2.0 * group
    first = np.searchsorted(group, np.arange(len(total)))
    last = np.append(first[1:], len(group)) - 1
    wanted = 2.0 * np.arange(len(total))[:, None] + np.asarray(QUANTILES)
    inside = np.clip(wanted, heights[first][:, None], heights[last][:, None])
    return np.asarray(np.interp(inside, heights, values), np.float64)
