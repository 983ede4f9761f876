"""Translates driver errors into the core's, with advice."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from psycopg.errors import (
    DiskFull,
    DuplicateObject,
    DuplicateTable,
    ForeignKeyViolation,
    InsufficientPrivilege,
    QueryCanceled,
    ReadOnlySqlTransaction,
    TooManyConnections,
    UndefinedColumn,
    UndefinedFunction,
    UndefinedObject,
    UndefinedTable,
)
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from matcher.errors import EarshotError, StorageUnreachable, StorageUnusable, UnknownListener

_URL = "EARSHOT_DATABASE_URL"

_OTHER_SCHEMA = "the tables of the database are not those of this Earshot: `earshot doctor` says what to do"
_OLD_PGVECTOR = (
    "the database has no pgvector, or one before 0.8: install it, and have a superuser run "
    "CREATE EXTENSION vector, or ALTER EXTENSION vector UPDATE"
)
_UNUSABLE = (
    (
        (DuplicateTable, DuplicateObject),
        f"the database holds tables of something else: make one for Earshot alone and name it in {_URL}",
    ),
    ((UndefinedTable, UndefinedColumn), _OTHER_SCHEMA),
    ((UndefinedObject, UndefinedFunction), _OLD_PGVECTOR),
    ((DiskFull,), "the disk of the database is full: make room on it"),
    (
        (ReadOnlySqlTransaction,),
        f"the database takes no changes: {_URL} must name the primary, not a standby",
    ),
)
"""Errors that the operator must resolve, by class."""

_NO_ANSWER = f"the database does not answer: see whether it runs, and whether {_URL} leads there"
_NOT_CONNECTED = (
    (
        r"password authentication failed|no password supplied|role .* does not exist",
        f"the database does not accept the role or the password in {_URL}",
    ),
    (r"database .* does not exist", f"there is no such database: make it, or mend its name in {_URL}"),
    (r"no pg_hba\.conf entry", "the database does not let this machine in: add it to its pg_hba.conf"),
    (
        r"does not support SSL",
        f"the database offers no encryption: switch it on there, or add ?sslmode=disable to {_URL} where "
        "nobody else can listen on the way",
    ),
    (
        r"certificate",
        f"the certificate of the database is not accepted: see sslmode and sslrootcert in {_URL}",
    ),
    (r"translate host name|resolve host|Name or service", f"the host in {_URL} is not known: mend its name"),
    (r"Connection refused", f"nothing listens where {_URL} leads: start the database, or mend host and port"),
)
"""Failed connections, by their text, because the driver has no codes for them."""


@contextmanager
def reachable() -> Iterator[None]:
    """Translate driver errors.

    Raises:
        StorageUnreachable: the database does not respond in time.
        StorageUnusable: it lacks rights, pgvector, tables or disk space.
        UnknownListener: a row refers to a listener who does not exist.
    """
    try:
        yield
    except PoolTimeout as error:
        raise StorageUnreachable(
            "every connection to the database is in use: try again in a minute"
        ) from error
    except DBAPIError as error:
        known = in_our_words(error)
        if known is None:
            raise
        raise known from error


def in_our_words(error: DBAPIError) -> EarshotError | None:
    """The core's error for a driver error; None if it can only be a bug."""
    cause = error.orig
    if isinstance(error, IntegrityError):
        # all our foreign keys refer to listeners
        known = isinstance(cause, ForeignKeyViolation)
        return UnknownListener("there is no such listener") if known else None
    for classes, sentence in _UNUSABLE:
        if isinstance(cause, classes):
            return StorageUnusable(sentence)
    if isinstance(cause, InsufficientPrivilege):
        return StorageUnusable(
            f"the role in {_URL} may not do this ({cause.diag.message_primary}): grant it the right, or name "
            "the role that owns the tables in EARSHOT_DATABASE_OWNER_URL"
        )
    if isinstance(error, OperationalError | InterfaceError):
        return StorageUnreachable(_unreachable(cause))
    return None


def _unreachable(cause: BaseException | None) -> str:
    if isinstance(cause, QueryCanceled):
        return "the database took too long over an answer: try again in a minute"
    if isinstance(cause, TooManyConnections):
        return "the database has no connection free: try again in a minute"
    text = str(cause)
    return next((sentence for pattern, sentence in _NOT_CONNECTED if re.search(pattern, text)), _NO_ANSWER)
