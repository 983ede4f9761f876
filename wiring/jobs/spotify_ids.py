"""Spotify's ids of artists and tracks in listening, by canonical key."""

import re
from collections.abc import Iterable

from matcher.domain.canonical_keys import keys_of
from matcher.domain.listening import Listening, once_each
from matcher.ports import ARTIST, TRACK, ItemKey

_SPOTIFY_ID = re.compile(r"[0-9A-Za-z]{22}")  # other catalogues: a UUID, a number, a file's name


def spotify_ids_in(listenings: Iterable[Listening]) -> dict[ItemKey, str]:
    """First Spotify id of each artist and track; ids of other catalogues are skipped."""
    found: dict[ItemKey, str] = {}
    seen: set[tuple[str, str]] = set()
    for listening in listenings:
        for one in once_each(listening.hearings):
            ids = (one.artist_id, one.track_id)
            if ids in seen:
                continue
            seen.add(ids)
            for kind, key, spotify_id in zip((ARTIST, TRACK), keys_of(one), ids, strict=True):
                if key and _SPOTIFY_ID.fullmatch(spotify_id):
                    found.setdefault((kind, key), spotify_id)
    return found
