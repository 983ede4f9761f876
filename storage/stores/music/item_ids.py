"""Spotify ids of artists and tracks from imported tables."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import Text, cast, func, select
from sqlalchemy.dialects.postgresql import ARRAY, insert

from matcher.domain.digests import storable
from matcher.ports import ItemKey
from storage.server.database import Database
from storage.sql.schema import item_ids
from storage.sql.text import index_key
from storage.sql.writing import copy_into_temporary, in_place, temporary

_incoming = temporary("incoming_item_ids", kind=Text, item_key=Text, spotify_id=Text)


@dataclass(frozen=True, slots=True)
class PostgresItemIdStore:
    """`ItemIdStore` on PostgreSQL. Every method is one transaction."""

    database: Database

    def keep_ids(self, ids: Mapping[ItemKey, str]) -> None:
        rows = {(kind, index_key(key)): storable(spotify_id) for (kind, key), spotify_id in ids.items()}
        if not rows:
            return
        names = ("kind", "item_key", "spotify_id")
        with self.database.transaction() as connection:
            copy_into_temporary(connection, _incoming, ((*key, value) for key, value in rows.items()))
            # in key order, so that two imports wait instead of deadlocking
            new = select(*(_incoming.c[name] for name in names)).order_by(*_incoming.c[:2])
            connection.execute(in_place(insert(item_ids).from_select(names, new), names, if_changed=True))

    def ids_of(self, items: Collection[ItemKey]) -> Mapping[ItemKey, str]:
        wanted = {(kind, index_key(key)): (kind, key) for kind, key in items}
        if not wanted:
            return {}
        kinds, keys = (cast(list(column), ARRAY(Text)) for column in zip(*wanted, strict=True))
        asked = select(func.unnest(kinds).label("kind"), func.unnest(keys).label("item_key")).subquery()
        same = (item_ids.c.kind == asked.c.kind) & (item_ids.c.item_key == asked.c.item_key)
        query = select(*item_ids.c).join(asked, same)
        return {wanted[kind, key]: found for kind, key, found in self.database.rows(query)}
