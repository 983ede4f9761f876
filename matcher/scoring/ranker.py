"""The additive ranker: one likeness as a weighted sum of symmetric components.

The likeness of a pair is (raw - chance) / (own - chance). `raw` is the weighted sum of the components; chance
is what each side has with strangers on average, over the components that both have data for; own is what each
side would have with its own library once more; of both sides the mean is taken. So it is 0 for strangers, 1
for oneself, and each component's part, its weight times its value above chance over the same denominator,
adds up to it.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from matcher.domain.profile import ListenerProfile
from matcher.domain.vectors import Floats, to_half
from matcher.scoring.audio_similarity import AudioScale, Doubles
from matcher.scoring.audio_space import AudioSpace
from matcher.scoring.cohort import Cohort
from matcher.scoring.components import (
    COMPONENTS,
    WeighedProfile,
    bend,
    column,
    components,
    known_kinds,
    pair_chance,
)
from matcher.scoring.overlap import (
    KINDS,
    PLAYS_POWER,
    ItemFrequencies,
    WeighedBag,
    expected_overlaps,
    weigh_profile,
)

_LEAST_SPAN = 1e-3


@dataclass(frozen=True, slots=True, eq=False)
class Ranker:
    """Weighs components into a likeness.

    Attributes:
        weights: weight by component, >= 0; absent components count as 0.
        frequencies: item frequencies for the idf.
        audio: scale of audio figures.
        softness: of the softplus of the cosine; > 0.
        cohort: what cosines are normalised against; None for no normalisation.
        chance: mean of each component, after its transform, for two strangers; for kinds of items in units of
            the expected overlap; absent ones are 0.
        plays_power: exponent of plays in the overlap, in [0, 1]; 0 if only what is heard counts.
        space: where sound is compared; None to compare summaries on the scale of `audio`.

    Raises:
        ValueError: an unknown component, a weight or chance below 0 or not finite, a softness that is not
            above 0, or a power out of range.
    """

    weights: Mapping[str, float]
    frequencies: ItemFrequencies
    audio: AudioScale
    softness: float = 0.05
    cohort: Cohort | None = None
    chance: Mapping[str, float] = field(default_factory=dict)
    plays_power: float = PLAYS_POWER
    space: AudioSpace | None = None

    def __post_init__(self) -> None:
        for name, value in (*self.weights.items(), *self.chance.items()):
            if name not in COMPONENTS or not (math.isfinite(value) and value >= 0):
                raise ValueError(f"the ranker cannot weigh {name} by {value}")
        if not (math.isfinite(self.softness) and self.softness > 0):
            raise ValueError("the ranker's softness must be above 0")
        if not 0.0 <= self.plays_power <= 1.0:
            raise ValueError("the ranker's power of plays must lie between 0 and 1")

    def weigh(self, profile: ListenerProfile, stored: Floats) -> WeighedProfile:
        """Prepare a profile for ranking; `stored` is its [2 * dim] float32 stored vector."""
        bags = weigh_profile(profile, self.frequencies, self.plays_power)
        n_artists = len(profile.artists)
        n_items = n_artists + len(profile.tracks)
        audio = (self.space.encode if self.space else self.audio.standardise)(profile.audio)
        # rounded as it is stored, so that both sides of a pair have the same likeness
        stored = to_half(stored)
        closeness = 0.0 if self.cohort is None else self.cohort.closeness(stored)
        found = WeighedProfile(bags, audio, stored, n_items, closeness, n_artists=n_artists)
        return self.with_own(replace(found, chance=self._chance * known_kinds(found) * self.units(bags)))

    def units(self, bags: Mapping[str, WeighedBag]) -> Doubles:
        """[n_components] the units of `chance` for a profile: its expected overlaps, else 1."""
        units = np.ones(len(COMPONENTS))
        units[[column(kind) for kind in KINDS]] = expected_overlaps(bags, self.frequencies)
        return units

    def with_own(self, profile: WeighedProfile) -> WeighedProfile:
        """The profile with its raw sum with itself."""
        values = np.array(list(components(profile, profile).values()))
        return replace(profile, own=float(self.raw_sums(values)))

    def parts(
        self, one: WeighedProfile, other: WeighedProfile, overlaps: Mapping[str, float] | None = None
    ) -> dict[str, float]:
        """Contribution of each component to the likeness; symmetric, with the likeness as sum.

        A part is below 0 where two listeners have less of a component than strangers have. `overlaps` is the
        overlap by kind, if known already.
        """
        values = np.array(list(components(one, other, overlaps).values()))
        chance = pair_chance(one.chance, other.chance, known_kinds(one) * known_kinds(other))
        parts = self._weights * (bend(values, self.softness) - chance)
        span = self._span(chance, 0.5 * (one.own + other.own))
        return dict(zip(COMPONENTS, (parts / span).tolist(), strict=True))

    def score(self, one: WeighedProfile, other: WeighedProfile) -> float:
        """Likeness of a pair: 0 for strangers on average, 1 for oneself."""
        return math.fsum(self.parts(one, other).values())

    def scores(self, values: Doubles, chance: Doubles, own: Doubles) -> Doubles:
        """[...] float64 likenesses of pairs.

        Args:
            values: [..., n_components] components.
            chance: [..., n_components] `pair_chance`.
            own: [...] mean of `own` of both.
        """
        return np.asarray((self.raw_sums(values) - chance @ self._weights) / self._span(chance, own))

    def raw_sums(self, values: Doubles) -> Doubles:
        """[...] float64 weighted sums from [..., n_components] components."""
        return np.asarray(bend(values, self.softness) @ self._weights)

    def _span(self, chance: Doubles, own: Doubles | float) -> Doubles:
        return np.maximum(own - chance @ self._weights, _LEAST_SPAN)

    @property
    def _weights(self) -> Doubles:
        return np.array([self.weights.get(name, 0.0) for name in COMPONENTS])

    @property
    def _chance(self) -> Doubles:
        return np.array([self.chance.get(name, 0.0) for name in COMPONENTS])

    def to_json(self) -> dict[str, Any]:
        """JSON-ready values without the cohort and the audio space, which have their own files."""
        return {
            "weights": dict(self.weights),
            "frequencies": self.frequencies.to_json(),
            "audio": self.audio.to_json(),
            "softness": self.softness,
            "plays_power": self.plays_power,
            "chance": dict(self.chance),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Ranker":
        """Inverse of `to_json`.

        Raises:
            KeyError, ValueError, TypeError, AttributeError: `value` is not an output of `to_json`.
        """
        weights = {str(name): float(weight) for name, weight in value["weights"].items()}
        frequencies = ItemFrequencies.from_json(value["frequencies"])
        chance = {str(name): float(mean) for name, mean in value["chance"].items()}
        audio = AudioScale.from_json(value["audio"])
        softness, power = float(value["softness"]), float(value["plays_power"])
        return cls(weights, frequencies, audio, softness, chance=chance, plays_power=power)
