"""Roles of the database: one owns the tables, another serves and can do no more than read and write rows."""

from typing import Any

import psycopg
from psycopg.sql import SQL, Identifier
from sqlalchemy import Connection, text

OWNER = "earshot_owner"
"""Owns database and tables of the embedded server: migrations and search indexes."""

APP = "earshot_app"
"""Serves, at the embedded server."""

_TABLES_OF_OTHERS = """
SELECT relname FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
  AND pg_get_userbyid(relowner) <> %s
  AND NOT EXISTS (SELECT 1 FROM pg_depend WHERE objid = pg_class.oid AND deptype = 'e')
"""


def make_roles(connection: psycopg.Connection[Any]) -> None:
    """Make both roles of the embedded server, if they are not there.

    Args:
        connection: of the superuser, outside a transaction.
    """
    known = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles").fetchall()}
    for role in (OWNER, APP):
        if role not in known:
            connection.execute(SQL("CREATE ROLE {} LOGIN").format(Identifier(role)))


def make_database(connection: psycopg.Connection[Any], name: str) -> None:
    """Make the database of the embedded server, if it is not there, and give it to its owner.

    Args:
        connection: of the superuser, outside a transaction.
        name: of the database.
    """
    database, owner, app = (Identifier(one) for one in (name, OWNER, APP))
    query = "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = %s"
    found = connection.execute(query, (name,)).fetchone()
    if found is None:
        create = "CREATE DATABASE {} OWNER {} ENCODING 'UTF8' TEMPLATE template0"
        connection.execute(SQL(create).format(database, owner))
    elif found[0] != OWNER:  # made by an Earshot that had one role for everything
        connection.execute(SQL("ALTER DATABASE {} OWNER TO {}").format(database, owner))
    else:
        return
    connection.execute(SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
    connection.execute(SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}").format(database, app))


def furnish(connection: psycopg.Connection[Any]) -> None:
    """Make the extension, and give the owner the tables that an earlier Earshot made as superuser.

    Args:
        connection: of the superuser, in the database, outside a transaction.
    """
    connection.execute("CREATE EXTENSION IF NOT EXISTS vector")
    for (name,) in connection.execute(_TABLES_OF_OTHERS, (OWNER,)).fetchall():
        connection.execute(
            SQL("ALTER TABLE public.{} OWNER TO {}").format(Identifier(name), Identifier(OWNER))
        )


def grant_rows(connection: Connection, role: str) -> None:
    """Let a role read and write rows of every table, and nothing else.

    Args:
        connection: of the tables' owner, in a transaction.
        role: the role that serves.
    """
    name = Identifier(role).as_string()
    for statement in (
        f"GRANT USAGE ON SCHEMA public TO {name}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {name}",
        f"REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM {name}",
    ):
        connection.exec_driver_sql(statement.replace("%", "%%"))


def current_role(connection: Connection) -> str:
    """Who a connection is signed in as."""
    return str(connection.execute(text("SELECT current_user")).scalar_one())


def is_superuser(connection: Connection) -> bool:
    """Whether a connection may do anything whatever."""
    query = text("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
    return bool(connection.execute(query).scalar_one())
