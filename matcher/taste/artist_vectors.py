"""Embeddings of one listener's artists, reused from call to call."""

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256

import numpy as np

from matcher.domain.library import Library
from matcher.domain.profile import Item, ListenerProfile, restrict
from matcher.domain.vectors import Floats
from matcher.ports import Embedder


class ArtistVectors:
    """Embeds the artists of a listener and caches the latest result. Thread-safe.

    An artist's vector depends on that artist's items only: excluding other artists leaves it valid.
    """

    def __init__(self) -> None:
        self._known: Mapping[bytes, Floats] = {}

    def of(self, library: Library, artists: Sequence[Sequence[Item]], embedder: Embedder) -> Floats:
        """Embed each artist as a profile of its own: [n_artists, 2 * dim] float32.

        `artists` holds the items of each artist, at least one. Rows follow its order.
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
    """Cache key: a digest of the model version and of all that `_alone` uses."""
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
    # without facets: playlist names would separate clusters by themselves
    bare = ListenerProfile(library.listener_id, library.source)
    return restrict(bare, items, library.artist_tags, library.attributes)
