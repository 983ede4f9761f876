"""Brings the schema to a revision, by one process at a time."""

from collections.abc import Callable

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text

from storage.errors import reachable

_LOCK = 0x4561_7273_686F_7401
"""Advisory lock that all migrating processes take: "Earshot", 1."""


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Create or update the schema; nothing happens when it is up to date. Several processes may call it.

    Raises:
        StorageUnreachable: the database does not answer.
    """
    _run(engine, lambda config: command.upgrade(config, revision))


def downgrade(engine: Engine, revision: str = "base") -> None:
    """Take the schema back to an earlier revision; "base" drops every table with its data.

    Raises:
        StorageUnreachable: the database does not answer.
    """
    _run(engine, lambda config: command.downgrade(config, revision))


def is_migrated(engine: Engine) -> bool:
    """Whether the schema is at the newest revision that this Earshot knows.

    Raises:
        StorageUnreachable: the database does not answer.
    """
    with reachable(), engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    return current == ScriptDirectory.from_config(_config()).get_current_head()


def _run(engine: Engine, step: Callable[[Config], None]) -> None:
    config = _config()
    with reachable(), engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        config.attributes["connection"] = connection
        step(config)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "storage:migrations")
    config.set_main_option("path_separator", "os")
    return config
