"""The additive ranker: one score as a weighted sum of symmetric components."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from matcher.domain.profile import ListenerProfile
from matcher.domain.vectors import Floats
from matcher.scoring.audio_similarity import AudioScale, Doubles
from matcher.scoring.components import COMPONENTS, WeighedProfile, bend, components
from matcher.scoring.hubness import HubnessModel, bag_figures
from matcher.scoring.overlap import ItemFrequencies, WeighedBag, weigh_profile


def squash(raw: float | Doubles) -> Any:
    """Score of a raw sum: x / √(1 + x²), in (-1, 1), increasing, odd."""
    return raw / np.sqrt(1.0 + np.square(raw))


@dataclass(frozen=True, slots=True, eq=False)
class Ranker:
    """Weighs components into a score.

    Attributes:
        weights: weight by component, >= 0; absent components count as 0.
        frequencies: item frequencies for the idf.
        audio: scale of audio figures.
        reach: drop of the cosine that divides its kernel by e; > 0.
        hubness: predicts hubness; None means 0 for everyone.

    Raises:
        ValueError: an unknown component, a weight below 0 or not finite, or a reach that is not above 0.
    """

    weights: Mapping[str, float]
    frequencies: ItemFrequencies
    audio: AudioScale
    reach: float = 0.1
    hubness: HubnessModel | None = None

    def __post_init__(self) -> None:
        for name, weight in self.weights.items():
            if name not in COMPONENTS or not (math.isfinite(weight) and weight >= 0):
                raise ValueError(f"the ranker cannot weigh {name} by {weight}")
        if not (math.isfinite(self.reach) and self.reach > 0):
            raise ValueError("the ranker's reach must be above 0")

    def weigh(self, profile: ListenerProfile, stored: Floats) -> WeighedProfile:
        """Prepare a profile for ranking; `stored` is its [2 * dim] float32 stored vector."""
        bags = weigh_profile(profile, self.frequencies)
        n_artists = len(profile.artists)
        n_items = n_artists + len(profile.tracks)
        audio = self.audio.standardise(profile.audio)
        return WeighedProfile(bags, audio, stored, n_items, self._hubness(bags, stored), n_artists)

    def _hubness(self, bags: Mapping[str, WeighedBag], stored: Floats) -> float:
        if self.hubness is None:
            return 0.0
        figures = bag_figures(bags, self.frequencies)
        return float(self.hubness.of(stored[np.newaxis], figures[np.newaxis])[0])

    def parts(
        self, one: WeighedProfile, other: WeighedProfile, overlaps: Mapping[str, float] | None = None
    ) -> dict[str, float]:
        """Contribution of each component to the score; symmetric, with the score as sum.

        `overlaps` is the overlap by kind, if known already.
        """
        values = np.array(list(components(one, other, overlaps).values()))
        raw = dict(zip(COMPONENTS, (self._weights * bend(values, self.reach)).tolist(), strict=True))
        total = math.fsum(raw.values())
        shrink = 1.0 / math.sqrt(1.0 + total * total)
        return {name: value * shrink for name, value in raw.items()}

    def score(self, one: WeighedProfile, other: WeighedProfile) -> float:
        """Score of a pair, in (-1, 1)."""
        return math.fsum(self.parts(one, other).values())

    def scores(self, values: Doubles) -> Doubles:
        """[...] float64 scores in (-1, 1) from [..., n_components] components."""
        return np.asarray(squash(self.raw_sums(values)))

    def raw_sums(self, values: Doubles) -> Doubles:
        """[...] float64 weighted sums from [..., n_components] components."""
        return np.asarray(bend(values, self.reach) @ self._weights)

    @property
    def _weights(self) -> Doubles:
        return np.array([self.weights.get(name, 0.0) for name in COMPONENTS])

    def to_json(self) -> dict[str, Any]:
        """JSON-ready values without hubness, which has its own file."""
        return {
            "weights": dict(self.weights),
            "frequencies": self.frequencies.to_json(),
            "audio": self.audio.to_json(),
            "reach": self.reach,
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Ranker":
        """Inverse of `to_json`.

        Raises:
            KeyError, ValueError, TypeError, AttributeError: `value` is not an output of `to_json`.
        """
        weights = {str(name): float(weight) for name, weight in value["weights"].items()}
        frequencies = ItemFrequencies.from_json(value["frequencies"])
        return cls(weights, frequencies, AudioScale.from_json(value["audio"]), float(value["reach"]))
