"""Overlap: how many items two listeners share, weighted by plays and rarity.

The weight of an item in a profile is `(plays / mean plays)^power · idf`: more plays count more, but less than
in proportion, or not at all, and rare items count more than common ones. Plays of a loop are cut off, and
less than one play counts less than an item even where plays do not count. The idf is that of BM25 (S.
Robertson and H. Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009). The overlap of two
profiles is the sum over shared items of the product of their weights, divided by the product of the norms to
a power below 1. This length normalisation is weaker than the cosine's, so that forty shared records count
more than one.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matcher.domain.noise.loops import cut_loops
from matcher.domain.profile import Bag, ListenerProfile

KINDS = ("artists", "tracks", "tags")  # bags of a profile that can overlap

PLAYS_POWER = 0.5  # exponent of plays, where a model has learned no other; 0 would be binary
NORM_POWER = 0.55  # exponent of the product of norms; 1 would be the cosine, 0 the plain sum


@dataclass(frozen=True, slots=True)
class ItemFrequencies:
    """Number of training listeners for each item, by kind of bag and key.

    Raises:
        ValueError: a count is below 0 or above `n_listeners`.
    """

    n_listeners: int
    counts: Mapping[str, Mapping[str, int]]

    def __post_init__(self) -> None:
        for rows in self.counts.values():
            if rows and not (min(rows.values()) >= 0 and max(rows.values()) <= self.n_listeners):
                raise ValueError("an item cannot stand in more listeners than there are")

    def idf(self, kind: str, key: str) -> float:
        """Inverse document frequency, > 0; highest for unseen items."""
        n = self.counts.get(kind, {}).get(key, 0)
        return math.log(1.0 + (self.n_listeners - n + 0.5) / (n + 0.5))

    def to_json(self) -> dict[str, Any]:
        """JSON-ready values."""
        return {"n_listeners": self.n_listeners, "counts": {k: dict(v) for k, v in self.counts.items()}}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "ItemFrequencies":
        """Inverse of `to_json`.

        Raises:
            KeyError, ValueError, TypeError, AttributeError: `value` is not an output of `to_json`.
        """
        counts = {kind: {k: int(n) for k, n in rows.items()} for kind, rows in value["counts"].items()}
        return cls(int(value["n_listeners"]), counts)


def count_items(profiles: Sequence[ListenerProfile]) -> ItemFrequencies:
    """Count the profiles that contain each artist, track and tag."""
    counts: dict[str, dict[str, int]] = {kind: {} for kind in KINDS}
    for profile in profiles:
        for kind in KINDS:
            seen = counts[kind]
            for key in getattr(profile, kind):
                seen[key] = seen.get(key, 0) + 1
    return ItemFrequencies(len(profiles), counts)


@dataclass(frozen=True, slots=True)
class WeighedBag:
    """Item weights of one bag, each > 0, by key; and their Euclidean norm."""

    weights: Mapping[str, float]
    norm: float


def weigh(bag: Bag, kind: str, frequencies: ItemFrequencies, power: float = PLAYS_POWER) -> WeighedBag:
    """Weigh the items of a bag; plays count to the power of `power`."""
    if not bag:
        return WeighedBag({}, 0.0)
    counted = bag if kind == "tags" else cut_loops(bag)
    mean, below_one = math.fsum(counted.values()) / len(bag), max(PLAYS_POWER - power, 0.0)
    weights = {
        key: (plays / mean) ** power * min(plays, 1.0) ** below_one * frequencies.idf(kind, key)
        for key, plays in counted.items()
    }
    return WeighedBag(weights, math.sqrt(math.fsum(weight * weight for weight in weights.values())))


def weigh_profile(
    profile: ListenerProfile, frequencies: ItemFrequencies, power: float = PLAYS_POWER
) -> dict[str, WeighedBag]:
    """Weigh every bag of a profile, by kind; `power` is of plays of artists and tracks."""
    powers = {"tags": PLAYS_POWER}  # shares of what is heard, and not plays
    return {kind: weigh(getattr(profile, kind), kind, frequencies, powers.get(kind, power)) for kind in KINDS}


def expected_overlaps(bags: Mapping[str, WeighedBag], frequencies: ItemFrequencies) -> list[float]:
    """Overlap to expect with a random listener, up to a factor of each kind, in the order of `KINDS`.

    Sum over items of weight · share of listeners · idf, over the norm as in the overlap.
    """
    return [_expected(bags[kind], kind, frequencies) for kind in KINDS]


def _expected(bag: WeighedBag, kind: str, frequencies: ItemFrequencies) -> float:
    if not bag.weights:
        return 0.0
    counts = frequencies.counts.get(kind, {})
    known = ((counts.get(key, 0), key, weight) for key, weight in bag.weights.items())
    total = math.fsum(weight * n * frequencies.idf(kind, key) for n, key, weight in known if n)
    return float(total / max(frequencies.n_listeners, 1) / bag.norm**NORM_POWER)


def shared_parts(one: WeighedBag, other: WeighedBag, power: float = NORM_POWER) -> dict[str, float]:
    """Contribution of each shared item to the overlap, > 0, by key; symmetric."""
    common = one.weights.keys() & other.weights.keys()
    if not common:
        return {}
    scale = (one.norm * other.norm) ** power
    return {key: one.weights[key] * other.weights[key] / scale for key in common}


def overlap(one: WeighedBag, other: WeighedBag, power: float = NORM_POWER) -> float:
    """Overlap of two bags, >= 0; 0 without shared items."""
    return math.fsum(shared_parts(one, other, power).values())
