"""The components of a score, by name; each is a function and a `REGISTRY` entry."""

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
    """A profile prepared for ranking.

    Attributes:
        bags: weighed bags by kind.
        audio: [n_figures] standardised audio figures, NaN if unknown.
        stored: [2 * dim] float32, the stored vector.
        n_items: distinct artists and tracks: the evidence.
        hubness: closeness to everyone, >= 0.
        n_artists: distinct artists among `n_items`; None in old packed rows.
    """

    bags: Mapping[str, WeighedBag]
    audio: Doubles
    stored: Floats
    n_items: int
    hubness: float = 0.0
    n_artists: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """Inputs of the components for n candidates, one row each.

    Attributes:
        stored: [n, 2 * dim] floats, stored vectors.
        overlaps: [n] float64 by kind, with the query.
        audio: [n, n_figures] float64, standardised, NaN if unknown.
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
        values: [n] float64, for a query and n candidates; symmetric.
        bend: transforms values before weighting, given the ranker's reach; None for no transform.
        retrieves: whether candidates are retrieved by it.
        is_fitted: whether its weight is fitted to split halves.
        share_of: in place of fitting: another component, and the ratio of this one's weighted spread to it.
        prior: weight if there are too few listeners to fit one.
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
# not fitted: a fitted weight makes tags replace the artists that they derive from; it finds a person's other
# half slightly better, and friends much worse (docs/adr/0004)
TAGS_SHARE = 0.2

REGISTRY: Mapping[str, Component] = {
    "towers": Component(lambda me, them: cosines(me.stored, them.stored), bend=cosine_kernel, prior=1.0),
    "artists": Component(partial(_overlap, "artists"), prior=0.02),
    "tracks": Component(partial(_overlap, "tracks"), prior=0.02),
    "tags": Component(partial(_overlap, "tags"), is_fitted=False, share_of=("artists", TAGS_SHARE)),
    "audio": Component(lambda me, them: audio_similarity(me.audio, them.audio), retrieves=False),
    # never above 0; its weight is fitted together with hubness (docs/adr/0008)
    HUBNESS: Component(lambda me, them: -0.5 * (me.hubness + them.hubness), retrieves=False, is_fitted=False),
}
COMPONENTS = tuple(REGISTRY)  # order of the last axis of component arrays

column = COMPONENTS.index  # index of a component on that axis, by name


def gather_components(me: WeighedProfile, candidates: Columns) -> Doubles:
    """[n, n_components] float64: every component of one query with many candidates."""
    return np.column_stack([one.values(me, candidates) for one in REGISTRY.values()])


def components(
    one: WeighedProfile, other: WeighedProfile, overlaps: Mapping[str, float] | None = None
) -> dict[str, float]:
    """Every component of a pair, by name; `overlaps` by kind, if known already."""
    known = overlaps or {kind: overlap(one.bags[kind], other.bags[kind]) for kind in KINDS}
    columns = Columns(
        other.stored[np.newaxis],
        {kind: np.array([value]) for kind, value in known.items()},
        other.audio[np.newaxis],
        np.array([other.hubness]),
    )
    return dict(zip(COMPONENTS, gather_components(one, columns)[0].tolist(), strict=True))


def bend(values: Doubles, reach: float) -> Doubles:
    """Transform [..., n_components] components for weighting: kernel of the cosine."""
    bent = values.copy()
    for name, component in REGISTRY.items():
        if component.bend:
            bent[..., column(name)] = component.bend(values[..., column(name)], reach)
    return bent
