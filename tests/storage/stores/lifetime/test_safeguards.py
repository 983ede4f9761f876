"""What outlasts an erasure: how long, under which keys, and whatever happens at the same moment."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from matcher.browsing.feedback import FeedbackAction
from matcher.domain.listening import Source
from matcher.errors import SettingsError
from matcher.ports import Account, ReportReason
from storage.server.database import Database
from storage.sql.schema import blocks, reports, safeguards
from storage.stores.lifetime.fingerprints import Fingerprints
from storage.stores.lifetime.retention import PostgresRetention, RetentionTimes
from storage.stores.listeners.listeners import PostgresListenerStore
from storage.stores.people.consent import PostgresConsentStore
from storage.stores.people.personal_data import PostgresPersonalData
from storage.stores.people.relations import PostgresRelationStore
from storage.stores.records.feedback import PostgresFeedbackStore
from tests.people_world import CIPHER, everything_in
from tests.storage.contracts.people import Stores
from tests.storage.contracts.worlds import NOW, VERSION

OLD, NEW = b"an old key of the operator's, long", b"a new key of the operator's, longer"


def stores_with(database: Database, *keys: bytes) -> Stores:
    return Stores(
        PostgresListenerStore(database, Fingerprints(keys)),
        PostgresConsentStore(database),
        PostgresRelationStore(database),
        PostgresPersonalData(database, CIPHER),
    )


@pytest.fixture
def stores(database: Database) -> Stores:
    return stores_with(database, OLD)


def count(database: Database, table) -> int:
    with database.transaction() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def backdate(database: Database, days: float) -> None:
    """Let what is kept have been kept for so many days: the moment of an erasure is the database's."""
    with database.transaction() as connection:
        connection.execute(update(safeguards).values(erased_at_utc=NOW - timedelta(days=days)))


def test_a_block_comes_back_within_a_year_and_not_after(stores: Stores, database: Database):
    for days, n_blocks in ((365, 1), (365.1, 0)):
        me, other = stores.join(f"a{n_blocks}"), stores.join(f"b{n_blocks}")
        stores.relations.block(me, other, NOW)
        stores.listeners.forget(other)
        backdate(database, days)
        stores.join(f"b{n_blocks}")
        assert len(stores.relations.blocked(me)) == n_blocks


def test_the_purge_deletes_what_was_kept_for_a_year(stores: Stores, database: Database):
    me, other = stores.join("ann"), stores.join("bob")
    stores.relations.block(me, other, NOW)
    stores.listeners.forget(other)
    retention = PostgresRetention(
        database, RetentionTimes(idle=timedelta(days=9_999)), most_skew=timedelta.max
    )
    backdate(database, 365)
    assert retention.purge(NOW)["safeguards"] == 0
    backdate(database, 366)
    assert retention.purge(NOW)["safeguards"] == 1
    assert count(database, safeguards) == 0


def test_a_block_outlasts_the_purge_of_who_stayed_away(stores: Stores, database: Database):
    me, other = stores.join("ann"), stores.join("bob")
    stores.relations.block(me, other, NOW)
    fingerprints = stores.listeners.fingerprints
    later = NOW + timedelta(days=40)
    stores.listeners.connect(Account("spotify:ann"), Source.SPOTIFY_API, "x", later)
    retention = PostgresRetention(database, RetentionTimes(), fingerprints, timedelta.max)
    for moment in (later - timedelta(days=1), later):  # found gone, and a day of grace
        retention.purge(moment)
    assert stores.listeners.listener(other) is None
    stores.listeners.connect(Account("spotify:bob"), Source.SPOTIFY_API, "Bob again", later)
    assert [one.alias for one in stores.relations.blocked(me)] == ["Bob again"]


def test_a_report_comes_back_with_its_reason(stores: Stores, database: Database):
    me, other = stores.join("ann"), stores.join("bob")
    stores.relations.report(me, other, ReportReason.HARASSMENT, NOW)
    stores.listeners.forget(other)
    assert count(database, reports) == 0
    other = stores.join("bob")
    with database.transaction() as connection:
        (row,) = connection.execute(select(reports)).all()
    assert (str(row.reported_id), row.reason, row.reported_at_utc) == (other, "harassment", NOW)
    assert count(database, safeguards) == 0


