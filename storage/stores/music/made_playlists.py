"""Which playlists Earshot made for whom, in PostgreSQL."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Text, cast, func, select, update
from sqlalchemy.dialects.postgresql import ARRAY, insert

from matcher.domain.digests import storable
from matcher.ports import KeptPlaylist
from storage.server.database import Database
from storage.sql.schema import made_playlists
from storage.sql.text import row_id

_columns = made_playlists.c


@dataclass(frozen=True, slots=True)
class PostgresMadePlaylistStore:
    """The `MadePlaylistStore` on PostgreSQL. Every method is one transaction."""

    database: Database

    def remember(self, listener_id: str, playlist_id: str, content_digest: str, now: datetime) -> None:
        kept = {"content_digest": content_digest, "n_tracks": None, "made_at_utc": now}
        row = insert(made_playlists).values(
            listener_id=row_id(listener_id), playlist_id=storable(playlist_id), **kept
        )
        with self.database.transaction() as connection:
            connection.execute(
                row.on_conflict_do_update(index_elements=["listener_id", "playlist_id"], set_=kept)
            )

    def fill(self, listener_id: str, playlist_id: str, n_tracks: int) -> None:
        mine = (_columns.listener_id == row_id(listener_id), _columns.playlist_id == storable(playlist_id))
        with self.database.transaction() as connection:
            connection.execute(update(made_playlists).where(*mine).values(n_tracks=n_tracks))

    def made_of(self, listener_id: str, content_digest: str) -> KeptPlaylist | None:
        mine = (_columns.listener_id == row_id(listener_id), _columns.content_digest == content_digest)
        query = select(_columns.playlist_id, _columns.n_tracks).where(*mine)
        latest = query.order_by(_columns.made_at_utc.desc(), _columns.playlist_id).limit(1)
        with self.database.transaction() as connection:
            row = connection.execute(latest).one_or_none()
        return None if row is None else KeptPlaylist(row.playlist_id, row.n_tracks)

    def among(self, playlist_ids: Sequence[str]) -> frozenset[str]:
        asked = cast([storable(one) for one in playlist_ids], ARRAY(Text))
        query = select(_columns.playlist_id).where(_columns.playlist_id == func.any(asked))
        with self.database.transaction() as connection:
            return frozenset(connection.scalars(query))

    def locked(self, listener_id: str) -> AbstractContextManager[None]:
        return self.database.locked(f"playlists:{listener_id}")
