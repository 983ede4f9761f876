"""Database roles: one owns the tables, the other only reads and writes rows."""

from typing import Any

import psycopg
from psycopg.sql import SQL, Identifier
from sqlalchemy import Connection, text

OWNER = "earshot_owner"
"""Owner of the embedded server's database."""

APP = "earshot_app"
"""App role of the embedded server."""

_TABLES_OF_OTHERS = """
SELECT relname FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
  AND pg_get_userbyid(relowner) <> %s
  AND NOT EXISTS (SELECT 1 FROM pg_depend WHERE objid = pg_class.oid AND deptype = 'e')
"""


def make_roles(connection: psycopg.Connection[Any]) -> None:
    """As superuser, create both roles of the embedded server, if missing."""
    known = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles").fetchall()}
    for role in (OWNER, APP):
        if role not in known:
            connection.execute(SQL("CREATE ROLE {} LOGIN").format(Identifier(role)))


def make_database(connection: psycopg.Connection[Any], name: str) -> None:
    """As superuser, create the embedded server's database, if missing; set its owner."""
    database, owner, app = (Identifier(one) for one in (name, OWNER, APP))
    query = "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = %s"
    found = connection.execute(query, (name,)).fetchone()
    if found is None:
        create = "CREATE DATABASE {} OWNER {} ENCODING 'UTF8' TEMPLATE template0"
        connection.execute(SQL(create).format(database, owner))
    elif found[0] != OWNER:  # made by an older version with a single role
        connection.execute(SQL("ALTER DATABASE {} OWNER TO {}").format(database, owner))
    else:
        return
    connection.execute(SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
    connection.execute(SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}").format(database, app))


def furnish(connection: psycopg.Connection[Any]) -> None:
    """As superuser, create the extension; tables of older versions go to the owner."""
    connection.execute("CREATE EXTENSION IF NOT EXISTS vector")
    for (name,) in connection.execute(_TABLES_OF_OTHERS, (OWNER,)).fetchall():
        connection.execute(
            SQL("ALTER TABLE public.{} OWNER TO {}").format(Identifier(name), Identifier(OWNER))
        )


def grant_rows(connection: Connection, role: str) -> None:
    """As the tables' owner, let a role read and write rows, and nothing else."""
    name = Identifier(role).as_string()
    for statement in (
        f"GRANT USAGE ON SCHEMA public TO {name}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {name}",
        f"REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM {name}",
    ):
        connection.exec_driver_sql(statement.replace("%", "%%"))


def current_role(connection: Connection) -> str:
    """Role of a connection."""
    return str(connection.execute(text("SELECT current_user")).scalar_one())


def is_superuser(connection: Connection) -> bool:
    """Whether a connection's role is a superuser."""
    query = text("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
    return bool(connection.execute(query).scalar_one())
