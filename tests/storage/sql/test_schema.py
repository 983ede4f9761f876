"""The schema: migrations on a filled database, and the data inventory."""

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from matcher.domain.listening import Source
from matcher.ports import Account
from storage.search import neighbours
from storage.server.database import Database
from storage.server.migrate import upgrade
from storage.sql.schema import metadata
from storage.stores.listeners.listeners import PostgresListenerStore
from tests.fakes.product_way import nearest
from tests.storage.contracts.worlds import NOW, STRANGER, VERSION, aliases, candidates, random_units
from tests.storage.revisions import downgrade_to

INVENTORY = Path(__file__).parents[3] / "docs" / "data.md"
MIGRATIONS = Path(__file__).parents[3] / "storage" / "migrations"
COLUMNS = (
    "SELECT table_name, column_name FROM information_schema.columns"
    " WHERE table_schema = 'public' AND table_name <> 'alembic_version'"
)


def test_a_filled_database_goes_down_and_up_again(database: Database):
    store = PostgresListenerStore(database)
    store.add_candidates(candidates(random_units(3)), aliases(3), VERSION, NOW)
    downgrade_to(database.owner)
    with database.transaction() as connection:
        assert connection.exec_driver_sql(COLUMNS).all() == []
    upgrade(database)
    assert store.n_candidates(VERSION) == 0
    assert store.connect(Account("a"), Source.TABLE, "x", NOW).alias == "x"


def test_vectors_survive_the_way_to_half_precision_and_back(
    database: Database, monkeypatch: pytest.MonkeyPatch
):
    store, rows = PostgresListenerStore(database), random_units(8)
    store.add_candidates(candidates(rows), aliases(8), VERSION, NOW)
    monkeypatch.setattr(neighbours, "EXACT_BELOW", 3)
    assert store.index_vectors(VERSION)
    before = nearest(store, rows[0], 8, VERSION, STRANGER)
    downgrade_to(database.owner, "0004")
    with database.transaction() as connection:
        embeddings = connection.exec_driver_sql("SELECT embedding::real[] FROM vectors").scalars().all()
    assert {np.array(one, np.float32).tobytes() for one in embeddings} == {one.tobytes() for one in rows}
    upgrade(database)
    assert nearest(store, rows[0], 8, VERSION, STRANGER) == before
    assert store.index_vectors(VERSION)


def test_several_processes_may_upgrade_at_once(database: Database):
    downgrade_to(database.owner)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: upgrade(database), range(4)))
    with database.transaction() as connection:
        found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    assert found == ScriptDirectory(str(MIGRATIONS)).get_current_head()


def test_migrations_make_exactly_the_schema(database: Database):
    with database.transaction() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_the_inventory_lists_every_stored_column_and_no_other(database: Database):
    with database.transaction() as connection:
        stored = {(table, column) for table, column in connection.exec_driver_sql(COLUMNS)}
    assert listed(INVENTORY.read_text(encoding="utf-8")) == stored


def listed(text: str) -> set[tuple[str, str]]:
    """Tables and columns named in the inventory: `## table`, then rows that begin with `column`."""
    found, table = set(), ""
    for line in text.splitlines():
        if heading := re.fullmatch(r"## `(\w+)`", line):
            table = heading[1]
        elif row := re.match(r"\| `(\w+)` \|(.+)\|(.+)\|$", line):
            assert all(cell.strip() for cell in [*row[2].split("|"), row[3]]), line
            found.add((table, row[1]))
    return found
