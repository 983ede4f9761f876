"""Playlists that Earshot created at Spotify, and for which listener."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from matcher.domain.digests import storable
from matcher.ports import KeptPlaylist
from storage.server.database import Database
from storage.sql.arrays import any_of
from storage.sql.schema import made_playlists
from storage.sql.text import row_id
from storage.sql.writing import upsert

_columns = made_playlists.c


@dataclass(frozen=True, slots=True)
class PostgresMadePlaylistStore:
    """`MadePlaylistStore` on PostgreSQL. Every method is one transaction."""

    database: Database

    def remember(self, listener_id: str, playlist_id: str, content_digest: str, now: datetime) -> None:
        row = upsert(
            made_playlists,
            listener_id=row_id(listener_id),
            playlist_id=storable(playlist_id),
            content_digest=content_digest,
            n_tracks=None,  # until `fill`, once all tracks are added
            made_at_utc=now,
        )
        self.database.write(row)

    def fill(self, listener_id: str, playlist_id: str, n_tracks: int) -> None:
        mine = (_columns.listener_id == row_id(listener_id), _columns.playlist_id == storable(playlist_id))
        self.database.write(update(made_playlists).where(*mine).values(n_tracks=n_tracks))

    def made_of(self, listener_id: str, content_digest: str) -> KeptPlaylist | None:
        mine = (_columns.listener_id == row_id(listener_id), _columns.content_digest == content_digest)
        query = select(_columns.playlist_id, _columns.n_tracks).where(*mine)
        latest = query.order_by(_columns.made_at_utc.desc(), _columns.playlist_id).limit(1)
        return next((KeptPlaylist(*row) for row in self.database.rows(latest)), None)

    def among(self, playlist_ids: Sequence[str]) -> frozenset[str]:
        # of all listeners: one may follow a playlist that Earshot created for another
        asked = any_of(map(storable, playlist_ids))
        query = select(_columns.playlist_id).where(_columns.playlist_id == asked)
        return frozenset(row.playlist_id for row in self.database.rows(query))

    def locked(self, listener_id: str) -> AbstractContextManager[None]:
        return self.database.locked(f"playlists:{listener_id}")
