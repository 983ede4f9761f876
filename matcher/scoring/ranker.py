"""The additive ranker: one score from several symmetric components, each a sum one can look into."""

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
    """The score of a raw sum: x / √(1 + x²), in (-1, 1), rising, odd."""
    return raw / np.sqrt(1.0 + np.square(raw))


@dataclass(frozen=True, slots=True, eq=False)
class Ranker:
    """Weighs components into a score.

    Attributes:
        weights: weight by component, >= 0; a component that is absent counts nothing.
        frequencies: how common items are.
        audio: the scale of audio figures.
        reach: a cosine that is lower by this much counts e times less; > 0.
        hubness: predicts hubness; without it everybody has 0.

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
        """Make a profile ready for ranking.

        Args:
            profile: the profile.
            stored: [2 * dim] float32, its stored vector.
        """
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
        """What each component contributes to the score; they sum to it, and are the same from both sides.

        Args:
            one: either of the pair.
            other: the other of it.
            overlaps: their overlap by kind, where it is known already.
        """
        values = np.array(list(components(one, other, overlaps).values()))
        raw = dict(zip(COMPONENTS, (self._weights * bend(values, self.reach)).tolist(), strict=True))
        total = math.fsum(raw.values())
        shrink = 1.0 / math.sqrt(1.0 + total * total)
        return {name: value * shrink for name, value in raw.items()}

    def score(self, one: WeighedProfile, other: WeighedProfile) -> float:
        """The score of a pair, in (-1, 1)."""
        return math.fsum(self.parts(one, other).values())

    def scores(self, values: Doubles) -> Doubles:
        """Scores of many pairs: [...] float64 in (-1, 1), of [..., n_components] components."""
        return np.asarray(squash(self.raw_sums(values)))

    def raw_sums(self, values: Doubles) -> Doubles:
        """Weighted sums of many pairs: [...] float64, of [..., n_components] components."""
        return np.asarray(bend(values, self.reach) @ self._weights)

    @property
    def _weights(self) -> Doubles:
        return np.array([self.weights.get(name, 0.0) for name in COMPONENTS])

    def to_json(self) -> dict[str, Any]:
        """As JSON-ready values, without the hubness, which has a file of its own."""
        return {
            "weights": dict(self.weights),
            "frequencies": self.frequencies.to_json(),
            "audio": self.audio.to_json(),
            "reach": self.reach,
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Ranker":
        """What `to_json` was called on.

        Raises:
            KeyError, ValueError, TypeError, AttributeError: `value` was not made by `to_json`.
        """
        weights = {str(name): float(weight) for name, weight in value["weights"].items()}
        frequencies = ItemFrequencies.from_json(value["frequencies"])
        return cls(weights, frequencies, AudioScale.from_json(value["audio"]), float(value["reach"]))
