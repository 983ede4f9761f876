"""Packed rows: compact weighed profiles, to rank hundreds of candidates at once.

A packed row holds the digest (64 bits, of kind and canonical key) and the weight of each item, but no name.
The query knows its own keys, so one pass over arrays finds what it shares with hundreds of candidates,
without parsing profiles. Weights contain the idf, so a packed row belongs to a model version, as a vector
does.

Weights and norms are float32, audio figures and vectors half precision. The query is rounded in the same way
(`as_packed`), which keeps scores symmetric.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from matcher.domain.digests import digest_of
from matcher.domain.vectors import Floats, to_half
from matcher.scoring.audio_similarity import Doubles
from matcher.scoring.candidates import Rows
from matcher.scoring.components import (
    COMPONENTS,
    Columns,
    WeighedProfile,
    gather_components,
    known_kinds,
    known_of,
    pair_chance,
)
from matcher.scoring.overlap import KINDS, NORM_POWER, WeighedBag
from matcher.scoring.preview import front_of
from matcher.scoring.ranker import Ranker

N_RARE_ITEMS = 64  # items that retrieval uses, at most; the ranking uses all

FOUND_BY = ("artists", "tracks")  # kinds that retrieval uses; tags are too common

_COUNTS = ("n_keys", "n_tags", "n_items", "n_figures")
_FIGURES = [("norms", "<f4", (len(KINDS),)), ("scale", "<f4", (2 + len(COMPONENTS),))]
# norms in the order of `KINDS`; scale: closeness, own, then chance
HEADER = np.dtype([("mark", "S4"), *((name, "<u4") for name in _COUNTS), *_FIGURES])

MARK = b"EW05"  # first bytes of a packed row; change with format or key rules. Other formats count as `BARE`

FAINT = 0.1
"""Items of a weight below this share of their idf hardly count: 0.4 % of those of Last.fm-2k, and noise."""

_N_ARTISTS = np.dtype("<u4")  # after the weights

_LOW_BITS = 2**16 - 1

Keys = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class PackedProfile:
    """A weighed profile as stored.

    Attributes:
        content: little-endian: header with `MARK`, audio figures, digests of the items (artists and tracks
            sorted, then tags sorted), their weights, number of artists, digests of the front.
        rare_items: at most `N_RARE_ITEMS` digests for retrieval, rarest first.
    """

    content: bytes
    rare_items: tuple[int, ...] = ()


BARE = PackedProfile(MARK + bytes(HEADER.itemsize - len(MARK)))  # a listener with a vector only


def as_packed(weighed: WeighedProfile) -> WeighedProfile:
    """Round a profile as packing does; its sum with itself is that of the whole profile."""
    bags = {kind: _rounded(bag) for kind, bag in weighed.bags.items()}
    audio = weighed.audio.astype(np.float16).astype(np.float64)
    closeness, own, *chance = _float32(scale_of(weighed))
    stored = to_half(weighed.stored)
    return replace(
        weighed, bags=bags, audio=audio, stored=stored, closeness=closeness, own=own, chance=np.array(chance)
    )


def scale_of(weighed: WeighedProfile) -> list[float]:
    """[2 + n_components] closeness, own, and chance of each component."""
    return [weighed.closeness, weighed.own, *weighed.chance.tolist()]


def items_of(weighed: WeighedProfile) -> frozenset[int]:
    """Digests of all artists and tracks, as in `PackedCandidates.items`."""
    return frozenset(digest_of(kind, key) for kind in FOUND_BY for key in weighed.bags[kind].weights)


def pack(weighed: WeighedProfile, ranker: Ranker) -> PackedProfile:
    """Pack a profile, with its rarest items for retrieval, ties by digest.

    The order is the same for everyone, so an item that is rare for two listeners is chosen by both.
    """
    digests = {(kind, key): digest_of(kind, key) for kind in KINDS for key in weighed.bags[kind].weights}
    pairs = [
        (digest, weighed.bags[kind].weights[key])
        for (kind, key), digest in sorted(digests.items(), key=lambda one: (one[0][0] == "tags", one[1]))
    ]
    content = write_content(
        audio=weighed.audio if not np.isnan(weighed.audio).all() else (),
        items=[digest for digest, _ in pairs],
        weights=[weight for _, weight in pairs],
        n_tags=len(weighed.bags["tags"].weights),
        norms=[weighed.bags[kind].norm for kind in KINDS],
        n_items=weighed.n_items,
        n_artists=weighed.n_artists,
        front=[digest_of(kind, key) for kind, keys in front_of(weighed.bags).items() for key in keys],
        scale=scale_of(weighed),
    )
    return PackedProfile(content, rarest(weighed, ranker)[:N_RARE_ITEMS])


def write_content(
    *,
    audio: ArrayLike,
    items: ArrayLike,
    weights: ArrayLike,
    n_tags: int,
    norms: Sequence[float],
    n_items: int,
    n_artists: int | None,
    front: ArrayLike,
    scale: Sequence[float],
) -> bytes:
    """Content of a packed row; the only writer of its layout.

    Args:
        audio: [n_figures] standardised, or empty if unknown.
        items: [n_keys] digests, artists and tracks sorted, then tags sorted.
        weights: [n_keys] of the items.
        n_tags: number of tags among the items.
        norms: of the bags, in the order of `KINDS`.
        n_items: artists and tracks of the whole profile.
        n_artists: among `n_items`; None omits it and the front, as in `BARE`.
        front: digests of the front (see `matcher.scoring.preview`).
        scale: closeness, own, and chance of each component, as in `WeighedProfile`.
    """
    figures, keys = np.asarray(audio, "<f2"), np.asarray(items, "<i8")
    counts = (len(keys), n_tags, n_items, len(figures))
    header = np.array((MARK, *counts, tuple(norms), tuple(scale)), HEADER)
    ending = () if n_artists is None else (np.array(n_artists, _N_ARTISTS), np.asarray(front, "<i8"))
    return b"".join(part.tobytes() for part in (header, figures, keys, np.asarray(weights, "<f4"), *ending))


def read_items(content: bytes) -> Keys:
    """Digests of all artists and tracks in a packed row; none in another format."""
    if not content.startswith(MARK):
        return np.zeros(0, np.int64)
    return _items_in(content, np.frombuffer(content, HEADER, 1)[0])


def _items_in(content: bytes, header: np.void) -> Keys:
    start = HEADER.itemsize + 2 * int(header["n_figures"])
    return np.frombuffer(content, "<i8", int(header["n_keys"]) - int(header["n_tags"]), start)


def rarest(weighed: WeighedProfile, ranker: Ranker) -> tuple[int, ...]:
    """Digests of all artists and tracks, rarest first, ties by digest; faint ones last.

    Else two hundred tracks of rain, which few others have, would be all that somebody is found by.
    """
    found = []
    for kind in FOUND_BY:
        for key, weight in weighed.bags[kind].weights.items():
            idf = ranker.frequencies.idf(kind, key)
            found.append((weight < FAINT * idf, -idf, digest_of(kind, key)))
    return tuple(digest for _, _, digest in sorted(found))


class PackedCandidates:
    """Stored candidates of one query.

    `stored` is [n, 2 * dim] float32; it and `contents` (packed rows; unreadable formats count as `BARE`) have
    the order of `ids`. `mine` is the query, rounded by `as_packed`.

    Raises:
        ValueError: the lengths differ, or a content is cut short.
    """

    def __init__(
        self, ids: Sequence[str], stored: Floats, contents: Sequence[bytes], mine: WeighedProfile
    ) -> None:
        if not len(ids) == len(stored) == len(contents):
            raise ValueError("every candidate needs an id, a vector and a profile")
        self.ids = tuple(ids)
        self._stored, self._mine = stored, mine
        self._contents = [one if one.startswith(MARK) else BARE.content for one in contents]
        self._headers = np.frombuffer(b"".join(one[: HEADER.itemsize] for one in self._contents), HEADER)

    def components(self) -> Doubles:
        """[n, n_components] float64: every component for every candidate."""
        closeness = self._scale[:, 0]
        overlaps = dict(zip(KINDS, self._overlaps().T, strict=True))
        return gather_components(self._mine, Columns(self._stored, overlaps, self._audio, closeness))

    def scores(self, ranker: Ranker) -> Doubles:
        """[n] float64 likeness of every candidate."""
        known = known_of(self._headers["norms"], self._headers["n_figures"] > 0) * known_kinds(self._mine)
        theirs = self._scale[:, 1]
        # a row with a vector only has no sum of its own: the query's stands in for it
        own = 0.5 * (self._mine.own + np.where(theirs > 0, theirs, self._mine.own))
        chance = pair_chance(self._mine.chance, self._scale[:, 2:], known)
        return ranker.scores(self.components(), chance, own)

    @cached_property
    def _scale(self) -> Doubles:
        return self._headers["scale"].astype(np.float64)

    def items(self, row: int) -> frozenset[int]:
        """Digests of all artists and tracks of a candidate, for near-duplicates."""
        return frozenset(_items_in(self._contents[row], self._headers[row]).tolist())

    def profile(self, row: int) -> WeighedProfile:
        """A candidate's profile with shared items only, and the norms of all items.

        Its overlap with the query equals that of the whole profile.
        """
        first, last = np.searchsorted(self._hits.rows, [row, row + 1])
        bags: dict[str, dict[str, float]] = {kind: {} for kind in KINDS}
        for place, weight in zip(
            self._hits.places[first:last].tolist(), self._hits.weights[first:last].tolist(), strict=True
        ):
            kind, key = self._mine_sorted.items[place]
            bags[kind][key] = weight
        norms = self._headers["norms"][row].tolist()
        return WeighedProfile(
            bags={kind: WeighedBag(bags[kind], norm) for kind, norm in zip(KINDS, norms, strict=True)},
            audio=self._audio[row],
            stored=self._stored[row],
            n_items=int(self._headers["n_items"][row]),
            closeness=float(self._scale[row, 0]),
            own=float(self._scale[row, 1]),
            chance=self._scale[row, 2:],
            n_artists=self._n_artists(row),
        )

    def front(self, row: int) -> tuple[int, ...]:
        """Digests of a candidate's front (see `matcher.scoring.preview`), shared or not."""
        return tuple(np.frombuffer(self._ending(row)[_N_ARTISTS.itemsize :], "<i8").tolist())

    def _n_artists(self, row: int) -> int | None:
        found = self._ending(row)[: _N_ARTISTS.itemsize]
        return int(np.frombuffer(found, _N_ARTISTS)[0]) if found else None

    def _ending(self, row: int) -> bytes:
        header = self._headers[row]
        start = HEADER.itemsize + 2 * int(header["n_figures"]) + 12 * int(header["n_keys"])
        return self._contents[row][start:]

    @cached_property
    def _mine_sorted(self) -> "_Mine":
        return _Mine.of(self._mine.bags)

    @cached_property
    def _audio(self) -> Doubles:
        """[n, n_figures] float64, NaN if unknown."""
        found = np.full((len(self.ids), len(self._mine.audio)), np.nan)
        known = np.flatnonzero(self._headers["n_figures"])
        end = HEADER.itemsize + 2 * found.shape[1]
        figures = b"".join(self._contents[row][HEADER.itemsize : end] for row in known.tolist())
        found[known] = np.frombuffer(figures, "<f2").reshape(len(known), found.shape[1])
        return found

    @cached_property
    def _hits(self) -> "_Hits":
        """Items shared with the query, sorted by candidate row."""
        n_keys = self._headers["n_keys"].astype(np.int64)
        starts = HEADER.itemsize + 2 * self._headers["n_figures"].astype(np.int64)
        spans = list(zip(self._contents, starts.tolist(), n_keys.tolist(), strict=True))
        keys = np.frombuffer(b"".join(one[start : start + 8 * n] for one, start, n in spans), "<i8")
        weights = np.frombuffer(
            b"".join(one[start + 8 * n : start + 12 * n] for one, start, n in spans), "<f4"
        )
        places = self._mine_sorted.find(keys)
        shared = np.flatnonzero(places >= 0)
        rows = np.repeat(np.arange(len(spans)), n_keys)[shared]
        return _Hits(rows, places[shared], weights[shared].astype(np.float64))

    def _overlaps(self) -> Doubles:
        """[n, n_kinds] float64: overlap with every candidate, by kind."""
        hits, mine, n = self._hits, self._mine_sorted, len(self.ids)
        cells = hits.rows * len(KINDS) + mine.kinds[hits.places]
        products = hits.weights * mine.weights[hits.places]
        sums = np.bincount(cells, weights=products, minlength=n * len(KINDS)).reshape(n, len(KINDS))
        norms = self._headers["norms"].astype(np.float64) * [self._mine.bags[kind].norm for kind in KINDS]
        return np.asarray(sums / np.where(norms > 0, norms, 1.0) ** NORM_POWER)


