"""Discovery: what of another's music a listener would like and does not have.

How much it appeals is a sum of three standardised figures (centre 0, spread 1 over what is on offer):

    nearness + ¼ · strength + ½ · commonness

Nearness is the towers' cosine of the listener with one who would hear nothing but that item; strength is how
much the other hears it; commonness is how many training listeners have it (minus its idf). Nearness alone
prefers the rarest things, of which few are ever liked. The weights come from held-out halves of listeners
(docs/results/discovery.md); `surprise` takes commonness out of the sum, and then against it.
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
MOST_OFFERED = 200
"""Items of the other that are looked at, those they hear most."""


def everything(owner_id: str, kind: str, key: str) -> bool:
    """Allows everything: for one's own eyes, and for measuring."""
    return True


@dataclass(frozen=True, slots=True, eq=False)
class Taste:
    """A listener as discovery sees them.

    Attributes:
        listener_id: our id.
        profile: what they hear.
        stored: [2 * dim] float32, the stored vector under the model that is asked.
    """

    listener_id: str
    profile: ListenerProfile
    stored: Floats


@dataclass(frozen=True, slots=True)
class Find:
    """Something the other has and the listener has not.

    Attributes:
        key: canonical key.
        name: as the other wrote it; the key where they did not.
        artist: for a track, its artist as written; empty otherwise, or where unknown.
        appeal: how much the listener would like it, among what is on offer: centre 0; for ordering only.
        nearness: the towers' cosine with the listener, in [-1, 1].
        n_listeners: training listeners who have it; 0 for what was never seen.
    """

    key: str
    name: str
    artist: str
    appeal: float
    nearness: float
    n_listeners: int


class ItemSpace:
    """Where single artists and tracks lie in the shared space. It may be shared between threads.

    Args:
        embedder: of the model in service.
        most: items whose vectors are remembered; when they are reached, all are forgotten.
    """

    def __init__(self, embedder: Embedder, most: int = 20_000) -> None:
        self._embedder, self._most = embedder, most
        self._known: dict[tuple[str, str], Floats] = {}
        self._lock = threading.Lock()

    @property
    def model_version(self) -> str:
        """The model that the vectors are of."""
        return self._embedder.model_version

    def vectors(self, items: Sequence[tuple[str, str]]) -> Floats:
        """[n, 2 * dim] float32: stored vectors of listeners who hear one (artist key, track key) each."""
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
    """What the other has that I would like and do not have, the most appealing first, ties by key.

    Args:
        mine: who asks.
        theirs: whose music is looked through.
        space: of the model both vectors are of.
        frequencies: how common items are.
        kind: "artists" or "tracks".
        top_n: how many at most; 0 or fewer give none.
        allowed: what of the other's may be seen.
        surprise: from 0 (what most would like) to 1 (the less known, the better).

    Raises:
        ValueError: another kind, or a surprise outside [0, 1].
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
    """[n] float64: how much each item on offer appeals; centre 0.

    Args:
        near: [n] the towers' cosine.
        strength: [n] how much its owner hears it.
        rare: [n] its idf.
        surprise: in [0, 1]; at ½ commonness counts nothing, at 1 it counts against.
    """
    common = COMMONNESS * (2.0 * surprise - 1.0)
    return _standard(near) + STRENGTH * _standard(strength) + common * _standard(rare)


def item_affinity(
    taste: Taste, keys: Sequence[str], kind: str, space: ItemSpace, owner: ListenerProfile
) -> Doubles:
    """[n] float64 in [-1, 1]: the towers' cosine of a listener with each item of an owner's profile."""
    if not keys:
        return np.zeros(0)
    artists = owner.track_artists if kind == "tracks" else {}
    items = [(artists.get(key, artist_of(key)), key) if artists else (key, "") for key in keys]
    vectors = space.vectors(items).astype(np.float64)
    return np.asarray(np.clip(vectors @ query_of(taste.stored).astype(np.float64), -1.0, 1.0))


def rarity(keys: Sequence[str], kind: str, frequencies: ItemFrequencies) -> Doubles:
    """[n] float64 > 0: idf of each item."""
    return np.array([frequencies.idf(kind, key) for key in keys])


def strongest(profile: ListenerProfile, kind: str, most: int, without: Mapping[str, float]) -> list[str]:
    """Keys that a profile hears most, ties by key, leaving out those in `without`."""
    bag: Mapping[str, float] = getattr(profile, kind)
    return sorted((key for key in bag if key not in without), key=lambda key: (-bag[key], key))[:most]


def artist_name(profile: ListenerProfile, track: str) -> str:
    """A track's artist as written; empty where unknown."""
    artist = artist_of(track) or profile.track_artists.get(track, "")
    return profile.names.get(artist, "" if artist.startswith("#") else artist)


def _standard(values: Doubles) -> Doubles:
    spread = values.std() if len(values) else 0.0
    return (values - values.mean()) / spread if spread > 1e-12 else np.zeros(len(values))