def test_what_is_kept_names_nobody(stores: Stores, database: Database):
    me, other = stores.join("velvet-account"), stores.join("bob")
    stores.relations.block(me, other, NOW)
    stores.listeners.forget(me)
    assert "velvet-account" not in everything_in(database)
    assert me not in everything_in(database)
    kept = stores.personal.export(other, NOW).get("safeguards", [])
    assert kept == []  # that somebody had blocked them is not theirs to know


def test_who_blocked_finds_it_in_their_own_data_without_the_fingerprint(stores: Stores):
    me, other = stores.join("ann"), stores.join("bob")
    stores.relations.block(me, other, NOW)
    stores.listeners.forget(other)
    (row,) = stores.personal.export(me, NOW)["safeguards"]
    assert (row["kind"], row["about_id"]) == ("block", None)
    assert not any(one in json.dumps(row) for one in Fingerprints((OLD,)).every("spotify:bob"))


def test_a_new_key_knows_what_an_old_one_kept_and_another_does_not(stores: Stores, database: Database):
    me, other = stores.join("ann"), stores.join("bob")
    stores.relations.block(me, other, NOW)
    stores.listeners.forget(other)
    strange = stores_with(database, NEW)
    other = strange.join("bob")
    assert strange.relations.blocked(me) == []
    strange.listeners.forget(other)
    stores_with(database, NEW, OLD).join("bob")
    assert len(stores.relations.blocked(me)) == 1


def test_a_fingerprint_is_hmac_sha256_of_the_account():
    expected = "39bcb4e220f027a5d8188a3ce6c9c87b43f991f6ffa5ccf85e3b0cea39d38f53"
    assert Fingerprints((b"k" * 32,)).of("spotify:ann") == expected
    assert Fingerprints((b"j" * 32,)).of("spotify:ann") != expected
    assert "kkkk" not in repr(Fingerprints((b"k" * 32,)))


@pytest.mark.parametrize("keys", [(), (b"short",), (b"k" * 32, b"short")])
def test_a_key_that_could_be_guessed_is_refused(keys):
    with pytest.raises(SettingsError):
        Fingerprints(keys)


def test_erasing_and_signing_in_at_once_never_lifts_a_block(stores: Stores):
    me = stores.join("ann")
    for n in range(8):
        other = stores.join(f"b{n}")
        stores.relations.block(me, other, NOW)
        with ThreadPoolExecutor(2) as pool:
            pool.submit(stores.listeners.forget, other)
            pool.submit(stores.join, f"b{n}").exception()  # may have been erased before it was hidden or read
        again = stores.join(f"b{n}")
        assert again in {one.listener_id for one in stores.relations.blocked(me)}


def test_both_erased_and_back_at_the_same_moment_are_blocked_again(stores: Stores, database: Database):
    for n in range(5):
        names = f"a{n}", f"b{n}"
        ids = [stores.join(name) for name in names]
        stores.relations.report(ids[1], ids[0], ReportReason.SPAM, NOW)
        stores.relations.block(*ids, NOW)
        stores.relations.block(*reversed(ids), NOW)
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(stores.listeners.forget, ids))
            back = list(pool.map(stores.join, names))
        assert [one.listener_id for one in stores.relations.blocked(back[0])] == [back[1]]
    assert (count(database, blocks), count(database, reports)) == (10, 5)


@pytest.mark.parametrize("action", [FeedbackAction.OPENED, FeedbackAction.DISMISSED])
def test_somebody_one_has_met_can_be_blocked_and_reported_after_they_blocked(
    stores: Stores, database: Database, action: FeedbackAction
):
    """Or a harasser would only have to block first."""
    me, other = stores.join("ann"), stores.join("bob")
    PostgresFeedbackStore(database).add(me, other, int(action), VERSION, NOW)
    stores.relations.block(other, me, NOW)
    stores.relations.report(me, other, ReportReason.HARASSMENT, NOW)
    assert stores.relations.block(me, other, NOW)
