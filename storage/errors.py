"""The driver's errors in the core's words."""

from collections.abc import Iterator
from contextlib import contextmanager

from psycopg.errors import ForeignKeyViolation
from sqlalchemy.exc import IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from matcher.errors import StorageUnreachable, UnknownListener


@contextmanager
def reachable() -> Iterator[None]:
    """Translate what the driver raises. Every foreign key of ours points at a listener.

    Raises:
        StorageUnreachable: the database does not answer, or not in time.
        UnknownListener: a row was to be kept for a listener who does not exist.
    """
    try:
        yield
    except (OperationalError, InterfaceError, PoolTimeout) as error:
        raise StorageUnreachable("the database does not answer") from error
    except IntegrityError as error:
        if isinstance(error.orig, ForeignKeyViolation):
            raise UnknownListener("there is no such listener") from error
        raise
