"""Order of row locks, which prevents deadlocks.

To write rows that refer to listeners, `hold` these, against erasure only. To change a listener's taste or
shown profile, `hold` them with `alone`. To change the relation of two, `take_pair` first. An erasure locks
the whole row, and erasures run one at a time: two listeners who know each other would deadlock.
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
    """Check that a listener exists.

    Raises:
        UnknownListener: there is no such listener.
    """
    if connection.execute(select(listeners.c.id).where(listeners.c.id == key)).first() is None:
        raise UnknownListener("there is no such listener")


def hold(connection: Connection, keys: Iterable[UUID], *, alone: bool = False) -> None:
    """Prevent the erasure of listeners until the transaction ends.

    `alone` also prevents other changes of their taste and shown profile; others may still write rows that
    refer to them.

    Raises:
        UnknownListener: one of them does not exist.
    """
    wanted = set(keys)
    if held(connection, wanted, alone=alone) < wanted:
        raise UnknownListener("there is no such listener")


def held(connection: Connection, keys: Iterable[UUID], *, alone: bool = False) -> set[UUID]:
    """`hold` those listeners who exist; return their keys."""
    query = select(listeners.c.id).where(listeners.c.id.in_(keys)).order_by(listeners.c.id)
    return set(connection.scalars(query.with_for_update(read=not alone, key_share=True)))


@contextmanager
def holding(
    database: Database, listener_id: str, *, alone: bool = False
) -> Iterator[tuple[Connection, UUID]]:
    """A transaction that holds a listener (see `hold`), and the listener's key.

    Raises:
        UnknownListener: there is no such listener.
        StorageUnreachable: the database does not respond.
    """
    key = row_id(listener_id)
    with database.transaction() as connection:
        hold(connection, [key], alone=alone)
        yield connection, key


def take_pair(connection: Connection, one: UUID, other: UUID) -> None:
    """Lock the relation of two listeners, whether they exist or not.

    Raises:
        UnknownListener: they are the same.
    """
    if one == other:
        raise UnknownListener("there is no such other listener")
    take(connection, "earshot:pair:{}:{}".format(*sorted(map(str, (one, other)))))


def take(connection: Connection, name: str) -> None:
    """Hold a named lock until the transaction ends."""
    connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))
