"""The components of a score, by name; each is a function and a `REGISTRY` entry."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

import numpy as np
from numpy.typing import ArrayLike

from matcher.domain.vectors import Floats
from matcher.scoring.audio_similarity import Doubles, audio_similarity
from matcher.scoring.cosine import cosines, softplus
from matcher.scoring.overlap import KINDS, WeighedBag, overlap


@dataclass(frozen=True, slots=True, eq=False)
class WeighedProfile:
    """A profile prepared for ranking.

    Attributes:
        bags: weighed bags by kind.
        audio: [n_figures] standardised audio figures, NaN if unknown.
        stored: [2 * dim] float32, the stored vector.
        n_items: distinct artists and tracks: the evidence.
        closeness: mean cosine with the nearest of the cohort.
        own: raw sum with itself: what one's own library once more would have.
        chance: [n_components] what it has with a stranger on average, after the transforms; 0 if unknown.
        n_artists: distinct artists among `n_items`; None with a vector only.
    """

    bags: Mapping[str, WeighedBag]
    audio: Doubles
    stored: Floats
    n_items: int
    closeness: float = 0.0
    own: float = 0.0
    chance: Doubles = field(default_factory=lambda: np.zeros(len(COMPONENTS)))
    n_artists: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """Inputs of the components for n candidates, one row each.

    Attributes:
        stored: [n, 2 * dim] floats, stored vectors.
        overlaps: [n] float64 by kind, with the query.
        audio: [n, n_figures] float64, standardised, NaN if unknown.
        closeness: [n] float64, with the cohort.
    """

    stored: Doubles | Floats
    overlaps: Mapping[str, Doubles]
    audio: Doubles
    closeness: Doubles


@dataclass(frozen=True, slots=True)
class Component:
    """One summand of the score, before its weight.

    Attributes:
        values: [n] float64, for a query and n candidates; symmetric.
        bend: transforms values before weighting, given the ranker's softness; None for no transform.
        retrieves: whether candidates are retrieved by it.
        is_fitted: whether its weight is fitted to split halves.
        share_of: in place of fitting: another component, and the ratio of this one's weighted spread to it.
        has_floor: whether its weighted spread has a floor (`towers.training.ranker.LEAST_SHARE`).
        prior: weight if there are too few listeners to fit one.
    """

    values: Callable[[WeighedProfile, Columns], Doubles]
    bend: Callable[[Doubles, float], Doubles] | None = None
    retrieves: bool = True
    is_fitted: bool = True
    share_of: tuple[str, float] | None = None
    has_floor: bool = False
    prior: float = 0.0


def _normalised_cosines(me: WeighedProfile, them: Columns) -> Doubles:
    return cosines(me.stored, them.stored) - 0.5 * (me.closeness + them.closeness)


def _log_overlap(overlaps: Doubles, _: float) -> Doubles:
    """ln(1 + 0.5 overlap), because a library overlaps with itself a hundred times more than any other."""
    return np.asarray(np.log1p(_OVERLAP_SCALE * overlaps))


def _overlap(kind: str, _: WeighedProfile, candidates: Columns) -> Doubles:
    return candidates.overlaps[kind]


_OVERLAP_SCALE = 0.5
# not fitted: a fitted weight makes tags replace the artists that they derive from; it finds a person's other
# half slightly better, and friends much worse (docs/adr/0004)
TAGS_SHARE = 0.2

REGISTRY: Mapping[str, Component] = {
    "towers": Component(_normalised_cosines, bend=softplus, prior=1.0),
    "artists": Component(partial(_overlap, "artists"), bend=_log_overlap, has_floor=True, prior=0.1),
    "tracks": Component(partial(_overlap, "tracks"), bend=_log_overlap, has_floor=True, prior=0.1),
    "tags": Component(
        partial(_overlap, "tags"), bend=_log_overlap, is_fitted=False, share_of=("artists", TAGS_SHARE)
    ),
    "audio": Component(lambda me, them: audio_similarity(me.audio, them.audio), retrieves=False),
}
COMPONENTS: tuple[str, ...] = tuple(REGISTRY)  # order of the last axis of component arrays

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
        np.array([other.closeness]),
    )
    return dict(zip(COMPONENTS, gather_components(one, columns)[0].tolist(), strict=True))


def known_kinds(profile: WeighedProfile) -> Doubles:
    """[n_components] 1 for each component that a profile has data for, else 0."""
    norms = np.array([[profile.bags[kind].norm for kind in KINDS]])
    return np.asarray(known_of(norms, [not np.isnan(profile.audio).all()])[0])


def known_of(norms: Doubles, has_audio: ArrayLike) -> Doubles:
    """[n, n_components] the same of `norms` [n, n_kinds] of the bags and `has_audio` [n]."""
    known = np.ones((len(norms), len(COMPONENTS)))
    for place, kind in enumerate(KINDS):
        known[:, column(kind)] = norms[:, place] > 0
    known[:, column("audio")] = has_audio
    return known


def pair_chance(mine: Doubles, theirs: Doubles, known: Doubles) -> Doubles:
    """[..., n_components] chance of pairs: the mean of both sides', 0 where one has no data.

    `mine` and `theirs` are as in `WeighedProfile`; `known` is 1 where both have data.
    """
    return np.asarray(0.5 * (mine + theirs) * known)


def bend(values: Doubles, softness: float) -> Doubles:
    """Transform [..., n_components] components for weighting: softplus of cosines, log of overlaps."""
    bent = values.copy()
    for name, component in REGISTRY.items():
        if component.bend:
            bent[..., column(name)] = component.bend(values[..., column(name)], softness)
    return bent
