"""Taking a database from one revision of the schema to another."""

from alembic import command
from sqlalchemy import Engine

from storage.server.migrate import alembic_config


def upgrade_to(engine: Engine, revision: str = "head") -> None:
    with engine.begin() as connection:
        command.upgrade(alembic_config(connection), revision)


def downgrade_to(engine: Engine, revision: str = "base") -> None:
    with engine.begin() as connection:
        command.downgrade(alembic_config(connection), revision)
