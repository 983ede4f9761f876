"""How rare a taste is among the listeners here: counts over a sample, never of few.

A listener may bring any library, and so ask about any artists. So a count below `LEAST` says nothing but
that, and nothing is told where fewer than `FEWEST` listeners can be found.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.domain.digests import digest_of
from matcher.domain.profile import ListenerProfile
from matcher.ports import PositionStore
from matcher.scoring.packed_candidates import read_items

MOST_SAMPLED = 3_000
FEWEST = 100  # listeners that can be found
LEAST = 8  # listeners with an artist, or with both: fewer are told as "fewer than", whoever they are
N_ODD, N_PAIRED = 50, 24  # strongest artists of one's own that are looked at
MOST_IN_100 = 20  # listeners with both of a pair: more are no rarity

Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Share:
    """A share of the listeners here: `in_100` of 100, rounded up, or fewer than that if `is_below`."""

    in_100: int
    is_below: bool


@dataclass(frozen=True, slots=True)
class OddCorner:
    """The artist of one's own that fewest others hear.

    Attributes:
        share_of_mine: of the listener's own listening, in (0, 1].
    """

    artist: str
    share_of_mine: float
    heard_by: Share


@dataclass(frozen=True, slots=True)
class RarePair:
    """Two artists of one's own that few others hear both of, though each is heard."""

    first: str
    second: str
    heard_by: Share


@dataclass(frozen=True, slots=True, eq=False)
class Heard:
    """What a sample of `n` listeners shows.

    Attributes:
        digests: of artists and tracks, sorted: a page asks for a few of a million.
        rows: who shows each, in their order.
    """

    n: int
    rows: Counts
    digests: Counts

    def __len__(self) -> int:
        return self.n

    @classmethod
    def of(cls, contents: Sequence[bytes]) -> "Heard":
        """From packed rows; those that show nothing are left out."""
        items = [one for one in map(read_items, contents) if len(one)]
        rows = np.repeat(np.arange(len(items)), [len(one) for one in items])
        digests = np.concatenate([np.zeros(0, np.int64), *items])
        order = np.argsort(digests, kind="stable")
        return cls(len(items), rows[order], digests[order])

    def together(self, digests: Sequence[int]) -> Counts:
        """[k, k] number of listeners with both items; on the diagonal, with one."""
        has = np.zeros((self.n, len(digests)), np.float32)  # counts are exact below 2^24, and BLAS is fast
        first, last = (np.searchsorted(self.digests, digests, side) for side in ("left", "right"))
        for place, (start, end) in enumerate(zip(first.tolist(), last.tolist(), strict=True)):
            has[self.rows[start:end], place] = 1
        return (has.T @ has).astype(np.int64)

    def share(self, n: int) -> Share:
        """Share of the sample that `n` are, as it may be told."""
        told = max(n, LEAST)
        return Share(-(-100 * told // self.n), is_below=n < LEAST)


def heard_in(store: PositionStore) -> Callable[[str], Heard]:
    """What a sample of a store's listeners shows, by model version."""
    return lambda model_version: Heard.of(store.sample_rows(model_version, MOST_SAMPLED))


def odd_corner(profile: ListenerProfile, heard: Heard) -> OddCorner | None:
    """The strong artist that fewest hear, ties to the strongest; None where nothing may be told."""
    artists = _strongest(profile, N_ODD)
    if len(heard) < FEWEST or not artists:
        return None
    counts = np.diagonal(heard.together([digest_of("artists", key) for key in artists]))
    # from `LEAST` downwards all are one, so that which is chosen does not tell whether anybody has it
    place = int(np.argmin(np.maximum(counts, LEAST)))
    key, total = artists[place], sum(profile.artists.values())
    share = heard.share(int(counts[place]))
    return OddCorner(profile.names[key], profile.artists[key] / total, share)


def rare_pair(profile: ListenerProfile, heard: Heard) -> RarePair | None:
    """The pair heard together least, compared with how often each is heard; None if none is rare.

    The measure is lift, as in association rules: n(both) · n / (n(one) · n(other)).
    """
    artists = _strongest(profile, N_PAIRED)
    if len(heard) < FEWEST or len(artists) < 2:
        return None
    counts = heard.together([digest_of("artists", key) for key in artists])
    both = np.maximum(counts, LEAST)
    one, other = np.triu_indices(len(artists), 1)
    alone = np.diagonal(both)
    known = np.minimum(alone[one], alone[other]) > LEAST
    rare = 100 * both[one, other] <= MOST_IN_100 * len(heard)
    if not (known & rare).any():
        return None
    lift = np.where(known & rare, both[one, other] / (alone[one] * alone[other]), np.inf)
    mine, theirs = (int(pair[np.argmin(lift)]) for pair in (one, other))
    names = profile.names[artists[mine]], profile.names[artists[theirs]]
    return RarePair(*names, heard.share(int(counts[mine, theirs])))


def _strongest(profile: ListenerProfile, n: int) -> list[str]:
    """Canonical keys of the strongest artists with a name, at most `n`."""
    ordered = sorted(profile.artists, key=lambda key: (-profile.artists[key], key))
    return [key for key in ordered if key in profile.names][:n]
