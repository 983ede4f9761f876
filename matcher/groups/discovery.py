"""Discovery: items that another listener has and this one would like.

The appeal of an item is a sum of three features, each standardised over the items on offer (mean 0, standard
deviation 1):

    affinity + ¼ · strength + ½ · commonness

Affinity is the towers' cosine between the listener and a profile of that item alone. Strength is how much the
other hears it. Commonness is minus its idf. Affinity alone prefers the rarest items, which are seldom liked.
The weights come from held-out halves of listeners (docs/results/discovery.md); `surprise` lowers the
weight of commonness, from ½ to -½.
"""

import math
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from matcher.domain.canonical_keys import artist_of
from matcher.domain.listening import Part, Source
from matcher.domain.profile import Facet, Item, ListenerProfile
from matcher.domain.vectors import Floats, query_of
from matcher.groups.access import Allowed
from matcher.ports import Embedder
from matcher.scoring.audio_similarity import Doubles
from matcher.scoring.overlap import ItemFrequencies

STRENGTH, COMMONNESS = 0.25, 0.5
MOST_OFFERED = 200  # items of the other to score, strongest first


def everything(owner_id: str, kind: str, key: str) -> bool:
    """Allow everything: for one's own data, and for benchmarks."""
    return True


@dataclass(frozen=True, slots=True, eq=False)
class Taste:
    """A listener's profile and vector."""

    listener_id: str
    profile: ListenerProfile
    stored: Floats  # [2 * dim] float32, the stored vector of the model in use


@dataclass(frozen=True, slots=True)
class Find:
    """An item that the other has and the listener does not.

    Attributes:
        key: canonical key.
        name: as the other wrote it, or else the key.
        artist: of a track, as written; '' for artists and if unknown.
        appeal: mean 0 over the items on offer; for sorting only.
        nearness: affinity, the towers' cosine with the listener, in [-1, 1].
        n_listeners: training listeners who have it; 0 if not in training.
    """

    key: str
    name: str
    artist: str
    appeal: float
    nearness: float
    n_listeners: int


class ItemSpace:
    """Cached embeddings of single artists and tracks. Thread-safe.

    The cache is emptied when it holds `most` items.
    """

    def __init__(self, embedder: Embedder, most: int = 20_000) -> None:
        self._embedder, self._most = embedder, most
        self._known: dict[tuple[str, str], Floats] = {}
        self._lock = threading.Lock()

    @property
    def model_version(self) -> str:
        """Version of the model that the vectors are of."""
        return self._embedder.model_version

    def vectors(self, items: Sequence[tuple[str, str]]) -> Floats:
        """Embed (artist key, track key) pairs as one-item profiles: [n, 2 * dim] float32."""
        with self._lock:
            known = {one: self._known[one] for one in items if one in self._known}
        fresh = [one for one in dict.fromkeys(items) if one not in known]
        rows = self._embedder.embed([_hearing_only(*one) for one in fresh]).stored
        known.update(zip(fresh, rows, strict=True))
        with self._lock:
            if len(self._known) + len(fresh) > self._most:
                self._known.clear()
            self._known.update(zip(fresh, rows, strict=True))
        return np.array([known[one] for one in items], np.float32).reshape(-1, 2 * self._embedder.dim)


def _hearing_only(artist: str, track: str) -> ListenerProfile:
    return ListenerProfile("", Source.TABLE, (Item(artist, track, 1.0, "one"),), {"one": Facet(Part.SAVED)})


def discover(
    mine: Taste,
    theirs: Taste,
    space: ItemSpace,
    frequencies: ItemFrequencies,
    kind: str = "artists",
    top_n: int = 20,
    allowed: Allowed = everything,
    surprise: float = 0.0,
) -> tuple[Find, ...]:
    """Items that the other has and the listener would like, most appealing first.

    Items that the listener has are left out. Ties are sorted by key. `kind` is "artists" or "tracks";
    `allowed` says which of the other's items may be seen; `surprise` runs from 0 (popular items first) to 1
    (rare items first). A `top_n` of 0 or less gives none.

    Raises:
        ValueError: `kind` is another, or `surprise` is outside [0, 1].
    """
    if kind not in ("artists", "tracks") or not 0.0 <= surprise <= 1.0:
        raise ValueError("artists or tracks can be discovered, with a surprise from 0 to 1")
    offered = [
        key
        for key in strongest(theirs.profile, kind, MOST_OFFERED, getattr(mine.profile, kind))
        if allowed(theirs.listener_id, kind, key)
    ]
    strength = np.array([math.log1p(getattr(theirs.profile, kind)[key]) for key in offered])
    near = item_affinity(mine, offered, kind, space, theirs.profile)
    appeals = appeal(near, strength, rarity(offered, kind, frequencies), surprise)
    order = sorted(range(len(offered)), key=lambda place: (-appeals[place], offered[place]))
    counts = frequencies.counts.get(kind, {})
    return tuple(
        Find(
            key=offered[place],
            name=theirs.profile.names.get(offered[place], offered[place]),
            artist=artist_name(theirs.profile, offered[place]) if kind == "tracks" else "",
            appeal=float(appeals[place]),
            nearness=float(near[place]),
            n_listeners=counts.get(offered[place], 0),
        )
        for place in order[: max(top_n, 0)]
    )


def appeal(near: Doubles, strength: Doubles, rare: Doubles, surprise: float = 0.0) -> Doubles:
    """Appeal of each item on offer: [n] float64, mean 0.

    Args:
        near: [n] the towers' cosine.
        strength: [n] how much its owner hears it.
        rare: [n] idf.
        surprise: in [0, 1]; at ½ commonness has no weight, above it a negative one.
    """
    common = COMMONNESS * (2.0 * surprise - 1.0)
    return _standard(near) + STRENGTH * _standard(strength) + common * _standard(rare)


def item_affinity(
    taste: Taste, keys: Sequence[str], kind: str, space: ItemSpace, owner: ListenerProfile
) -> Doubles:
    """The towers' cosine of a listener with items of `owner`: [n] float64 in [-1, 1]."""
    if not keys:
        return np.zeros(0)
    artists = owner.track_artists if kind == "tracks" else {}
    items = [(artists.get(key, artist_of(key)), key) if artists else (key, "") for key in keys]
    vectors = space.vectors(items).astype(np.float64)
    return np.asarray(np.clip(vectors @ query_of(taste.stored).astype(np.float64), -1.0, 1.0))


def rarity(keys: Sequence[str], kind: str, frequencies: ItemFrequencies) -> Doubles:
    """Idf of each item: [n] float64 > 0."""
    return np.array([frequencies.idf(kind, key) for key in keys])


def strongest(profile: ListenerProfile, kind: str, most: int, without: Mapping[str, float]) -> list[str]:
    """The strongest keys of a profile, ties by key, except those in `without`."""
    bag: Mapping[str, float] = getattr(profile, kind)
    return sorted((key for key in bag if key not in without), key=lambda key: (-bag[key], key))[:most]


def artist_name(profile: ListenerProfile, track: str) -> str:
    """A track's artist as written; '' if unknown."""
    artist = artist_of(track) or profile.track_artists.get(track, "")
    return profile.names.get(artist, "" if artist.startswith("#") else artist)


def _standard(values: Doubles) -> Doubles:
    spread = values.std() if len(values) else 0.0
    return (values - values.mean()) / spread if spread > 1e-12 else np.zeros(len(values))
