"""Erasing a listener: nothing is left in any table, whatever happens at the same time."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select

from matcher.domain.consent import Relation, Sharing
from matcher.domain.listening import Source
from matcher.errors import UnknownListener
from matcher.ports import Account, ReportReason, ServiceName, WaitingSignIn
from storage.server.database import Database
from storage.sql import schema
from storage.sql.locks import hold
from storage.sql.text import row_id
from storage.stores.music.made_playlists import PostgresMadePlaylistStore
from storage.stores.music.readings import PostgresReadingStore
from storage.stores.records.change_counts import PostgresPaceStore
from storage.stores.signing_in.grants import PostgresGrantStore
from storage.stores.signing_in.pending_logins import PostgresPendingLoginStore
from storage.stores.signing_in.recovery_keys import PostgresRecoveryKeyStore
from storage.stores.signing_in.service_names import PostgresServiceNameStore
from storage.stores.signing_in.sessions import PostgresSessionStore
from storage.stores.signing_in.waiting_sign_ins import PostgresWaitingSignInStore
from tests.fakes.product_way import choose_sharing
from tests.people_world import CIPHER, NOW, World, everything_in, world_on
from tests.storage.contracts.worlds import grant, pending

IDENTIFYING = ("Zyzzogeton", "Secret Mixtape", "qx-facet", "velvet-account", "Odd Alias Of Mine")
"""Names that only the erased listener's rows hold: artists, playlists, facets, account, alias."""


@pytest.fixture
def world(database: Database) -> World:
    return world_on(database)


def fill(world: World, database: Database) -> tuple[str, str]:
    """A listener with rows in every table that can hold one, in both of their columns; and a friend."""
    me, friend = world.join("velvet-account", "Zyzzogeton", "Low"), world.join("friend", "Low")
    world.people.choose_alias(me, "Odd Alias Of Mine")
    choose_sharing(world.people, me, Sharing(tracks=False))
    world.people.consent.share_facet(me, "qx-facet", False, NOW)
    PostgresGrantStore(database, CIPHER).save(me, grant())
    PostgresSessionStore(database).begin("ab" * 32, me, NOW, NOW + timedelta(hours=1))
    PostgresRecoveryKeyStore(database).keep(me, "cd" * 32, NOW)
    name = ServiceName(Source.LASTFM, "quokka-at-lastfm", proven=True)
    PostgresServiceNameStore(database, CIPHER).keep(me, name)
    PostgresReadingStore(database).save(me, {"playlists": ["Secret Mixtape"]})
    world.people.ask_to_connect(me, friend)
    world.people.agree_to_connect(friend, me)
    kept = {"kind": "block", "by_fingerprint": "f1", "about_fingerprint": "f2", "happened_at_utc": NOW}
    _insert(database, schema.safeguards, **kept, by_id=row_id(me), erased_at_utc=NOW)
    for one, other in ((me, friend), (friend, me)):
        world.people.report(one, other, ReportReason.OTHER)
        _insert_by_hand(database, row_id(one), row_id(other))
    PostgresWaitingSignInStore(database, CIPHER).keep("ef" * 32, WaitingSignIn(grant(), me), NOW)
    PostgresPendingLoginStore(database).add(replace(pending(), listener_id=me))
    PostgresMadePlaylistStore(database).remember(me, "Secret Mixtape", "d1", NOW)
    _insert(database, schema.exclusions, **_choice(row_id(me)))
    (source,) = world.service.tastes.sources(me)
    world.people.consent.set_training(me, source.origin, True, NOW)
    PostgresPaceStore(database).take(me, "facet", "qx-facet", NOW, [(1, timedelta(days=1))])
    return me, friend


def _choice(me: Any) -> dict[str, Any]:
    return {"listener_id": me, "kind": "facet", "value": "Secret Mixtape", "excluded_at_utc": NOW}


def _insert_by_hand(database: Database, one: Any, other: Any) -> None:
    """Rows of the tables that no use case of consent writes; a block would end the connection."""
    pair = {"listener_id": one, "other_id": other, "model_version": "v1"}
    looked = {"seen_at_utc": NOW, "rank": 1, "score": 0.5, "my_digest": "d1", "their_digest": "d2"}
    _insert(database, schema.feedback, **pair, score=1, given_at_utc=NOW)
    _insert(database, schema.match_history, **pair, **looked)
    _insert(database, schema.blocks, listener_id=one, blocked_id=other, blocked_at_utc=NOW)
    _insert(database, schema.declined, listener_id=one, other_id=other, n_times=1, declined_at_utc=NOW)


def _insert(database: Database, table: Any, **values: Any) -> None:
    with database.transaction() as connection:
        connection.execute(insert(table).values(values))


def test_nothing_is_left_of_a_listener_who_had_rows_in_every_table(world: World, database: Database):
    me, friend = fill(world, database)
    tables = {column.table.name for column in schema.columns_of_a_listener()}
    before = everything_in(database)
    expected = (me, "https://open.spotify.com/user/velvet-account", *IDENTIFYING)
    assert not [word for word in expected if not _stands_in(word, before)]
    receipt = world.people.erase(me).erased
    left = everything_in(database)
    assert not [word for word in (me, *expected) if _stands_in(word, left)]
    assert set(receipt) == tables | {"listeners"}
    assert not [table for table, n_rows in receipt.items() if not n_rows]
    assert friend in left


def _stands_in(word: str, text: str) -> bool:
    """Whether a word stands in the text, also as bytes are written there, and in whatever case."""
    return word.lower() in text.lower() or word.encode().hex() in text


