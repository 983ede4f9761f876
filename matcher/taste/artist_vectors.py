"""Artists of one listener as vectors: each as a profile of its own, which is embedded only once."""

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256

import numpy as np

from matcher.domain.library import Library
from matcher.domain.profile import Item, ListenerProfile, restrict
from matcher.domain.vectors import Floats
from matcher.ports import Embedder


class ArtistVectors:
    """Makes vectors of a listener's artists, and remembers those it made last.

    An artist's vector rests on nothing but what is heard of that artist: what is left out of others leaves it
    as it is. It may be shared between threads.
    """

    def __init__(self) -> None:
        self._known: Mapping[bytes, Floats] = {}

    def of(self, library: Library, artists: Sequence[Sequence[Item]], embedder: Embedder) -> Floats:
        """The stored vector of each artist's profile: [n_artists, 2 * dim] float32, in their order.

        Args:
            library: whose.
            artists: the items of each artist, of one artist at least.
            embedder: makes vectors of those that were not made the last time, from the very same by the same
                model.
        """
        contents = [_content(library, items, embedder.model_version) for items in artists]
        known = self._known
        new = {key: items for key, items in zip(contents, artists, strict=True) if key not in known}
        if new:
            made = embedder.embed([_alone(library, items) for items in new.values()]).stored
            known = {**known, **{key: row.copy() for key, row in zip(new, made, strict=True)}}
        self._known = {key: known[key] for key in contents}
        return np.array([known[key] for key in contents])


def _content(library: Library, items: Sequence[Item], model_version: str) -> bytes:
    """A digest of all that `_alone` makes a profile of, tags in their order, and of the model."""
    artist = items[0].artist
    tags, sounds = library.artist_tags.get(artist, {}), library.attributes
    heard = [
        (one.track, one.plays, one.facet, one.decade, dict(sounds[one.track].values))
        if one.track in sounds
        else (one.track, one.plays, one.facet, one.decade)
        for one in items
    ]
    content = (model_version, library.source, artist, dict(tags), heard)
    return sha256(json.dumps(content).encode()).digest()


def _alone(library: Library, items: Sequence[Item]) -> ListenerProfile:
    """The profile of one artist: without playlists, whose names would tell groups by themselves."""
    bare = ListenerProfile(library.listener_id, library.source)
    return restrict(bare, items, library.artist_tags, library.attributes)
