"""A group of listeners: how near each pair is, what they have in common, who stands apart."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from matcher.domain.calibration import Percent
from matcher.domain.canonical_keys import artist_of
from matcher.domain.consent import Band, band_of
from matcher.domain.profile import ListenerProfile
from matcher.groups.access import Allowed
from matcher.pipeline import Pipeline
from matcher.scoring.components import WeighedProfile

FEWEST, MOST = 3, 10
"""Members of a group."""
MOST_SHARED = 50
"""Things in common that are told of each kind."""
_APART = 1.5
"""A member whose mean score lies so many spreads below that of the others stands apart."""

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True, eq=False)
class Member:
    """One of a group, as scoring needs them.

    Attributes:
        listener_id: our id.
        alias: the name they are shown under.
        profile: what they hear.
        weighed: the same, ready for ranking.
    """

    listener_id: str
    alias: str
    profile: ListenerProfile
    weighed: WeighedProfile


@dataclass(frozen=True, slots=True)
class Nearness:
    """How near two members are.

    Attributes:
        score: in (-1, 1); the same from both sides.
        percent: what it means, with its interval.
    """

    score: float
    percent: Percent


@dataclass(frozen=True, slots=True)
class Common:
    """An artist, a track or a tag that several members hear, as far as they let it be seen.

    Attributes:
        key: canonical key.
        name: as the first of them wrote it; the key where nobody did.
        artist: for a track, its artist as written; empty otherwise.
        member_ids: who hears it, in the group's order, two at least.
    """

    key: str
    name: str
    artist: str
    member_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """What can be told about a group.

    Attributes:
        member_ids: in the order in which they were asked for.
        aliases: by member id.
        pairs: nearness of each pair that may be told to the point, by the two ids in the group's order.
        bands: of every other pair how near they are in a word, likewise.
        artists, tracks, tags: what several have in common, by most members first, then the rarest.
        nearest: of `pairs` the one with the highest score; None where there are none.
        apart: members who stand apart from the rest; only told where every pair may be.
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
    """Look at a group.

    Args:
        members: in the order to show them in.
        model: scores and calibrates.
        allowed: whether it may be seen that a member hears something.
        told: pairs of ids whose nearness may be told to the point; that of others is told in a word.
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
        bands={pair: band_of(value.percent.value) for pair, value in near.items() if pair not in pairs},
        artists=in_common(members, "artists", model, allowed),
        tracks=in_common(members, "tracks", model, allowed),
        tags=in_common(members, "tags", model, allowed),
        nearest=max(pairs, key=lambda pair: pairs[pair].score, default=None),
        apart=_apart(members, pairs) if len(pairs) == len(near) else (),
    )


def in_common(
    members: Sequence[Member], kind: str, model: Pipeline, allowed: Allowed, most: int = MOST_SHARED
) -> tuple[Common, ...]:
    """What at least two members hear: by most members first, then the rarest, then by key.

    Args:
        members: of the group.
        kind: "artists", "tracks" or "tags".
        model: knows how rare things are.
        allowed: whether it may be seen that a member hears something.
        most: how many at most.
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
    """Members whose mean score lies far below the mean of the members' means."""
    ids = [one.listener_id for one in members]
    means = np.array([np.mean([near.score for pair, near in pairs.items() if key in pair]) for key in ids])
    spread = means.std()
    if spread < 1e-9:
        return ()
    return tuple(key for key, mean in zip(ids, means, strict=True) if mean < means.mean() - _APART * spread)
