"""Audio attributes in PostgreSQL, by look-up key."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Integer, Text, cast, select
from sqlalchemy.dialects.postgresql import JSONB, insert

from matcher.domain.audio import AudioAttributes
from matcher.domain.canonical_keys import keys_of
from matcher.domain.digests import storable
from matcher.domain.listening import Listening
from matcher.ports import lookup_keys
from storage.server.database import Database
from storage.sql.arrays import any_of
from storage.sql.schema import audio_attributes
from storage.sql.text import from_json_text, index_key, to_json_text
from storage.sql.writing import copy_into_temporary, in_place, keep_last, temporary

_Row = tuple[Sequence[str], AudioAttributes]

_incoming = temporary("incoming_attributes", place=Integer, lookup_key=Text, attributes=Text, provenance=Text)


@dataclass(frozen=True, slots=True)
class PostgresAttributeStore:
    """`AttributeStore` on PostgreSQL."""

    database: Database

    def add_attributes(self, rows: Iterable[tuple[Sequence[str], AudioAttributes]]) -> int:
        """Replaces stored rows; of rows with equal keys the last wins."""
        usable = _Counted(rows)
        with self.database.transaction(patient=True) as connection:
            copy_into_temporary(connection, _incoming, usable)
            _merge(connection)
        return usable.n_rows

    def attributes(self, listening: Listening) -> Mapping[str, AudioAttributes]:
        """The most exact look-up key of a track wins."""
        wanted = _wanted(listening)
        keys = {key for one in wanted.values() for key in one}
        if not keys:
            return {}
        known = self._look_up(keys)
        first = {
            track: next((known[key] for key in one if key in known), None) for track, one in wanted.items()
        }
        return {track: found for track, found in first.items() if found is not None}

    def _look_up(self, keys: Iterable[str]) -> dict[str, AudioAttributes]:
        known = audio_attributes.c
        query = select(known.lookup_key, cast(known.attributes, Text), known.provenance)
        rows = self.database.rows(query.where(known.lookup_key == any_of(keys)))
        return {key: AudioAttributes(from_json_text(values), provenance) for key, values, provenance in rows}


class _Counted:
    """Rows for COPY, one per key; counts the input rows that have a key."""

    def __init__(self, rows: Iterable[_Row]) -> None:
        self._rows = rows
        self.n_rows = 0

    def __iter__(self) -> Iterator[tuple[object, ...]]:
        for place, (keys, attributes) in enumerate(self._rows):
            self.n_rows += bool(keys)
            values, provenance = to_json_text(dict(attributes.values)), storable(attributes.provenance)
            for key in keys:
                yield place, index_key(key), values, provenance


def _merge(connection: Connection) -> None:
    keep_last(connection, _incoming.c.lookup_key, _incoming.c.place)
    last = select(_incoming.c.lookup_key, cast(_incoming.c.attributes, JSONB), _incoming.c.provenance)
    last = last.order_by(_incoming.c.lookup_key)
    names = ["lookup_key", "attributes", "provenance"]
    connection.execute(in_place(insert(audio_attributes).from_select(names, last), names))


def _wanted(listening: Listening) -> dict[str, dict[str, None]]:
    """Look-up keys by canonical track key, most exact first."""
    found: dict[str, dict[str, None]] = {}
    for hearing in listening.hearings:
        track = keys_of(hearing)[1]
        if track:
            keys = lookup_keys(track, hearing.track_id, hearing.isrc)
            found.setdefault(track, {}).update(dict.fromkeys(index_key(key) for key in keys))
    return {track: dict.fromkeys(sorted(keys, key=_exactness)) for track, keys in found.items()}


def _exactness(key: str) -> int:
    return next((rank for rank, kind in enumerate(("id:", "isrc:")) if key.startswith(kind)), 2)
