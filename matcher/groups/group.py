"""Compare a group of listeners: similarity of pairs, shared items, outliers."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from matcher.domain.calibration import Band, Percent
from matcher.domain.canonical_keys import artist_of
from matcher.domain.profile import ListenerProfile
from matcher.groups.access import Allowed
from matcher.pipeline import Pipeline
from matcher.scoring.components import WeighedProfile

FEWEST, MOST = 3, 10  # size of a group
MOST_SHARED = 50  # shared items of each kind
_APART = 1.5  # an outlier's mean score is this many standard deviations below the average

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True, eq=False)
class Member:
    """A group member with what scoring needs."""

    listener_id: str
    alias: str
    profile: ListenerProfile
    weighed: WeighedProfile


@dataclass(frozen=True, slots=True)
class Nearness:
    """Similarity of two members: symmetric score in (-1, 1), calibrated percent."""

    score: float
    percent: Percent


@dataclass(frozen=True, slots=True)
class Common:
    """An artist, track or tag that several members show.

    Attributes:
        key: canonical key.
        name: as written in the library of the first member who has a name for it; otherwise the key.
        artist: for a track, its artist's name, or else that artist's key; '' for other items.
        member_ids: at least two, in the group's order.
    """

    key: str
    name: str
    artist: str
    member_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """What the viewer may see of a group.

    Attributes:
        member_ids: in the order requested.
        pairs: similarity of pairs that may be shown exactly; ids in the group's order.
        bands: similarity bands of all other pairs.
        artists, tracks, tags: shared items; those of most members first, then the rarest.
        nearest: the pair with the highest score in `pairs`; None if there are none.
        apart: ids of outliers, who are unlike the others; empty unless every pair is in `pairs`,
            because they follow from exact scores.
    """

    member_ids: tuple[str, ...]
    aliases: Mapping[str, str]
    pairs: Mapping[Pair, Nearness]
    bands: Mapping[Pair, Band]
    artists: tuple[Common, ...]
    tracks: tuple[Common, ...]
    tags: tuple[Common, ...]
    nearest: Pair | None
    apart: tuple[str, ...]


def look_at(
    members: Sequence[Member], model: Pipeline, allowed: Allowed, told: Collection[frozenset[str]]
) -> Group:
    """Compare the members of a group, in their order.

    `allowed` says which items may be seen. `told` holds pairs of ids whose similarity may be shown exactly;
    others are shown as a band.
    """
    near = {
        (one.listener_id, other.listener_id): _nearness(one, other, model)
        for one, other in combinations(members, 2)
    }
    pairs = {pair: value for pair, value in near.items() if frozenset(pair) in told}
    return Group(
        member_ids=tuple(one.listener_id for one in members),
        aliases={one.listener_id: one.alias for one in members},
        pairs=pairs,
        bands={pair: value.percent.band for pair, value in near.items() if pair not in pairs},
        artists=in_common(members, "artists", model, allowed),
        tracks=in_common(members, "tracks", model, allowed),
        tags=in_common(members, "tags", model, allowed),
        nearest=max(pairs, key=lambda pair: pairs[pair].score, default=None),
        apart=_apart(members, pairs) if len(pairs) == len(near) else (),
    )


def in_common(
    members: Sequence[Member], kind: str, model: Pipeline, allowed: Allowed, most: int = MOST_SHARED
) -> tuple[Common, ...]:
    """Items of at least two members: most members first, then the rarest, then by key.

    `kind` is "artists", "tracks" or "tags"; `allowed` says which items may be seen; `most` limits the result.
    """
    found: dict[str, list[Member]] = {}
    for member in members:
        for key in getattr(member.profile, kind):
            if allowed(member.listener_id, kind, key):
                found.setdefault(key, []).append(member)
    idf = model.ranker.frequencies.idf
    shared = sorted(
        (key for key in found if len(found[key]) > 1),
        key=lambda key: (-len(found[key]), -idf(kind, key), key),
    )
    return tuple(_common(key, found[key], kind) for key in shared[:most])


def _common(key: str, owners: Sequence[Member], kind: str) -> Common:
    names = {name: one for owner in reversed(owners) for name, one in owner.profile.names.items()}
    artist = artist_of(key) if kind == "tracks" else ""
    return Common(
        key, names.get(key, key), names.get(artist, artist), tuple(one.listener_id for one in owners)
    )


def _nearness(one: Member, other: Member, model: Pipeline) -> Nearness:
    score = model.ranker.score(one.weighed, other.weighed)
    percent = model.calibration.percent(score, one.weighed.n_items, other.weighed.n_items)
    return Nearness(score, percent)


def _apart(members: Sequence[Member], pairs: Mapping[Pair, Nearness]) -> tuple[str, ...]:
    ids = [one.listener_id for one in members]
    means = np.array([np.mean([near.score for pair, near in pairs.items() if key in pair]) for key in ids])
    spread = means.std()
    if spread < 1e-9:
        return ()
    return tuple(key for key, mean in zip(ids, means, strict=True) if mean < means.mean() - _APART * spread)
