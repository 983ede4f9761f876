"""The order in which rows are locked, so that nobody waits for each other in a ring.

To write rows that name listeners, first hold those listeners, against erasure only; to change what counts
or is shown of one, hold that one alone; to change what is between two, first take the pair. An erasure takes
the listener's row whole, and erasures follow one another, as two who know each other would want each other's
rows.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from uuid import UUID

from sqlalchemy import Connection, func, select

from matcher.errors import UnknownListener
from storage.server.database import Database
from storage.sql.schema import listeners
from storage.sql.text import row_id


def require(connection: Connection, key: UUID) -> None:
    """Refuse a listener who does not exist.

    Raises:
        UnknownListener: there is no such listener.
    """
    if connection.execute(select(listeners.c.id).where(listeners.c.id == key)).first() is None:
        raise UnknownListener("there is no such listener")


def hold(connection: Connection, keys: Iterable[UUID], *, alone: bool = False) -> None:
    """Keep listeners from being erased until the transaction ends.

    Args:
        connection: in a transaction.
        keys: the listeners.
        alone: also be the only one to change what counts or is shown of them; others may go on writing rows
            that name them.

    Raises:
        UnknownListener: one of them does not exist.
    """
    wanted = set(keys)
    if held(connection, wanted, alone=alone) < wanted:
        raise UnknownListener("there is no such listener")


def held(connection: Connection, keys: Iterable[UUID], *, alone: bool = False) -> set[UUID]:
    """Hold those of the listeners who exist; their keys."""
    query = select(listeners.c.id).where(listeners.c.id.in_(keys)).order_by(listeners.c.id)
    return set(connection.scalars(query.with_for_update(read=not alone, key_share=True)))


@contextmanager
def holding(
    database: Database, listener_id: str, *, alone: bool = False
) -> Iterator[tuple[Connection, UUID]]:
    """A transaction that holds a listener (see `hold`), and the key of the listener's row.

    Raises:
        UnknownListener: there is no such listener.
        StorageUnreachable: the database does not answer.
    """
    key = row_id(listener_id)
    with database.transaction() as connection:
        hold(connection, [key], alone=alone)
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
