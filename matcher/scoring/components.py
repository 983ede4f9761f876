"""The components of a score, by name. A new one is its function in a module, and one entry in `REGISTRY`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np

from matcher.domain.vectors import Floats
from matcher.scoring.audio_similarity import Doubles, audio_similarity
from matcher.scoring.cosine import cosine_kernel, cosines
from matcher.scoring.overlap import KINDS, WeighedBag, overlap


@dataclass(frozen=True, slots=True, eq=False)
class WeighedProfile:
    """A profile made ready for ranking.

    Attributes:
        bags: weighed bags by kind.
        audio: [n_figures] standardised audio figures, NaN where unknown.
        stored: [2 * dim] float32, the stored vector.
        n_items: distinct artists and tracks, the evidence behind it.
        hubness: how close it lies to everybody, >= 0.
        n_artists: distinct artists, of `n_items`; None where that was not kept.
    """

    bags: Mapping[str, WeighedBag]
    audio: Doubles
    stored: Floats
    n_items: int
    hubness: float = 0.0
    n_artists: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """What components read of n candidates, as arrays with a row each.

    Attributes:
        stored: [n, 2 * dim] floats, stored vectors.
        overlaps: [n] float64 by kind, with the one who asks.
        audio: [n, n_figures] float64, standardised, NaN where unknown.
        hubness: [n] float64.
    """

    stored: Doubles | Floats
    overlaps: Mapping[str, Doubles]
    audio: Doubles
    hubness: Doubles


@dataclass(frozen=True, slots=True)
class Component:
    """One summand of the score, before its weight.

    Attributes:
        values: [n] float64, of the one who asks with n candidates; symmetric.
        bend: bends values before they are weighed, given the ranker's reach; None weighs them as they are.
        retrieves: whether candidates are retrieved by it.
        is_fitted: whether its weight is fitted to split halves.
        share_of: instead of fitting: another component, and the spread of this one, weighted, as a share of
            the other's.
        prior: weight where there are too few listeners to learn from.
    """

    values: Callable[[WeighedProfile, Columns], Doubles]
    bend: Callable[[Doubles, float], Doubles] | None = None
    retrieves: bool = True
    is_fitted: bool = True
    share_of: tuple[str, float] | None = None
    prior: float = 0.0


def _overlap(kind: str, _: WeighedProfile, candidates: Columns) -> Doubles:
    return candidates.overlaps[kind]


HUBNESS = "hubness"
TAGS_SHARE = 0.2
"""Tags follow from the artists: with a learned weight they replace the artists, find one's own half slightly
better, and friends much worse (docs/adr/0004)."""

REGISTRY: Mapping[str, Component] = {
    "towers": Component(lambda me, them: cosines(me.stored, them.stored), bend=cosine_kernel, prior=1.0),
    "artists": Component(partial(_overlap, "artists"), prior=0.02),
    "tracks": Component(partial(_overlap, "tracks"), prior=0.02),
    "tags": Component(partial(_overlap, "tags"), is_fitted=False, share_of=("artists", TAGS_SHARE)),
    "audio": Component(lambda me, them: audio_similarity(me.audio, them.audio), retrieves=False),
    # never above 0; its weight is learned with hubness itself (docs/adr/0008)
    HUBNESS: Component(lambda me, them: -0.5 * (me.hubness + them.hubness), retrieves=False, is_fitted=False),
}
COMPONENTS = tuple(REGISTRY)
"""Names, in the order of the last axis of arrays of components."""

column = COMPONENTS.index
"""The place of a component on that axis, by name."""


def gather_components(me: WeighedProfile, candidates: Columns) -> Doubles:
    """[n, n_components] float64: every component of one query with many candidates."""
    return np.column_stack([one.values(me, candidates) for one in REGISTRY.values()])


def components(
    one: WeighedProfile, other: WeighedProfile, overlaps: Mapping[str, float] | None = None
) -> dict[str, float]:
    """Every component of a pair, by name.

    Args:
        one: either of the pair.
        other: the other of it.
        overlaps: their overlap by kind, where it is known already.
    """
    known = overlaps or {kind: overlap(one.bags[kind], other.bags[kind]) for kind in KINDS}
    columns = Columns(
        other.stored[np.newaxis],
        {kind: np.array([value]) for kind, value in known.items()},
        other.audio[np.newaxis],
        np.array([other.hubness]),
    )
    return dict(zip(COMPONENTS, gather_components(one, columns)[0].tolist(), strict=True))


def bend(values: Doubles, reach: float) -> Doubles:
    """[..., n_components] components as they are weighed: the towers' cosine under its kernel."""
    bent = values.copy()
    for name, component in REGISTRY.items():
        if component.bend:
            bent[..., column(name)] = component.bend(values[..., column(name)], reach)
    return bent
