"""How listeners stand to each other, in PostgreSQL."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from matcher.consent import Relation, Standing
from matcher.errors import NotAsked, UnknownListener
from matcher.ports import Blocked, Contact, ReportReason
from storage import standings
from storage.audited import note_choice
from storage.database import Database
from storage.holding import hold_pair
from storage.schema import blocks, connections, listeners, reports
from storage.text import row_id
from storage.visibility import visible_to


@dataclass(frozen=True, slots=True)
class PostgresRelationStore:
    """The `RelationStore` on PostgreSQL. Every method is one transaction."""

    database: Database

    def standings(self, viewer_id: str, other_ids: Sequence[str]) -> Mapping[str, Standing]:
        """Those of the others whom the viewer may see at this moment, by id: one statement, one snapshot.

        Raises:
            UnknownListener: there is no such viewer.
            StorageUnreachable: the database does not answer.
        """
        with self.database.transaction() as connection:
            return standings.standings(connection, row_id(viewer_id), [row_id(one) for one in other_ids])

    def contacts(self, listener_id: str) -> list[Contact]:
        """Everybody the listener is connected with, has asked, or is asked by; the newest first.

        Raises:
            StorageUnreachable: the database does not answer.
        """
        with self.database.transaction() as connection:
            return standings.contacts(connection, row_id(listener_id))

    def ask(self, listener_id: str, other_id: str, now: datetime) -> Relation:
        """Ask to connect; how both stand then. Asking somebody who has asked is agreeing.

        Raises:
            UnknownListener: there is no such other, or they are hidden, paused or blocked.
            StorageUnreachable: the database does not answer.
        """
        with self._between(listener_id, other_id) as (connection, me, other):
            before = _relation(connection, me, other)
            if before is Relation.STRANGERS:
                return _ask(connection, me, other, now)
            return _agree(connection, me, other, now) if before is Relation.ASKED_BY_THEM else before

    def agree(self, listener_id: str, other_id: str, now: datetime) -> Relation:
        """Agree to what the other has asked; CONNECTED, also if they were.

        Raises:
            NotAsked: the other has not asked, or no longer.
            UnknownListener: one of the two does not exist.
            StorageUnreachable: the database does not answer.
        """
        with self._between(listener_id, other_id) as (connection, me, other):
            before = _relation(connection, me, other)
            if before is Relation.CONNECTED:
                return before
            if before is not Relation.ASKED_BY_THEM:
                raise NotAsked("the other has not asked to connect")
            return _agree(connection, me, other, now)

    def withdraw(self, listener_id: str, other_id: str, now: datetime) -> bool:
        """End a connection, take back a request, or decline one; whether there was one.

        Raises:
            UnknownListener: one of the two does not exist.
            StorageUnreachable: the database does not answer.
        """
        with self._between(listener_id, other_id) as (connection, me, other):
            ended = _end(connection, me, other)
            if ended:
                note_choice(connection, "withdrawn", now, me)
        return ended

    def block(self, listener_id: str, other_id: str, now: datetime) -> bool:
        """Let neither see the other from now on, and end what was between them; False if blocked already.

        Raises:
            UnknownListener: one of the two does not exist.
            StorageUnreachable: the database does not answer.
        """
        with self._between(listener_id, other_id) as (connection, me, other):
            row = upsert(blocks).values(listener_id=me, blocked_id=other, blocked_at_utc=now)
            new = row.on_conflict_do_nothing().returning(blocks.c.blocked_id)
            done = connection.execute(new).first() is not None
            if done:
                _end(connection, me, other)
                note_choice(connection, "blocked", now, me)
        return done

    def unblock(self, listener_id: str, other_id: str, now: datetime) -> bool:
        """Take one's own block back; whether there was one. A block by the other stays.

        Raises:
            UnknownListener: one of the two does not exist.
            StorageUnreachable: the database does not answer.
        """
        with self._between(listener_id, other_id) as (connection, me, other):
            mine = (blocks.c.listener_id == me, blocks.c.blocked_id == other)
            done = connection.execute(delete(blocks).where(*mine)).rowcount > 0
            if done:
                note_choice(connection, "unblocked", now, me)
        return done

    def blocked(self, listener_id: str) -> list[Blocked]:
        """Whom the listener has blocked, the newest first.

        Raises:
            StorageUnreachable: the database does not answer.
        """
        query = (
            select(listeners.c.id, listeners.c.alias, blocks.c.blocked_at_utc)
            .join_from(blocks, listeners, listeners.c.id == blocks.c.blocked_id)
            .where(blocks.c.listener_id == row_id(listener_id))
            .order_by(blocks.c.blocked_at_utc.desc(), listeners.c.id)
        )
        with self.database.transaction() as connection:
            rows = connection.execute(query).all()
        return [Blocked(str(row.id), row.alias, row.blocked_at_utc.astimezone(UTC)) for row in rows]

    def report(self, listener_id: str, other_id: str, reason: ReportReason, now: datetime) -> None:
        """Tell the operator about somebody; a later report of the same one replaces it.

        Raises:
            UnknownListener: one of the two does not exist.
            StorageUnreachable: the database does not answer.
        """
        kept = {"reason": str(reason), "reported_at_utc": now}
        keys = ["listener_id", "reported_id"]
        with self._between(listener_id, other_id) as (connection, me, other):
            row = upsert(reports).values(listener_id=me, reported_id=other, **kept)
            connection.execute(row.on_conflict_do_update(index_elements=keys, set_=kept))
            note_choice(connection, "reported", now, me)

    @contextmanager
    def _between(self, listener_id: str, other_id: str) -> Iterator[tuple[Connection, UUID, UUID]]:
        """A transaction in which nobody else changes what is between the two; and the keys of both."""
        me, other = row_id(listener_id), row_id(other_id)
        with self.database.transaction() as connection:
            hold_pair(connection, me, other)
            yield connection, me, other


def _relation(connection: Connection, me: UUID, other: UUID) -> Relation:
    row = connection.execute(select(connections).where(standings.between(me, other))).one_or_none()
    return standings.relation_of(me, row.listener_id, row.agreed_at_utc) if row else Relation.STRANGERS


def _ask(connection: Connection, me: UUID, other: UUID, now: datetime) -> Relation:
    """A first request to somebody who may be seen; those whom nobody signs in as agree at once."""
    rows = select(listeners.c.source, listeners.c.signed_in_at_utc).where(listeners.c.id == other)
    found = connection.execute(visible_to(rows, me)).one_or_none()
    if found is None:
        raise UnknownListener("there is no such listener")
    nobody = standings.is_made_up(found.source, found.signed_in_at_utc)
    row = {
        "listener_id": me,
        "other_id": other,
        "asked_at_utc": now,
        "agreed_at_utc": now if nobody else None,
    }
    connection.execute(insert(connections).values(row))
    note_choice(connection, "asked", now, me)
    return Relation.CONNECTED if nobody else Relation.ASKED_BY_ME


def _agree(connection: Connection, me: UUID, other: UUID, now: datetime) -> Relation:
    connection.execute(update(connections).where(standings.between(me, other)).values(agreed_at_utc=now))
    note_choice(connection, "agreed", now, me)
    return Relation.CONNECTED


def _end(connection: Connection, me: UUID, other: UUID) -> bool:
    return connection.execute(delete(connections).where(standings.between(me, other))).rowcount > 0