@dataclass(frozen=True, slots=True, eq=False)
class _Hits:
    """Shared items: candidate row (sorted), index in the query's items, weight."""

    rows: Rows
    places: Rows
    weights: Doubles


@dataclass(frozen=True, eq=False)
class _Mine:
    """The query's items, sorted by digest."""

    items: tuple[tuple[str, str], ...]
    digests: Keys
    kinds: Rows
    weights: Doubles

    @classmethod
    def of(cls, bags: Mapping[str, WeighedBag]) -> "_Mine":
        rows = sorted(
            (digest_of(kind, key), KINDS.index(kind), key, weight)
            for kind in KINDS
            for key, weight in bags[kind].weights.items()
        )
        return cls(
            tuple((KINDS[kind], key) for _, kind, key, _ in rows),
            np.array([digest for digest, *_ in rows], np.int64),
            np.array([kind for _, kind, *_ in rows], np.int64),
            np.array([weight for *_, weight in rows], np.float64),
        )

    def find(self, keys: Keys) -> Rows:
        """[n] index of each digest among the query's items; -1 if absent."""
        found = np.full(len(keys), -1)
        likely = np.flatnonzero(self._low_bits[keys & _LOW_BITS])
        places = np.searchsorted(self.digests, keys[likely])
        places = np.minimum(places, len(self.digests) - 1)
        mine = self.digests[places] == keys[likely]
        found[likely[mine]] = places[mine]
        return found

    @cached_property
    def _low_bits(self) -> NDArray[np.bool_]:
        """Filter by low bits of the query's digests: rejects most others at once."""
        marks = np.zeros(_LOW_BITS + 1, bool)
        marks[self.digests & _LOW_BITS] = True
        return marks


def _rounded(bag: WeighedBag) -> WeighedBag:
    weights = dict(zip(bag.weights, _float32(list(bag.weights.values())), strict=True))
    return WeighedBag(weights, _float32([bag.norm])[0])


def _float32(values: Sequence[float]) -> list[float]:
    return [float(value) for value in np.array(values, np.float32)]
