"""Upgrades and downgrades with rows in every table."""

import json
import re
import zlib
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import Engine, NullPool, create_engine, text

from storage.server.database import Database, open_database
from tests.storage.filling import fill, in_common, reflected, revisions, snapshot
from tests.storage.revisions import downgrade_to, upgrade_to

MIGRATIONS = Path(__file__).parents[2] / "storage" / "migrations"
REVISIONS = revisions(str(MIGRATIONS))
STEPS = list(pairwise(REVISIONS))


@pytest.fixture
def engine(migrated: Database, tmp_path: Path) -> Iterator[Engine]:
    """A database of its own, with nothing in it."""
    superuser = migrated._server.url_as("postgres")
    with create_engine(superuser, poolclass=NullPool).connect() as connection:
        outside = connection.execution_options(isolation_level="AUTOCOMMIT")
        outside.execute(text("DROP DATABASE IF EXISTS walk"))
        outside.execute(text("CREATE DATABASE walk"))
        address = superuser.set(database="walk").render_as_string(hide_password=False)
        database = open_database(address, tmp_path)
        with database.transaction() as inside:
            inside.execute(text("CREATE EXTENSION vector"))
        yield database.engine
        database.close()
        outside.execute(text("DROP DATABASE walk"))


def test_the_revisions_are_one_line():
    assert len(REVISIONS) == len(list((MIGRATIONS / "versions").glob("[0-9]*.py")))


@pytest.mark.parametrize(("before", "after"), STEPS, ids=[after for _, after in STEPS])
def test_a_step_up_and_down_again_keeps_every_row(engine: Engine, before: str, after: str):
    upgrade_to(engine, before)
    fill(engine)
    kept = snapshot(engine)
    assert all(kept.values())
    upgrade_to(engine, after)
    assert_kept(kept, snapshot(engine))
    downgrade_to(engine, before)
    assert snapshot(engine) == kept


@pytest.mark.parametrize(("before", "after"), STEPS, ids=[after for _, after in STEPS])
def test_a_step_down_and_up_again_keeps_what_both_revisions_know(engine: Engine, before: str, after: str):
    upgrade_to(engine, after)
    fill(engine)
    full = snapshot(engine)
    assert all(full.values())
    downgrade_to(engine, before)
    left = snapshot(engine)
    assert_kept(left, full)
    upgrade_to(engine, after)
    assert_kept(left, snapshot(engine))


def test_rows_survive_the_whole_way_up_and_down(engine: Engine):
    for revision in REVISIONS:
        upgrade_to(engine, revision)
        fill(engine)
    full = snapshot(engine)
    assert all(full.values())
    for revision in REVISIONS[-2::-1]:
        downgrade_to(engine, revision)
        assert_kept(snapshot(engine), full)
    downgrade_to(engine)
    assert not reflected(engine).tables


def test_what_is_filled_is_the_whole_schema(engine: Engine):
    upgrade_to(engine)
    fill(engine)
    empty = {
        f"{table}.{column}"
        for table, rows in snapshot(engine).items()
        for row in rows
        for column in row
        if row[column] is None
    }
    assert empty == set()
    assert set(snapshot(engine)) == _documented()


def assert_kept(rows, among):
    """Every row stands among others, as far as tables and columns are known to both."""
    assert set(rows) <= set(among) or set(among) <= set(rows)
    one, other = in_common(rows, among)
    assert one == other


def _documented() -> set[str]:
    text = (MIGRATIONS.parents[1] / "docs" / "data.md").read_text(encoding="utf-8")
    return set(re.findall(r"^## `(\w+)`$", text, re.MULTILINE))


def test_what_was_left_out_by_old_key_rules_stays_left_out(engine: Engine):
    listener = "00000000-0000-4000-8000-000000000001"
    library = {
        "rows": [["ด", "ด|ม", 1.0, "plays", None, ""], ["jørgen", "", 1.0, "plays", None, ""]],
        "names": {"ด": "ดี", "ด|ม": "มี"},
    }
    upgrade_to(engine, "0015_field_names")
    with engine.begin() as connection:
        connection.execute(
            text("""INSERT INTO listeners (id, account_key, alias, source, discoverable, created_at_utc)
                VALUES (:id, 'a', 'Ann', 'table', true, now())"""),
            {"id": listener},
        )
        connection.execute(
            text("INSERT INTO libraries VALUES (:id, :content)"),
            {"id": listener, "content": zlib.compress(json.dumps(library).encode())},
        )
        for kind, value in (("artist", "ด"), ("track", "ด|ม"), ("artist", "jørgen"), ("period", "2026-03")):
            connection.execute(
                text("INSERT INTO exclusions VALUES (:id, :kind, :value, now())"),
                {"id": listener, "kind": kind, "value": value},
            )
    upgrade_to(engine, "0016_key_rules")
    with engine.connect() as connection:
        found = {tuple(row) for row in connection.execute(text("SELECT kind, value FROM exclusions"))}
    assert found == {("artist", "ดี"), ("track", "ดี|มี"), ("artist", "jorgen"), ("period", "2026-03")}