def test_an_erasure_is_audited_with_its_counts_and_not_with_whom(world: World, database: Database):
    me, _ = fill(world, database)
    receipt = world.people.erase(me)
    with database.transaction() as connection:
        query = select(schema.audit).where(schema.audit.c.action == "erasure")
        (row,) = connection.execute(query).all()
    assert row.listener_id is None
    assert row.details == receipt.erased


def test_erasing_nobody_is_not_audited(world: World, database: Database):
    me = world.join("ann")
    world.people.erase(me)
    before = everything_in(database)
    assert sum(world.people.erase(me).erased.values()) == 0
    assert everything_in(database) == before


def test_an_erasure_that_fails_half_way_erases_nothing(world: World, database: Database):
    me, _ = fill(world, database)
    before = everything_in(database)
    with database.upkeep() as connection:
        connection.exec_driver_sql(
            "CREATE FUNCTION no() RETURNS trigger AS $$BEGIN RAISE EXCEPTION 'no'; END$$ LANGUAGE plpgsql"
        )
        connection.exec_driver_sql("CREATE TRIGGER no BEFORE DELETE ON listeners EXECUTE FUNCTION no()")
    try:
        with pytest.raises(Exception, match="no"):
            world.people.erase(me)
        assert everything_in(database) == before
    finally:
        with database.upkeep() as connection:
            connection.exec_driver_sql("DROP FUNCTION no CASCADE")


def test_an_export_names_every_table_and_no_secret(world: World, database: Database):
    me, friend = fill(world, database)
    text = world.people.export(me)
    found = json.loads(text)
    assert set(found) == {column.table.name for column in schema.columns_that_name_a_listener()} | {
        "listeners",
        "exported_at_utc",
    }
    assert not [table for table, rows in found.items() if not rows]
    for table in schema.metadata.tables.values():
        for row in found.get(table.name, []):
            assert set(row) == set(table.columns.keys())
    assert found["safeguards"][0]["by_fingerprint"] == "(a secret; not given out)"
    assert [len(found[table]) for table in ("blocks", "reports")] == [1, 1]  # those of others stay untold
    secrets = ("token-1", "ab" * 32, "state-1", "verifier-1", "cd" * 32, "ef" * 32, friend)
    assert not [secret for secret in secrets if secret in text]
    assert not [word for word in IDENTIFYING if word not in text]
    assert "zyzzogeton" in {row[0] for row in found["libraries"][0]["content"]["rows"]}
    assert found["service_names"][0]["ciphertext"] == "quokka-at-lastfm"
    assert found["grants"][0]["ciphertext"]["scopes"] == ["user-library-read", "user-top-read"]
    assert "0.5" not in json.dumps(found["match_history"])
    assert [row["other_id"] for row in found["feedback"]] == [world.people.choices(friend).alias]


def test_erasing_while_refreshing_connecting_and_blocking_leaves_nothing_and_locks_nobody_up(
    world: World, database: Database
):
    for _ in range(3):
        us = [world.join(f"n{n}") for n in range(4)]
        stop = threading.Event()

        def trouble(n: int, us: list[str] = us, stop: threading.Event = stop) -> None:
            me, other, step = us[n % 4], us[(n + 1 + n // 4) % 4], 0
            acts = [
                lambda: world.refresh(me, "Low", f"Artist {step}"),
                lambda: world.people.ask_to_connect(me, other),
                lambda: world.people.block(me, other),
                lambda: world.people.unblock(me, other),
                lambda: world.people.withdraw(other, me),
                lambda: world.people.export(me),
                lambda: world.people.report(me, other, ReportReason.SPAM),
            ]
            while not stop.is_set():
                step += 1
                try:
                    acts[(step + n) % len(acts)]()
                except UnknownListener:
                    continue

        with ThreadPoolExecutor(8) as busy, ThreadPoolExecutor(4) as erasers:
            running = [busy.submit(trouble, n) for n in range(8)]
            stop_later = threading.Timer(1.0, stop.set)
            stop_later.start()
            stop.wait(0.4)
            erased = list(erasers.map(world.people.erase, us))
            stop_later.join()
            for one in running:
                one.result()
        assert [one.erased["listeners"] for one in erased] == [1, 1, 1, 1]
        left = everything_in(database)
        assert not [key for key in us if key in left]


def test_whoever_is_held_is_not_erased_before_the_transaction_ends(world: World, database: Database):
    me = world.join("ann")
    with ThreadPoolExecutor(1) as pool:
        with database.transaction() as connection:
            hold(connection, [row_id(me)])
            erasing = pool.submit(world.people.erase, me)
            with pytest.raises(TimeoutError):
                erasing.result(timeout=timedelta(milliseconds=300).total_seconds())
        assert erasing.result().erased["listeners"] == 1


def test_a_request_to_somebody_being_erased_is_to_nobody(world: World):
    me, other = world.join("ann"), world.join("bob")
    world.people.ask_to_connect(me, other)
    assert world.people.contacts(me)[0].relation is Relation.ASKED_BY_ME
    world.people.erase(other)
    assert world.people.contacts(me) == []


def test_nothing_outlasts_an_account_that_nobody_can_sign_in_to_again(world: World, database: Database):
    friend, foe = world.join("friend"), world.join("foe")
    me = world.service.connect_listener(Account("key:0a1b"), Source.SPOTIFY_EXPORT).listener_id
    world.refresh(me, "Low", "Can")
    world.people.choose_discoverable(me, True)
    world.people.block(me, foe)
    world.people.erase(foe)
    assert _n_safeguards(database) == 1
    world.people.report(friend, me, ReportReason.SPAM)
    receipt = world.people.erase(me)
    assert receipt.kept_until_utc is None
    assert _n_safeguards(database) == 0
    assert "key:0a1b" not in everything_in(database)


def _n_safeguards(database: Database) -> int:
    with database.transaction() as connection:
        return len(connection.execute(select(schema.safeguards)).all())
