"""Near pairs: artists of two listeners that lie close together although neither has the other's.

They say in names what the towers' part of a likeness is about. The towers' cosine does not split into pairs
of artists exactly (heads, unit length and bags of tags and tracks come in between), so no figure is given to
a pair. Artists are compared by the vectors that the towers give to a profile of that artist alone, as
discovery does; what the listener's artist adds to the likeness is measured by leaving it out
(`matcher.matching.service.MatchingService.effects`).
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from matcher.domain.vectors import query_of
from matcher.groups.access import Allowed
from matcher.groups.discovery import ItemSpace, Taste, item_affinity, strongest
from matcher.scoring.audio_similarity import Doubles
from matcher.scoring.overlap import ItemFrequencies

LOOKED_AT = 24  # artists of each listener that are compared, strongest first
LEAST_KNOWN = 3  # training listeners of an artist: of rarer ones the model has learned too little
NEAR = 0.6  # least cosine of two artists called near: of two at random, about one pair in a hundred has it


class NearPair(NamedTuple):
    """An artist of the listener who asks, and the nearest of the other's.

    Attributes:
        key, name: of the listener's artist.
        theirs: name of the other's artist; empty if they show none that is near.
    """

    key: str
    name: str
    theirs: str


def near_pairs(
    mine: Taste, theirs: Taste, space: ItemSpace, frequencies: ItemFrequencies, allowed: Allowed, top_n: int
) -> tuple[NearPair, ...]:
    """The artists of `mine` that bring the two closest, each with the nearest of `theirs`.

    Shared artists are left out. `allowed` says which of the other's artists may be named.
    """
    own = _known(strongest(mine.profile, "artists", LOOKED_AT, theirs.profile.artists), frequencies)
    others = _known(strongest(theirs.profile, "artists", LOOKED_AT, mine.profile.artists), frequencies)
    others = [key for key in others if allowed(theirs.listener_id, "artists", key)]
    near = [own[row] for row in np.argsort(-_pull(mine, theirs, own, space), kind="stable")[:top_n]]
    pairs = _apart(_cosines(near, others, space))
    return tuple(
        NearPair(key, _name(mine, key), _name(theirs, others[pairs[row]]) if row in pairs else "")
        for row, key in enumerate(near)
    )


def _pull(mine: Taste, theirs: Taste, own: Sequence[str], space: ItemSpace) -> Doubles:
    """[n] how much each artist of `mine` raises the cosine of the two, to first order, up to a factor.

    Of a unit vector x that is a sum of items v, d(x·y) is proportional to v·y - (x·y)(v·x).
    """
    cosine = float(mine.stored.astype(np.float64) @ query_of(theirs.stored).astype(np.float64))
    to_them, to_me = (item_affinity(one, own, "artists", space, mine.profile) for one in (theirs, mine))
    return to_them - cosine * to_me


def _known(keys: Sequence[str], frequencies: ItemFrequencies) -> list[str]:
    counts = frequencies.counts.get("artists", {})
    return [key for key in keys if counts.get(key, 0) >= LEAST_KNOWN]


def _cosines(own: Sequence[str], others: Sequence[str], space: ItemSpace) -> Doubles:
    """[n_own, n_others] towers' cosines of single artists."""
    rows, columns = (space.vectors([(key, "") for key in keys]) for keys in (own, others))
    return np.asarray(rows.astype(np.float64) @ query_of(columns).astype(np.float64).T)


def _apart(cosines: Doubles) -> dict[int, int]:
    """Column of each row with a near one; nearest pairs first, each column once."""
    found: dict[int, int] = {}
    for place in np.argsort(-cosines, axis=None, kind="stable"):
        row, column = (int(at) for at in np.unravel_index(place, cosines.shape))
        if cosines[row, column] >= NEAR and row not in found and column not in found.values():
            found[row] = column
    return found


def _name(taste: Taste, key: str) -> str:
    return taste.profile.names.get(key, key)
