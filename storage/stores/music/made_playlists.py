"""Which playlists Earshot made for whom, in PostgreSQL."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Text, cast, func, select, update
from sqlalchemy.dialects.postgresql import ARRAY, insert

from matcher.ports import KeptPlaylist
from storage.server.database import Database
from storage.sql.schema import made_playlists
from storage.sql.text import row_id, storable

_columns = made_playlists.c


@dataclass(frozen=True, slots=True)
class PostgresMadePlaylistStore:
    """The `MadePlaylistStore` on PostgreSQL. Every method is one transaction."""

    database: Database

    def remember(self, listener_id: str, playlist_id: str, content_digest: str, now: datetime) -> None:
        """Remember a playlist that was made just now, with nothing in it yet.

        Raises:
            UnknownListener: the listener has been erased meanwhile.
            StorageUnreachable: the database does not answer.
        """
        kept = {"content_digest": content_digest, "n_tracks": None, "made_at_utc": now}
        row = insert(made_playlists).values(
            listener_id=row_id(listener_id), playlist_id=storable(playlist_id), **kept
        )
        with self.database.transaction() as connection:
            connection.execute(
                row.on_conflict_do_update(index_elements=["listener_id", "playlist_id"], set_=kept)
            )

    def fill(self, listener_id: str, playlist_id: str, n_tracks: int) -> None:
        """Note how many tracks were put into it.

        Raises:
            StorageUnreachable: the database does not answer.
        """
        mine = (_columns.listener_id == row_id(listener_id), _columns.playlist_id == storable(playlist_id))
        with self.database.transaction() as connection:
            connection.execute(update(made_playlists).where(*mine).values(n_tracks=n_tracks))

    def made_of(self, listener_id: str, content_digest: str) -> KeptPlaylist | None:
        """The latest playlist that was made for a listener of this very content, or None.

        Raises:
            StorageUnreachable: the database does not answer.
        """
        mine = (_columns.listener_id == row_id(listener_id), _columns.content_digest == content_digest)
        query = select(_columns.playlist_id, _columns.n_tracks).where(*mine)
        latest = query.order_by(_columns.made_at_utc.desc(), _columns.playlist_id).limit(1)
        with self.database.transaction() as connection:
            row = connection.execute(latest).one_or_none()
        return None if row is None else KeptPlaylist(row.playlist_id, row.n_tracks)

    def among(self, playlist_ids: Sequence[str]) -> frozenset[str]:
        """Those of these playlists that Earshot made, for whomever.

        Raises:
            StorageUnreachable: the database does not answer.
        """
        asked = cast([storable(one) for one in playlist_ids], ARRAY(Text))
        query = select(_columns.playlist_id).where(_columns.playlist_id == func.any(asked))
        with self.database.transaction() as connection:
            return frozenset(connection.scalars(query))

    def locked(self, listener_id: str) -> AbstractContextManager[None]:
        """Be the only one to make playlists for a listener, over every process that shares the database.

        Raises:
            StorageUnreachable: on entering; the database does not answer, or another took over a minute.
        """
        return self.database.locked(f"playlists:{listener_id}")
