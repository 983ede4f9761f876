"""Schema migrations, one process at a time."""

from enum import StrEnum

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from psycopg.errors import InsufficientPrivilege
from sqlalchemy import Connection, Engine, func, inspect, select, text
from sqlalchemy.exc import DBAPIError

from matcher.errors import StorageUnusable
from storage.server.database import Database
from storage.server.errors import reachable
from storage.server.roles import current_role, grant_rows, is_superuser

_LOCK = 0x4561_7273_686F_7401
"""Advisory lock of migrations: "Earshot", 1."""

LEAST_PGVECTOR = (0, 8)
"""Half precision needs 0.7, iterative scans need 0.8."""

_CREATE = "have a superuser run CREATE EXTENSION vector in this database"


class SchemaState(StrEnum):
    """Schema of a database, compared with this version of Earshot."""

    EMPTY = "empty"
    OLDER = "older"
    CURRENT = "current"
    NEWER = "newer"
    FOREIGN = "foreign"
    """Tables that Earshot did not create."""


def upgrade(database: Database) -> None:
    """Create or update the schema, safely with several processes at once.

    The tables' owner creates tables, and grants their use to the app role.

    Raises:
        StorageUnreachable: the database does not respond.
        StorageUnusable: it belongs to a newer Earshot, lacks pgvector, or the role may not change it.
    """
    with reachable(), database.engine.connect() as connection:
        app = current_role(connection)
    with reachable(), database.owner.connect() as connection:
        is_owner = current_role(connection) == app
        if is_owner and state_of(connection) is SchemaState.CURRENT:
            _require_pgvector(connection)
            return  # a role without rights to change the schema can serve
    with database.upkeep() as connection:
        connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
        if state_of(connection) is SchemaState.NEWER:
            raise StorageUnusable(
                "the database is of a newer Earshot: install that one again, or restore a backup from before"
            )
        _make_extension(connection)
        command.upgrade(alembic_config(connection), "head")
        if not is_owner:
            grant_rows(connection, app)


def schema_state(engine: Engine) -> SchemaState:
    """Compare the schema with this version; changes nothing.

    Raises:
        StorageUnreachable: the database does not respond.
    """
    with reachable(), engine.connect() as connection:
        return state_of(connection)


def state_of(connection: Connection) -> SchemaState:
    """`schema_state` on a connection."""
    found = MigrationContext.configure(connection).get_current_revision()
    script = ScriptDirectory.from_config(alembic_config())
    if found is None:
        return SchemaState.FOREIGN if _tables(connection) else SchemaState.EMPTY
    if found == script.get_current_head():
        return SchemaState.CURRENT
    known = {one.revision for one in script.walk_revisions()}
    return SchemaState.OLDER if found in known else SchemaState.NEWER


def extension_problem(engine: Engine) -> str | None:
    """Problem with pgvector and its solution; None if present or creatable.

    Raises:
        StorageUnreachable: the database does not respond.
    """
    with reachable(), engine.connect() as connection:
        return _problem_of_extension(connection)


def _problem_of_extension(connection: Connection) -> str | None:
    found = connection.execute(text("SELECT extversion FROM pg_extension WHERE extname = 'vector'")).scalar()
    if found is not None:
        if tuple(int(part) for part in str(found).split(".")[:2]) >= LEAST_PGVECTOR:
            return None
        return f"pgvector {found} is too old: install 0.8, and run ALTER EXTENSION vector UPDATE"
    offered = text("SELECT 1 FROM pg_available_extensions WHERE name = 'vector'")
    if connection.execute(offered).scalar() is None:
        return f"this PostgreSQL has no pgvector: install it (github.com/pgvector/pgvector), then {_CREATE}"
    return None if is_superuser(connection) else f"the extension vector is not there yet: {_CREATE}"


def require_plain_role(engine: Engine) -> None:
    """Refuse to serve as a superuser.

    Raises:
        StorageUnreachable: the database does not respond.
        StorageUnusable: the role is a superuser.
    """
    with reachable(), engine.connect() as connection:
        # a superuser may read any file and run any program on the database's machine
        if is_superuser(connection):
            raise StorageUnusable(
                "EARSHOT_DATABASE_URL signs in as a superuser, and Earshot does not serve as one: make a "
                "role (CREATE ROLE earshot LOGIN PASSWORD '…') and name it there; the superuser may stand in "
                "EARSHOT_DATABASE_OWNER_URL, which is used to make the tables"
            )


def _require_pgvector(connection: Connection) -> None:
    if problem := _problem_of_extension(connection):
        raise StorageUnusable(problem)


def _make_extension(connection: Connection) -> None:
    """Create the extension; roles other than superusers may if it is trusted."""
    there = text("SELECT 1 FROM pg_extension WHERE extname = 'vector'")
    if connection.execute(there).scalar() is None:
        try:
            with connection.begin_nested():
                connection.execute(text("CREATE EXTENSION vector"))
        except DBAPIError as error:
            if not isinstance(error.orig, InsufficientPrivilege):
                _require_pgvector(connection)
                raise
    _require_pgvector(connection)


def _tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names()) - {"alembic_version"}


def alembic_config(connection: Connection | None = None) -> Config:
    """Alembic's configuration."""
    config = Config()
    config.set_main_option("script_location", "storage:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
