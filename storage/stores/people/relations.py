"""Relations of listeners in PostgreSQL."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import Connection, and_, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from matcher.domain.consent import Relation, Standing, check_may_ask, is_open_data
from matcher.domain.listening import Source
from matcher.errors import NotAsked, NotOnEarshot, UnknownListener
from matcher.ports import Blocked, Contact, ReportReason
from storage.server.database import Database
from storage.sql.audit import note_choice
from storage.sql.locks import hold, take_pair
from storage.sql.schema import blocks, connections, declined, listeners, reports
from storage.sql.text import row_id
from storage.sql.writing import upsert
from storage.stores.people import relationship_query
from storage.stores.people.reach import Pair, pair_of


@dataclass(frozen=True, slots=True)
class PostgresRelationStore:
    """`RelationStore` on PostgreSQL. Every method is one transaction."""

    database: Database

    def standings(self, viewer_id: str, other_ids: Sequence[str]) -> Mapping[str, Standing]:
        with self.database.transaction() as connection:
            return relationship_query.standings(connection, row_id(viewer_id), list(map(row_id, other_ids)))

    def contacts(self, listener_id: str) -> list[Contact]:
        with self.database.transaction() as connection:
            return relationship_query.contacts(connection, row_id(listener_id))

    def n_news(self, listener_id: str) -> int:
        with self.database.transaction() as connection:
            return relationship_query.n_news(connection, row_id(listener_id))

    def see_people(self, listener_id: str, now: datetime) -> None:
        mine = update(listeners).where(listeners.c.id == row_id(listener_id))
        latest = func.greatest(listeners.c.people_seen_at_utc, now)  # passes over NULL
        self.database.write(mine.values(people_seen_at_utc=latest))

    def ask(self, listener_id: str, other_id: str, now: datetime) -> Relation:
        with self._between(listener_id, other_id) as (connection, me, other, pair):
            if pair.relation not in (Relation.STRANGERS, Relation.ASKED_BY_THEM):
                return pair.relation
            if pair.relation is Relation.STRANGERS and not pair.seen:
                raise UnknownListener("there is no such listener")
            hold(connection, (me, other))
            if pair.relation is Relation.ASKED_BY_THEM:
                return _agree(connection, me, other, now)
            check_may_ask(pair.n_declined, pair.declined_at_utc, now)
            return _ask(connection, me, other, now)

    def agree(self, listener_id: str, other_id: str, now: datetime) -> Relation:
        with self._reaching(listener_id, other_id) as (connection, me, other, pair):
            if pair.relation is Relation.CONNECTED:
                return pair.relation
            if pair.relation is not Relation.ASKED_BY_THEM:
                raise NotAsked("the other has not asked to connect")
            return _agree(connection, me, other, now)

    def withdraw(self, listener_id: str, other_id: str, now: datetime) -> bool:
        with self._reaching(listener_id, other_id) as (connection, me, other, pair):
            if pair.relation is Relation.STRANGERS:
                return False
            _end(connection, me, other, pair, now)
            note_choice(connection, "withdrawn", now, me)
        return True

    def block(self, listener_id: str, other_id: str, now: datetime) -> bool:
        with self._reaching(listener_id, other_id) as (connection, me, other, pair):
            if pair.blocked:
                return False
            row = {"listener_id": me, "blocked_id": other, "blocked_at_utc": now}
            connection.execute(insert(blocks).values(row))
            _end(connection, me, other, pair, now)
            note_choice(connection, "blocked", now, me)
        return True

    def unblock(self, listener_id: str, other_id: str, now: datetime) -> bool:
        with self._reaching(listener_id, other_id) as (connection, me, other, pair):
            if not pair.blocked:
                return False
            mine = (blocks.c.listener_id == me, blocks.c.blocked_id == other)
            connection.execute(delete(blocks).where(*mine))
            note_choice(connection, "unblocked", now, me)
        return True

    def blocked(self, listener_id: str) -> list[Blocked]:
        query = (
            select(listeners.c.id, listeners.c.alias, blocks.c.blocked_at_utc)
            .join_from(blocks, listeners, listeners.c.id == blocks.c.blocked_id)
            .where(blocks.c.listener_id == row_id(listener_id))
            .order_by(blocks.c.blocked_at_utc.desc(), listeners.c.id)
        )
        rows = self.database.rows(query)
        return [Blocked(str(row.id), row.alias, row.blocked_at_utc.astimezone(UTC)) for row in rows]

    def report(self, listener_id: str, other_id: str, reason: ReportReason, now: datetime) -> None:
        kept = {"reason": str(reason), "reported_at_utc": now}
        with self._reaching(listener_id, other_id) as (connection, me, other, _):
            connection.execute(upsert(reports, listener_id=me, reported_id=other, **kept))
            note_choice(connection, "reported", now, me)

    @contextmanager
    def _between(self, listener_id: str, other_id: str) -> Iterator[tuple[Connection, UUID, UUID, Pair]]:
        """A transaction that locks the relation of two; their keys, and the relation.

        Call `hold` before writing, but not before refusing a listener out of reach: all reasons must look the
        same.
        """
        me, other = row_id(listener_id), row_id(other_id)
        with self.database.transaction() as connection:
            take_pair(connection, me, other)
            yield connection, me, other, pair_of(connection, me, other)

    @contextmanager
    def _reaching(self, listener_id: str, other_id: str) -> Iterator[tuple[Connection, UUID, UUID, Pair]]:
        """`_between` with both held; UnknownListener if the other is out of reach."""
        with self._between(listener_id, other_id) as (connection, me, other, pair):
            if not pair.within_reach:
                raise UnknownListener("there is no such listener")
            hold(connection, (me, other))
            yield connection, me, other, pair


def _ask(connection: Connection, me: UUID, other: UUID, now: datetime) -> Relation:
    columns = select(listeners.c.source, listeners.c.signed_in_at_utc).where(listeners.c.id == other)
    source, signed_in_at_utc = connection.execute(columns).one()
    if is_open_data(Source(source), signed_in_at_utc is not None):
        raise NotOnEarshot("they are known from open data only")
    nobody = relationship_query.is_made_up(source, signed_in_at_utc)
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
    connection.execute(
        update(connections).where(relationship_query.between(me, other)).values(agreed_at_utc=now)
    )
    either = or_(
        and_(declined.c.listener_id == me, declined.c.other_id == other),
        and_(declined.c.listener_id == other, declined.c.other_id == me),
    )
    connection.execute(delete(declined).where(either))
    note_choice(connection, "agreed", now, me)
    return Relation.CONNECTED


def _end(connection: Connection, me: UUID, other: UUID, pair: Pair, now: datetime) -> None:
    """Delete the connection of two; decline a request of the other."""
    connection.execute(delete(connections).where(relationship_query.between(me, other)))
    if pair.relation is Relation.ASKED_BY_THEM:
        row = insert(declined).values(listener_id=other, other_id=me, n_times=1, declined_at_utc=now)
        kept = {"n_times": declined.c.n_times + 1, "declined_at_utc": now}
        connection.execute(row.on_conflict_do_update(index_elements=["listener_id", "other_id"], set_=kept))
