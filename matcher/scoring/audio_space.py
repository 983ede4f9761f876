"""The audio space: what listeners' tracks sound like, as directions in which items differ.

A track's attributes and their products are mapped to the directions in which they tell the items of the
training listeners apart (`towers.training.audio_space`). The map is linear, so the mean over a listener's
tracks is the map of the summary's moments, and no track has to be stored.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.domain.audio import N_MOMENTS, AudioSummary
from matcher.scoring.audio_similarity import Doubles

LENGTH = 3.5
"""Root mean square of an encoding: `audio_similarity` is then exp(-LENGTH² (1 - cosine))."""
_TINY = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class AudioSpace:
    """A linear map of audio moments.

    Attributes:
        centre: [N_MOMENTS] float64, the training listeners' mean moments.
        projection: [N_MOMENTS, dim] float64.

    Raises:
        ValueError: the shapes do not fit, or a number is not finite.
    """

    centre: Doubles
    projection: Doubles

    def __post_init__(self) -> None:
        shape = self.projection.shape
        if self.centre.shape != (N_MOMENTS,) or len(shape) != 2 or shape[0] != N_MOMENTS or not shape[1]:
            raise ValueError("the audio space does not fit the moments")
        if not (np.isfinite(self.centre).all() and np.isfinite(self.projection).all()):
            raise ValueError("the audio space needs finite numbers")

    def encode(self, summary: AudioSummary | None) -> Doubles:
        """[dim] float64 of root mean square `LENGTH`; all NaN if there are no moments.

        An unknown moment counts as the training listeners' mean.
        """
        dim = self.projection.shape[1]
        moments = np.array(summary.moments if summary else (), np.float64)
        if not np.isfinite(moments).any():
            return np.full(dim, np.nan)
        found = np.where(np.isnan(moments), 0.0, moments - self.centre) @ self.projection
        return np.asarray(found * (LENGTH * np.sqrt(dim) / max(float(np.linalg.norm(found)), _TINY)))

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """Named arrays."""
        return {"centre": self.centre, "projection": self.projection}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> "AudioSpace":
        """Inverse of `to_arrays`.

        Raises:
            KeyError, ValueError, TypeError: `arrays` is not an output of `to_arrays`.
        """
        return cls(*(np.asarray(arrays[name], np.float64) for name in ("centre", "projection")))
