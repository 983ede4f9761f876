"""What PostgreSQL keeps of listeners, and what it does not."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from cryptography.fernet import Fernet
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matcher.domain.audio import AttributeSummary, AudioSummary
from matcher.domain.listening import Part, PartStatus, Source
from matcher.domain.profile import Facet, Item, ListenerProfile
from matcher.errors import StorageUnreachable, UnknownListener
from matcher.ports import Account
from matcher.scoring.packed_candidates import PackedProfile
from storage.search import neighbours
from storage.server.database import Database
from storage.sql.schema import metadata
from storage.sql.text import NOBODY
from storage.stores.listeners.listeners import PostgresListenerStore
from storage.stores.music.readings import PostgresReadingStore
from storage.stores.signing_in.cipher import GrantCipher
from storage.stores.signing_in.grants import PostgresGrantStore
from storage.stores.signing_in.sessions import PostgresSessionStore
from tests.fakes.product_way import nearest, save_profile
from tests.storage.contracts.worlds import (
    LATER,
    NOW,
    STRANGER,
    VERSION,
    aliases,
    candidates,
    grant,
    profile,
    random_units,
    unit,
)

ME = Account("spotify:me-and-only-me")
STORABLE = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20)
WEIGHTS = st.floats(min_value=5e-324, max_value=1e300)
ITEMS = st.builds(Item, STORABLE, STORABLE, WEIGHTS, STORABLE, st.none() | st.integers(1900, 2030))
SUMMARIES = st.builds(
    AttributeSummary,
    st.floats(-60, 300),
    st.floats(0, 99),
    st.tuples(*[st.floats(0, 1)] * 5),
    st.floats(0, 1),
)
PROFILES = st.builds(
    ListenerProfile,
    listener_id=st.just(""),
    source=st.sampled_from(Source),
    items=st.lists(ITEMS, max_size=5).map(tuple),
    facets=st.dictionaries(STORABLE, st.builds(Facet, st.sampled_from(Part), STORABLE), max_size=3),
    tags=st.dictionaries(STORABLE, WEIGHTS, max_size=3),
    audio=st.none()
    | st.builds(AudioSummary, st.dictionaries(STORABLE, SUMMARIES, max_size=2), st.floats(0, 1)),
    names=st.dictionaries(STORABLE, STORABLE, max_size=3),
    parts=st.dictionaries(st.sampled_from(Part), st.sampled_from(PartStatus)),
)


@pytest.fixture
def store(database: Database) -> PostgresListenerStore:
    return PostgresListenerStore(database)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(written=PROFILES)
def test_every_profile_comes_back_exactly(store: PostgresListenerStore, written: ListenerProfile):
    me = store.connect(ME, Source.TABLE, "x", NOW).listener_id
    save_profile(store, me, written, unit(1, 2), VERSION, NOW)
    assert store.profile(me) == replace(written, listener_id=me)
    assert not save_profile(store, me, written, unit(1, 2), VERSION, NOW)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=st.lists(st.floats(width=16, allow_nan=False, allow_infinity=False), min_size=1, max_size=8))
def test_every_vector_of_half_precision_comes_back_exactly(store: PostgresListenerStore, values: list[float]):
    me = store.connect(ME, Source.TABLE, "x", NOW).listener_id
    vector = np.array(values, dtype=np.float32)
    save_profile(store, me, profile(), vector, VERSION, NOW)
    np.testing.assert_array_equal(store.vectors([me], VERSION).get(me), vector)


@pytest.mark.parametrize(
    "evil", ["nul \x00", "half \ud800", "\\u0000", "'; DROP TABLE listeners; --", "%s :x"]
)
def test_hostile_names_are_kept_without_harm(store: PostgresListenerStore, evil: str):
    me = store.connect(Account(f"table:{evil}"), Source.TABLE, evil, NOW).listener_id
    save_profile(store, me, profile(evil), unit(1, 2), VERSION, NOW)
    store.add_candidates(
        candidates(random_units(2), prefix=evil), [evil, evil], f"version {evil[-1:]!r}", NOW
    )
    expected = evil.replace("\x00", "\ufffd").replace("\ud800", "\ufffd")
    assert store.profile(me).items[0].artist == expected
    assert store.listener(me).alias == expected
    assert store.connect(Account(f"table:{evil}"), Source.TABLE, "y", NOW).listener_id == me


def test_an_account_key_of_any_length_is_one_account(store: PostgresListenerStore):
    account = Account("table:" + "é" * 5000)
    first = store.connect(account, Source.TABLE, "x", NOW)
    assert store.connect(account, Source.TABLE, "y", NOW) == first
    assert store.connect(Account(account.key + "e"), Source.TABLE, "y", NOW) != first


def test_forgetting_leaves_no_trace_in_any_table(store: PostgresListenerStore, database: Database):
    me = store.connect(ME, Source.TABLE, "x", NOW).listener_id
    save_profile(store, me, profile(), unit(1, 2), VERSION, NOW)
    PostgresGrantStore(database, GrantCipher([Fernet.generate_key()])).save(me, grant())
    PostgresSessionStore(database).begin("ab" * 32, me, NOW, LATER)
    PostgresReadingStore(database).save(me, {"facets": []})
    assert me in _everything(database)
    erased = store.forget(me).erased
    one_each = ("listeners", "profiles", "vectors", "grants", "sessions", "readings")
    assert {table: n for table, n in erased.items() if n} == dict.fromkeys(one_each, 1)
    left = _everything(database)
    assert me not in left
    assert ME.key not in left


def test_nothing_is_kept_for_the_erased(store: PostgresListenerStore, database: Database):
    me = store.connect(ME, Source.TABLE, "x", NOW).listener_id
    store.forget(me)
    with pytest.raises(UnknownListener):
        PostgresGrantStore(database, GrantCipher([Fernet.generate_key()])).save(me, grant())
    with pytest.raises(UnknownListener):
        PostgresSessionStore(database).begin("ab" * 32, me, NOW, LATER)
    with pytest.raises(UnknownListener):
        PostgresReadingStore(database).save(me, {"facets": []})


def test_an_unchanged_profile_writes_nothing_but_the_time_of_reading(
    store: PostgresListenerStore, database: Database
):
    def rows() -> list[object]:
        with database.transaction() as connection:
            kept = "SELECT xmin::text, xmax::text, ctid::text FROM "
            return [connection.exec_driver_sql(kept + name).all() for name in ("vectors", "listeners")]

    me = store.connect(ME, Source.TABLE, "x", NOW).listener_id
    packed = PackedProfile(b"content", (1, -2))
    save_profile(store, me, profile(), unit(1, 2), VERSION, NOW, packed)
    (vectors, _) = before = rows()
    assert len(vectors) == 1
    assert not save_profile(store, me, profile(), unit(1, 2), VERSION, LATER, packed)
    assert rows()[0] == vectors
    assert store.synced_at_utc(me) == LATER
    assert save_profile(store, me, profile(), unit(2, 1), VERSION, LATER, packed)
    assert rows() != before


def test_two_browsers_signing_in_at_once_are_one_listener(store: PostgresListenerStore):
    start = threading.Barrier(6)

    def sign_in(_: int) -> str:
        start.wait(timeout=60)
        return store.connect(ME, Source.SPOTIFY_API, "x", NOW).listener_id

    with ThreadPoolExecutor(6) as pool:
        assert len(set(pool.map(sign_in, range(6)))) == 1


def test_two_imports_at_once_agree(store: PostgresListenerStore):
    rows = candidates(random_units(60))
    orders = [rows, rows[::-1], rows, rows[::-1]]

    def bring_in(order: list) -> int:
        return store.add_candidates(order, aliases(60), VERSION, NOW)

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(bring_in, orders)) == [60] * 4
    assert store.n_candidates(VERSION) == 60


def test_the_index_finds_what_reading_everything_finds(
    store: PostgresListenerStore, database: Database, monkeypatch: pytest.MonkeyPatch
):
    version, vectors = "it's 100%:v", random_units(400)
    store.add_candidates(candidates(vectors), aliases(400), version, NOW)
    hidden = store.connect(ME, Source.TABLE, "x", NOW).listener_id
    save_profile(store, hidden, profile(), vectors[0], version, NOW)
    exact = [nearest(store, query, 10, version, STRANGER) for query in vectors[:20]]
    assert not store.index_vectors(version)
    monkeypatch.setattr(neighbours, "EXACT_BELOW", 100)
    assert store.index_vectors(version)
    assert store.index_vectors(version)
    assert [nearest(store, query, 10, version, STRANGER) for query in vectors[:20]] == exact
    assert len(nearest(store, vectors[0], 500, version, STRANGER)) == 400
    with database.transaction() as connection:
        connection.exec_driver_sql("SET LOCAL enable_sort = off")  # so few rows would rather be sorted
        found = neighbours.ranked(connection, vectors[0], 10, version, NOBODY)
        assert [(key, -distance) for key, distance in found] == [pytest.approx(one) for one in exact[0]]
        n_scans = f"SELECT pg_stat_get_xact_numscans('{neighbours.index_name(version)}'::regclass)"
        assert connection.exec_driver_sql(n_scans).scalar() == 1


def test_the_index_of_a_version_without_vectors_goes(
    store: PostgresListenerStore, database: Database, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(neighbours, "EXACT_BELOW", 3)
    store.add_candidates(candidates(random_units(5, dim=4)), aliases(5), "old", NOW)
    assert store.index_vectors("old")
    with database.transaction() as connection:
        connection.exec_driver_sql("DELETE FROM vectors")
    assert not store.index_vectors("new")
    with database.transaction() as connection:
        names = connection.exec_driver_sql("SELECT indexname FROM pg_indexes").scalars().all()
    assert neighbours.index_name("old") not in names


def _everything(database: Database) -> str:
    with database.transaction() as connection:
        rows = [
            connection.exec_driver_sql(f"SELECT t::text FROM {name} t").scalars() for name in metadata.tables
        ]
        return "\n".join(text for one in rows for text in one)


def test_a_database_that_does_not_answer_is_said_so():
    from storage.server.database import open_database

    database = open_database("postgresql://nobody@127.0.0.1:1/none", folder=None)
    with pytest.raises(StorageUnreachable) as caught:
        PostgresListenerStore(database).listener(STRANGER)
    assert caught.value.__cause__ is not None
    database.close()


def test_as_many_are_told_as_have_been_imported(database):
    """Without statistics, 2,002 were told as 500."""
    store = PostgresListenerStore(database)
    store.add_candidates(candidates(random_units(2002)), aliases(2002), VERSION, NOW)
    assert store.index_vectors(VERSION)
    assert store.n_candidates(VERSION) == 2002
    store.add_candidates(candidates(random_units(2500)), aliases(2500), VERSION, NOW)
    assert store.index_vectors(VERSION)  # it is there already
    assert store.n_candidates(VERSION) == 2500
