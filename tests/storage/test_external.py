"""A PostgreSQL of the operator's: roles that may do little, pgvector absent, tables of a newer Earshot."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from matcher.errors import SettingsError, StorageUnreachable, StorageUnusable
from storage.server import roles
from storage.server.database import open_database, sslmode_for
from storage.server.migrate import SchemaState, require_plain_role, schema_state, upgrade
from storage.stores.listeners.listeners import PostgresListenerStore
from tests.external import External, external_postgres
from tests.storage.contracts.worlds import NOW, VERSION, aliases, candidates, random_units

NOWHERE = Path("/nonexistent")


@pytest.fixture(scope="module")
def external() -> Iterator[External]:
    with external_postgres() as server:
        server.role("plain")
        yield server


@pytest.fixture
def opened():
    found = []

    def start(url, owner_url=None):
        found.append(open_database(url, NOWHERE, owner_url))
        return found[-1]

    yield start
    for one in found:
        one.close()


def problem(database) -> str:
    with pytest.raises(StorageUnusable) as caught:
        upgrade(database)
    return str(caught.value)


def test_a_plain_owner_of_a_database_with_pgvector_makes_everything(external, opened):
    database = opened(external.database("plain_db", "plain", vector=True))
    assert schema_state(database.owner) is SchemaState.EMPTY
    upgrade(database)
    assert schema_state(database.owner) is SchemaState.CURRENT
    store = PostgresListenerStore(database)
    assert store.add_candidates(candidates(random_units(3)), aliases(3), VERSION, NOW) == 3
    assert not store.index_vectors(VERSION)


def test_a_role_that_may_not_make_the_extension_is_told_who_may(external, opened):
    said = problem(opened(external.database("no_vector", "plain")))
    assert "CREATE EXTENSION vector" in said
    assert "superuser" in said


def test_a_server_without_pgvector_is_said_to_have_none(external, opened):
    url = external.database("no_files", "plain")
    external.run(f"ALTER DATABASE no_files SET extension_control_path TO '{NOWHERE}'")
    assert "has no pgvector: install it" in problem(opened(url))
    as_superuser = external.url("postgres", "no_files")
    assert "has no pgvector: install it" in problem(opened(as_superuser))


def test_tables_of_a_newer_earshot_are_left_alone(external, opened):
    database = opened(external.database("newer", "plain", vector=True))
    upgrade(database)
    with database.transaction() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999_future'"))
    assert "newer Earshot" in problem(database)


def test_a_role_without_the_right_to_make_tables_is_told_so(external, opened):
    external.role("guest")
    external.database("not_mine", "plain", vector=True)
    assert "permission denied for schema public" in problem(opened(external.url("guest", "not_mine")))


def test_tables_of_something_else_are_not_mixed_with_ours(external, opened):
    url = external.database("shared", "plain", vector=True)
    with opened(url).transaction() as connection:
        connection.execute(text("CREATE TABLE listeners (id int)"))
    assert "something else" in problem(opened(url))


def test_the_role_that_serves_reads_and_writes_rows_and_no_more(external, opened):
    external.role("serving")
    owner = external.database("two_roles", "plain", vector=True)
    database = opened(external.url("serving", "two_roles"), owner)
    upgrade(database)
    store = PostgresListenerStore(database)
    assert store.add_candidates(candidates(random_units(3)), aliases(3), VERSION, NOW) == 3
    store.index_vectors(VERSION)
    assert_no_more(database)
    alone = opened(external.url("serving", "two_roles"))
    upgrade(alone)  # nothing to do, so no right is wanted
    assert PostgresListenerStore(alone).n_candidates(VERSION) == 3


def test_the_embedded_server_serves_by_such_a_role_too(database):
    require_plain_role(database.engine)
    require_plain_role(database.owner)
    assert_no_more(database)


def test_what_an_earlier_earshot_made_as_superuser_goes_to_the_owner(migrated, opened):
    server = migrated._server
    superuser = {"host": server.url_as("postgres").query["host"], "user": "postgres", "autocommit": True}
    with psycopg.connect(**superuser, dbname="postgres") as connection:
        connection.execute("CREATE DATABASE early")
        try:
            address = server.url_as("postgres").set(database="early")
            upgrade(opened(address.render_as_string(hide_password=False)))
            roles.make_database(connection, "early")
            with psycopg.connect(**superuser, dbname="early") as inside:
                roles.furnish(inside)
                query = "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'"
                assert inside.execute(query).fetchall() == [("earshot_owner",)]
            app, owner = (
                server.url_as(role).set(database="early").render_as_string(hide_password=False)
                for role in ("earshot_app", "earshot_owner")
            )
            database = opened(app, owner)
            upgrade(database)
            assert PostgresListenerStore(database).n_candidates(VERSION) == 0
        finally:
            connection.execute("DROP DATABASE early WITH (FORCE)")


def assert_no_more(database):
    for statement in (
        "DROP TABLE listeners",
        "CREATE TABLE mine (id int)",
        "TRUNCATE listeners CASCADE",
        "UPDATE alembic_version SET version_num = 'x'",
        "CREATE ROLE other",
        "SELECT pg_read_file('/etc/passwd')",
        "COPY listeners TO PROGRAM 'true'",
    ):
        with pytest.raises(StorageUnusable), database.transaction() as connection:
            connection.exec_driver_sql(statement)


def test_nobody_serves_as_a_superuser(external, opened):
    database = opened(external.url("postgres", "postgres"))
    with pytest.raises(StorageUnusable, match="superuser"):
        require_plain_role(database.engine)


@pytest.mark.parametrize(
    ("role", "password", "name", "told"),
    [
        ("plain", "wrong", "postgres", "role or the password"),
        ("nobody_known", "hush-hush", "postgres", "role or the password"),
        ("plain", "hush-hush", "nowhere", "no such database"),
        ("plain", "hush-hush", "postgres?sslmode=require", "no encryption"),
    ],
)
def test_why_a_connection_fails_is_said_with_the_cure(external, opened, role, password, name, told):
    with pytest.raises(StorageUnreachable, match=told) as caught:
        schema_state(opened(external.url(role, name, password)).engine)
    assert password not in str(caught.value)


def test_where_nothing_listens_is_said(opened):
    with pytest.raises(StorageUnreachable, match="nothing listens"):
        schema_state(opened("postgresql://plain@127.0.0.1:1/x").engine)


@pytest.mark.parametrize("port", ["0", "65536", "99999", "abc", "-1"])
def test_a_port_that_is_none_is_a_wrong_setting(opened, port):
    with pytest.raises(SettingsError):
        opened(f"postgresql://plain@127.0.0.1:{port}/x")


def test_a_statement_that_takes_too_long_is_ended(database):
    with database.transaction() as connection:
        assert connection.execute(text("SHOW statement_timeout")).scalar() == "30s"
        assert connection.execute(text("SHOW idle_in_transaction_session_timeout")).scalar() == "1min"
    with pytest.raises(StorageUnreachable, match="too long"):
        sleep(database)


def sleep(database):
    with database.transaction() as connection:
        connection.execute(text("SET LOCAL statement_timeout = '50ms'"))
        connection.execute(text("SELECT pg_sleep(20)"))


def test_work_in_bulk_may_take_its_time(database):
    for bulk in (database.transaction(patient=True), database.upkeep()):
        with bulk as connection:
            assert connection.execute(text("SHOW statement_timeout")).scalar() == "0"
    with database.transaction() as connection:
        assert connection.execute(text("SHOW statement_timeout")).scalar() == "30s"


def test_options_of_the_address_count_more(external, opened):
    url = external.url("plain", "postgres") + "?options=-c%20statement_timeout%3D5s&keepalives_idle=7"
    with opened(url).transaction() as connection:
        assert connection.execute(text("SHOW statement_timeout")).scalar() == "5s"
        assert connection.execute(text("SHOW idle_in_transaction_session_timeout")).scalar() == "1min"


@pytest.mark.parametrize(
    ("url", "mode"),
    [
        ("postgresql://a@127.0.0.1/b", "prefer"),
        ("postgresql://a@[::1]/b", "prefer"),
        ("postgresql://a@localhost/b", "prefer"),
        ("postgresql://a@db/b", "prefer"),
        ("postgresql:///b?host=/run/postgresql", "prefer"),
        ("postgresql://a@10.0.0.7/b", "require"),
        ("postgresql://a@db.example.org/b", "require"),
        ("postgresql:///b?host=db.example.org", "require"),
        ("postgresql://a@db/b?hostaddr=192.0.2.1", "require"),
    ],
)
def test_the_way_to_a_database_elsewhere_is_encrypted(opened, url, mode):
    assert sslmode_for(opened(url).engine.url) == mode
