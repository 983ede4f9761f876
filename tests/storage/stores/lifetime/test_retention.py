"""What is deleted when its time is over, and what is not."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, insert, select, update

from matcher.domain.listening import Source
from matcher.errors import PurgeRefused
from matcher.ports import Account
from storage.server.database import Database
from storage.sql.audit import note
from storage.sql.schema import audit, blocks, libraries, listeners, pending_logins, sessions, sources
from storage.stores.lifetime.retention import PURGE, PostgresRetention, RetentionTimes
from storage.stores.listeners.listeners import PostgresListenerStore
from storage.stores.listeners.tastes import PostgresTasteStore
from storage.stores.music.attribute_answers import PostgresAttributeCache
from storage.stores.music.readings import PostgresReadingStore
from storage.stores.signing_in.pending_logins import PostgresPendingLoginStore
from storage.stores.signing_in.sessions import PostgresSessionStore
from tests.fakes.product_way import save_profile
from tests.storage.contracts.worlds import (
    VERSION,
    aliases,
    candidates,
    pending,
    profile,
    random_units,
    unit,
)

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


@pytest.fixture
def retention(database: Database) -> PostgresRetention:
    return patient_about_clocks(database, RetentionTimes())


def patient_about_clocks(database, times):
    """These tests live at another time than the database."""
    return PostgresRetention(database, times, most_skew=timedelta.max)


def purge_twice(retention, at):
    """A purge finds who has gone, and one a day later erases them: its counts."""
    retention.purge(at - DAY)
    return retention.purge(at)


@pytest.fixture
def store(database: Database) -> PostgresListenerStore:
    return PostgresListenerStore(database)


def sign_in(store, key="me", at=NOON, source=Source.SPOTIFY_API):
    return store.connect(Account(f"spotify:{key}"), source, "x", at).listener_id


def read(store, listener_id, at, source=Source.SPOTIFY_API):
    """A library is read: its lists, its items and its profile are kept."""
    save_profile(store, listener_id, profile(source=source), unit(1, 2), VERSION, at)
    PostgresReadingStore(store.database).save(listener_id, {"format": 1})
    read_source(store, listener_id, at, source)


def read_source(store, listener_id, at, source=Source.SPOTIFY_API):
    mine = {"listener_id": listener_id, "origin": str(source)}
    with store.database.transaction() as connection:
        connection.execute(insert(sources).values(**mine, read_at_utc=at, proven=True))
        connection.execute(insert(libraries).values(**mine, content=b"items"))


def kept(store, table):
    with store.database.transaction() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


# ---- people who have gone -------------------------------------------------------------------------------


def test_who_did_not_come_back_for_thirty_days_is_erased_whole(store, retention):
    me, friend = sign_in(store), sign_in(store, "friend", NOON + 40 * DAY)
    read(store, me, NOON)
    with store.database.transaction() as connection:
        connection.execute(insert(blocks).values(listener_id=friend, blocked_id=me, blocked_at_utc=NOON))
    assert purge_twice(retention, NOON + 40 * DAY)["listeners"] == 1
    assert store.listener(me) is None
    assert store.listener(friend) is not None
    assert [kept(store, table) for table in (blocks, libraries)] == [0, 0]


def test_who_was_there_within_thirty_days_stays_to_the_end_of_the_day(store, retention):
    me = sign_in(store, at=NOON)
    retention.purge(datetime(2026, 12, 21, 23, 59, 59, tzinfo=UTC))
    assert due_since(store, me) is None
    retention.purge(datetime(2026, 12, 22, tzinfo=UTC))
    retention.purge(datetime(2026, 12, 22, 23, 59, 59, tzinfo=UTC))
    assert store.listener(me) is not None
    assert retention.purge(datetime(2026, 12, 23, tzinfo=UTC))["listeners"] == 1


def test_nobody_is_erased_while_a_session_lasts(store, retention):
    me, browser = sign_in(store, at=NOON), PostgresSessionStore(store.database)
    browser.begin("ab" * 32, me, NOON, NOON + 30 * DAY)
    last_visit = NOON + 29 * DAY + 12 * timedelta(hours=1) - SECOND
    browser.prolong("ab" * 32, last_visit, last_visit + 30 * DAY, 180 * DAY)
    retention.purge(last_visit + 30 * DAY)
    assert store.listener(me) is not None
    assert purge_twice(retention, last_visit + 32 * DAY)["listeners"] == 1


def test_imported_listeners_are_never_idle(store, retention):
    store.add_candidates(candidates(random_units(3)), aliases(3), VERSION, NOON)
    assert retention.purge(NOON + 1000 * DAY)["listeners"] == 0
    assert store.n_candidates(VERSION) == 3


def test_the_operator_says_how_long_is_idle(store):
    me = sign_in(store)
    patient = patient_about_clocks(store.database, RetentionTimes(idle=90 * DAY))
    purge_twice(patient, NOON + 90 * DAY)
    assert store.listener(me) is not None
    assert purge_twice(patient, NOON + 92 * DAY)["listeners"] == 1


def test_who_comes_back_while_the_purge_is_on_its_way_stays(store, retention):
    """The purge finds them idle, then waits for their row: signing in got there first."""
    me, held, purging = sign_in(store), threading.Event(), threading.Event()
    later = NOON + 100 * DAY
    retention.purge(later - DAY)

    def come_back():
        with store.database.transaction() as connection:
            row = update(listeners).where(listeners.c.id == me)
            connection.execute(row.values(signed_in_at_utc=later))
            held.set()
            purging.wait(60)
            threading.Event().wait(0.3)  # the purge stands at the row by now

    with ThreadPoolExecutor(2) as pool:
        back = pool.submit(come_back)
        assert held.wait(60)
        purged = pool.submit(retention.purge, later)
        purging.set()
        back.result()
        assert purged.result()["listeners"] == 0
    assert store.listener(me) is not None


def test_several_processes_may_purge_at_once(store, retention):
    for n in range(12):
        sign_in(store, str(n))
    retention.purge(NOON + 39 * DAY)
    with ThreadPoolExecutor(4) as pool:
        later = [(NOON + 40 * DAY, True)] * 4
        found = list(pool.map(lambda when: retention.purge(*when)["listeners"], later))
    assert sum(found) == 12


# ---- a clock that is wrong ------------------------------------------------------------------------------


def test_a_start_with_the_date_forty_days_ahead_erases_nobody(store, retention):
    """What happened: seven of seven were erased. The clock is put right, and nobody is due any more."""
    people = [sign_in(store, str(n)) for n in range(7)]
    assert retention.purge(NOON + 40 * DAY)["listeners"] == 0
    assert retention.purge(NOON + 1 * DAY)["listeners"] == 0
    assert [due_since(store, one) for one in people] == [None] * 7
    assert retention.purge(NOON + 40 * DAY)["listeners"] == 0


def test_a_clock_that_stays_wrong_erases_nobody_without_being_told_to(store, retention):
    for n in range(7):
        sign_in(store, str(n))
    retention.purge(NOON + 40 * DAY)
    for later in (41, 42, 400):
        with pytest.raises(PurgeRefused, match=r"7 people .* `earshot purge --yes`"):
            retention.purge(NOON + later * DAY)
    assert kept(store, listeners) == 7
    assert retention.purge(NOON + 401 * DAY, anyway=True)["listeners"] == 7


def test_a_tenth_of_all_people_may_go_at_once_and_not_one_more(store, retention):
    for n in range(18):
        sign_in(store, f"here {n}", NOON + 40 * DAY)
    gone = [sign_in(store, f"gone {n}") for n in range(2)]
    assert purge_twice(retention, NOON + 41 * DAY)["listeners"] == 2
    for n in range(3):
        sign_in(store, f"gone again {n}")
    retention.purge(NOON + 42 * DAY)
    with pytest.raises(PurgeRefused):
        retention.purge(NOON + 43 * DAY)
    assert kept(store, listeners) == 18 + 3
    assert [store.listener(one) for one in gone] == [None, None]


def test_imported_listeners_are_no_people_to_take_the_tenth_of(store, retention):
    store.add_candidates(candidates(random_units(60)), aliases(60), VERSION, NOON)
    for n in range(2):
        sign_in(store, str(n))
    retention.purge(NOON + 40 * DAY)
    with pytest.raises(PurgeRefused):
        retention.purge(NOON + 41 * DAY)


def test_too_many_who_have_gone_do_not_keep_the_rest_from_going(store, retention):
    me, other = sign_in(store), sign_in(store, "other")
    for one in (me, other):
        read(store, one, NOON)
    retention.purge(NOON + 39 * DAY)
    with store.database.transaction() as connection:
        connection.execute(insert(libraries).values(listener_id=me, origin="spotify_api", content=b"items"))
        note(connection, "export", {}, NOON - 500 * DAY)
    with pytest.raises(PurgeRefused):
        retention.purge(NOON + 40 * DAY)
    assert [kept(store, table) for table in (listeners, libraries)] == [2, 0]
    with store.database.transaction() as connection:
        assert "export" in connection.execute(select(audit.c.action)).scalars().all()


def test_a_clock_that_differs_from_the_databases_deletes_nothing(database, store):
    strict = PostgresRetention(database, RetentionTimes())
    me, browser = sign_in(store), PostgresSessionStore(database)
    browser.begin("ab" * 32, me, NOON, NOON + DAY)
    with database.transaction() as connection:
        theirs = connection.execute(select(func.clock_timestamp())).scalar_one()
    for wrong in (theirs + timedelta(minutes=6), theirs - timedelta(minutes=6), theirs + 400 * DAY):
        with pytest.raises(PurgeRefused, match="differ by more than five minutes"):
            strict.purge(wrong, anyway=True)
    assert [kept(store, table) for table in (listeners, sessions)] == [1, 1]
    assert not strict.purge(theirs + timedelta(minutes=4))["listeners"]


def test_a_mark_of_a_clock_that_was_ahead_does_not_count(store, retention):
    """Due since next year: the day of grace begins anew."""
    me = sign_in(store)
    retention.purge(NOON + 400 * DAY)
    retention.purge(NOON + 40 * DAY)
    assert due_since(store, me) == NOON + 40 * DAY
    assert retention.purge(NOON + 40 * DAY + 12 * timedelta(hours=1))["listeners"] == 0
    assert retention.purge(NOON + 41 * DAY)["listeners"] == 1


def test_who_comes_back_in_the_day_of_grace_stays(store, retention):
    me = sign_in(store)
    retention.purge(NOON + 40 * DAY)
    PostgresSessionStore(store.database).begin("ab" * 32, me, NOON + 40 * DAY, NOON + 70 * DAY)
    assert retention.purge(NOON + 41 * DAY)["listeners"] == 0
    assert due_since(store, me) is None


def due_since(store, listener_id):
    with store.database.transaction() as connection:
        query = select(listeners.c.due_since_utc).where(listeners.c.id == listener_id)
        found = connection.execute(query).scalar_one()
    return found and found.astimezone(UTC)


# ---- what was read from Spotify -------------------------------------------------------------------------


def test_lists_that_no_refresh_confirmed_for_a_week_go_and_the_profile_stays(store, retention):
    me = sign_in(store)
    read(store, me, NOON)
    found = retention.purge(NOON + 7 * DAY + SECOND)
    assert (found["readings"], found["libraries"], found["listeners"]) == (1, 1, 0)
    assert store.profile(me) is not None
    assert store.vectors([me], VERSION).get(me) is not None


def test_a_refresh_within_the_week_confirms_the_lists(store, retention):
    me = sign_in(store)
    read(store, me, NOON)
    save_profile(store, me, profile(source=Source.SPOTIFY_API), unit(1, 2), VERSION, NOON + 5 * DAY)
    found = retention.purge(NOON + 8 * DAY)
    assert (found["readings"], found["libraries"]) == (0, 0)


def test_lists_of_a_reading_that_never_became_a_profile_go_too(store, retention):
    me = sign_in(store)
    PostgresReadingStore(store.database).save(me, {"format": 1})
    assert retention.purge(NOON + 8 * DAY)["readings"] == 1


def test_of_several_sources_only_spotifys_library_goes(store, retention):
    me = sign_in(store)
    read(store, me, NOON)
    read_source(store, me, NOON, Source.LASTFM)
    assert retention.purge(NOON + 7 * DAY + SECOND)["libraries"] == 1
    assert [kept(store, table) for table in (libraries, sources)] == [1, 2]
    assert PostgresTasteStore(store.database).library(me) is None


def test_what_somebody_brought_themselves_stays(store, retention):
    me = sign_in(store)
    read(store, me, NOON, source=Source.TABLE)
    assert retention.purge(NOON + 20 * DAY)["libraries"] == 0


# ---- the rest -------------------------------------------------------------------------------------------


def test_sessions_that_are_over_go(store, retention):
    me, browser = sign_in(store), PostgresSessionStore(store.database)
    browser.begin("ab" * 32, me, NOON, NOON + DAY)
    browser.begin("cd" * 32, me, NOON, NOON + 2 * DAY)
    assert retention.purge(NOON + DAY)["sessions"] == 1
    assert kept(store, sessions) == 1


def test_log_ins_that_are_over_go(store, retention):
    login = pending()
    PostgresPendingLoginStore(store.database).add(login)
    assert retention.purge(login.expires_at_utc - SECOND)["pending_logins"] == 0
    assert retention.purge(login.expires_at_utc)["pending_logins"] == 1
    assert kept(store, pending_logins) == 0


def test_answers_go_after_thirty_days_and_those_of_spotify_after_seven(store, retention):
    cache = PostgresAttributeCache(store.database)
    cache.keep("reccobeats", {"id:1": None}, NOON)
    cache.keep("spotify", {"id:1": None}, NOON)
    assert retention.purge(NOON + 7 * DAY)["attribute_cache"] == 0
    assert retention.purge(NOON + 7 * DAY + SECOND)["attribute_cache"] == 1
    assert cache.answers("reccobeats", ["id:1"], NOON) == {"id:1": None}
    assert retention.purge(NOON + 30 * DAY + SECOND)["attribute_cache"] == 1


def test_a_purge_is_audited_by_counts_alone_and_the_audit_goes_after_a_year(store, retention):
    sign_in(store)
    purge_twice(retention, NOON + 40 * DAY)
    with store.database.transaction() as connection:
        (row,) = connection.execute(select(audit)).all()
    assert (row.action, row.listener_id, row.details["listeners"]) == (PURGE, None, 1)
    assert all(isinstance(count, int) for count in row.details.values())
    assert retention.purge(NOON + 405 * DAY)["audit"] == 0
    assert retention.purge(NOON + 406 * DAY)["audit"] == 1


def test_a_purge_that_deletes_nothing_leaves_no_trace(store, retention):
    assert not any(retention.purge(NOON).values())
    assert kept(store, audit) == 0


def test_rows_that_somebody_holds_are_left_for_the_next_time(store, retention):
    me, browser = sign_in(store), PostgresSessionStore(store.database)
    browser.begin("ab" * 32, me, NOON, NOON + DAY)
    with store.database.transaction() as connection:
        connection.execute(select(sessions).with_for_update())
        assert retention.purge(NOON + 2 * DAY)["sessions"] == 0
    assert retention.purge(NOON + 2 * DAY)["sessions"] == 1


# ---- being there ----------------------------------------------------------------------------------------


def active_at(store, listener_id):
    with store.database.transaction() as connection:
        found = connection.execute(
            select(listeners.c.active_at_utc).where(listeners.c.id == listener_id)
        ).scalar_one()
    return found and found.astimezone(UTC)


def test_a_visit_is_noted_to_the_day(store):
    me, browser = sign_in(store), PostgresSessionStore(store.database)
    assert active_at(store, me) is None
    browser.begin("ab" * 32, me, NOON, NOON + 30 * DAY)
    assert active_at(store, me) == datetime(2026, 11, 21, tzinfo=UTC)
    for later, day in ((NOON + 3 * DAY, 24), (NOON + 2 * DAY, 24), (NOON + 5 * DAY, 26)):
        browser.prolong("ab" * 32, later, later + 30 * DAY, 180 * DAY)
        assert active_at(store, me) == datetime(2026, 11, day, tzinfo=UTC)


def test_a_visit_of_the_same_day_writes_nothing(store):
    me, browser = sign_in(store), PostgresSessionStore(store.database)
    browser.begin("ab" * 32, me, NOON, NOON + 30 * DAY)
    before = version_of(store, me)
    browser.prolong("ab" * 32, NOON + timedelta(hours=11), NOON + 30 * DAY, 180 * DAY)
    assert version_of(store, me) == before


def test_a_session_that_is_over_is_no_visit(store):
    me, browser = sign_in(store), PostgresSessionStore(store.database)
    browser.begin("ab" * 32, me, NOON, NOON + DAY)
    browser.prolong("ab" * 32, NOON + 2 * DAY, NOON + 30 * DAY, 180 * DAY)
    browser.prolong("cd" * 32, NOON + 2 * DAY, NOON + 30 * DAY, 180 * DAY)
    assert active_at(store, me) == datetime(2026, 11, 21, tzinfo=UTC)


def version_of(store, listener_id):
    """Which transaction wrote the row."""
    with store.database.transaction() as connection:
        query = "SELECT xmin::text FROM listeners WHERE id = %s"
        return connection.exec_driver_sql(query, (listener_id,)).scalar_one()
