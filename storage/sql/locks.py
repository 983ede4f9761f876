"""The order in which rows are locked, so that nobody waits for each other in a ring.

Whoever writes rows that name listeners first holds those listeners, against erasure only; whoever changes
what counts of one, or what is shown of it, locks that one; whoever changes what is between two listeners
first takes the pair. An erasure takes the listener's row whole, and erasures
follow one another, as two who know each other would want each other's rows.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from uuid import UUID

from sqlalchemy import Connection, func, select

from matcher.errors import UnknownListener
from storage.server.database import Database
from storage.sql.schema import listeners
from storage.sql.text import row_id


def hold(connection: Connection, keys: Iterable[UUID]) -> None:
    """Keep listeners from being erased until the transaction ends.

    Raises:
        UnknownListener: one of them does not exist.
    """
    wanted = set(keys)
    query = select(listeners.c.id).where(listeners.c.id.in_(wanted)).order_by(listeners.c.id)
    if len(connection.execute(query.with_for_update(read=True, key_share=True)).all()) < len(wanted):
        raise UnknownListener("there is no such listener")


@contextmanager
def holding(database: Database, listener_id: str) -> Iterator[tuple[Connection, UUID]]:
    """A transaction in which a listener is not erased, and the key of the listener's row.

    Raises:
        UnknownListener: there is no such listener.
        StorageUnreachable: the database does not answer.
    """
    key = row_id(listener_id)
    with database.transaction() as connection:
        hold(connection, [key])
        yield connection, key


def lock(connection: Connection, key: UUID) -> None:
    """Be the only one to change what counts or is shown of a listener, until the transaction ends.

    Others may go on writing rows that name the listener.

    Raises:
        UnknownListener: there is no such listener.
    """
    query = select(listeners.c.id).where(listeners.c.id == key).with_for_update(key_share=True)
    if connection.execute(query).one_or_none() is None:
        raise UnknownListener("there is no such listener")


@contextmanager
def locking(database: Database, listener_id: str) -> Iterator[tuple[Connection, UUID]]:
    """A transaction in which a listener is locked, and the key of the listener's row.

    Raises:
        UnknownListener: there is no such listener.
        StorageUnreachable: the database does not answer.
    """
    key = row_id(listener_id)
    with database.transaction() as connection:
        lock(connection, key)
        yield connection, key


def take_pair(connection: Connection, one: UUID, other: UUID) -> None:
    """Be the only one to change what is between two listeners, whether they exist or not.

    Raises:
        UnknownListener: they are the same.
    """
    if one == other:
        raise UnknownListener("there is no such other listener")
    take(connection, "earshot:pair:{}:{}".format(*sorted(map(str, (one, other)))))


def take(connection: Connection, name: str) -> None:
    """Hold a named lock alone until the transaction ends."""
    connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))
