"""Consent, connections and personal data: the contracts, and what only PostgreSQL can show."""

import base64
import zlib
from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import insert, select, update

from matcher.domain.consent import Relation, Sharing
from matcher.ports import ReportReason
from storage.server.database import Database
from storage.sql.schema import audit, libraries, listeners
from storage.sql.text import row_id
from storage.stores.listeners.listeners import PostgresListenerStore
from storage.stores.people.consent import PostgresConsentStore
from storage.stores.people.personal_data import PostgresPersonalData
from storage.stores.people.relations import PostgresRelationStore
from storage.stores.signing_in.cipher import GrantCipher
from tests.fakes.people import FakePeople
from tests.fakes.product_way import set_sharing
from tests.fakes.stores import FakeListenerStore
from tests.storage.contracts.people import PeopleContract, Stores
from tests.storage.contracts.worlds import NOW

CIPHER = GrantCipher([Fernet.generate_key()])


def postgres(database: Database) -> Stores:
    return Stores(
        PostgresListenerStore(database),
        PostgresConsentStore(database),
        PostgresRelationStore(database),
        PostgresPersonalData(database, CIPHER),
    )


def in_memory() -> Stores:
    listeners = FakeListenerStore()
    people = FakePeople(listeners)
    return Stores(listeners, people, people, people)


class TestFakePeople(PeopleContract):
    @pytest.fixture
    def stores(self) -> Stores:
        return in_memory()


class TestPostgresPeople(PeopleContract):
    @pytest.fixture
    def stores(self, database: Database) -> Stores:
        return postgres(database)


def test_every_change_leaves_one_row_in_the_audit_that_says_what_and_counts(database: Database):
    stores = postgres(database)
    me, other = stores.join("ann", discoverable=False), stores.join("bob")
    for _ in range(2):  # the second time nothing changes
        stores.consent.set_discoverable(me, True, NOW)
        stores.consent.set_paused(me, True, NOW)
        stores.consent.set_alias(me, "Quiet Fox", NOW)
        set_sharing(stores.consent, me, Sharing(tags=False), NOW)
        stores.consent.share_facet(me, "saved", False, NOW)
        stores.relations.ask(me, other, NOW)
    stores.relations.withdraw(me, other, NOW)
    stores.relations.block(me, other, NOW)
    stores.relations.unblock(me, other, NOW)
    stores.relations.report(me, other, ReportReason.SPAM, NOW)
    with database.transaction() as connection:
        query = select(audit).where(audit.c.listener_id == row_id(me)).order_by(audit.c.id)
        rows = connection.execute(query).all()
    kinds = "discoverable paused alias sharing facet asked withdrawn blocked unblocked reported".split()
    assert [(row.action, row.details) for row in rows] == [("consent changed", {kind: 1}) for kind in kinds]
    assert {row.happened_at_utc for row in rows} == {NOW}


def test_two_who_ask_each_other_at_once_are_connected(database: Database):
    stores = postgres(database)
    for n in range(5):
        me, other = stores.join(f"a{n}"), stores.join(f"b{n}")
        with ThreadPoolExecutor(2) as pool:
            asked = [pool.submit(stores.relations.ask, *pair, NOW) for pair in ((me, other), (other, me))]
            assert {one.result() for one in asked} == {Relation.ASKED_BY_ME, Relation.CONNECTED}
        assert stores.relation(me, other) is stores.relation(other, me) is Relation.CONNECTED


def test_the_day_somebody_was_last_here_is_told_where_it_is_known(database: Database):
    stores = postgres(database)
    me, other, silent = stores.join("ann"), stores.join("bob"), stores.join("cat")
    with database.transaction() as connection:
        connection.execute(update(listeners).where(listeners.c.id == row_id(other)).values(active_at_utc=NOW))
    found = stores.relations.standings(me, [other, silent])
    assert (found[other].active_at_utc, found[silent].active_at_utc) == (NOW, None)


@pytest.mark.parametrize("content", [b"nonsense", zlib.compress(b"[1]")])
def test_a_library_in_another_form_is_exported_as_it_is(database: Database, content: bytes):
    stores = postgres(database)
    me = stores.join("ann")
    with database.transaction() as connection:
        connection.execute(insert(libraries).values(listener_id=row_id(me), origin="table", content=content))
    (row,) = stores.personal.export(me, NOW)["libraries"]
    assert base64.b64decode(row["content"]["base64"]) == content
