"""Knowing under which id an artist or a track can be opened."""

from collections.abc import Collection, Mapping
from typing import Protocol

ARTIST, TRACK = "artist", "track"
"""What an id names, as Spotify's addresses call it."""

ItemKey = tuple[str, str]
"""`ARTIST` or `TRACK`, and the canonical key."""


class ItemIdStore(Protocol):
    """Spotify's ids of artists and tracks from imported tables; nothing of it is about listeners.

    Raises:
        StorageUnreachable: from any method, when the database does not answer.
    """

    def keep_ids(self, ids: Mapping[ItemKey, str]) -> None:
        """Keep ids, in place of earlier ones of the same items."""
        ...

    def ids_of(self, items: Collection[ItemKey]) -> Mapping[ItemKey, str]:
        """The ids of those items that have one."""
        ...
