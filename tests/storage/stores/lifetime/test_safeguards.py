"""What outlasts an erasure: how long, under which keys, and whatever happens at the same moment."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from matcher.browsing.feedback import FeedbackAction
from matcher.domain.listening import Source
from matcher.errors import AccountTaken, SettingsError
from matcher.ports import Account, Candidate, ReportReason
from storage.server.database import Database
from storage.sql.schema import blocks, declined, reports, safeguards
from storage.stores.lifetime.fingerprints import Fingerprints
from storage.stores.lifetime.retention import PostgresRetention, RetentionTimes
from storage.stores.listeners.listeners import PostgresListenerStore
from storage.stores.people.consent import PostgresConsentStore
from storage.stores.people.personal_data import PostgresPersonalData
from storage.stores.people.relations import PostgresRelationStore
from storage.stores.records.feedback import PostgresFeedbackStore
from tests.fakes.product_way import save_profile
from tests.people_world import CIPHER, everything_in
from tests.storage.contracts.people import Stores
from tests.storage.contracts.worlds import NOW, VERSION, profile, unit

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


# ---- an account of Spotify that a listener with a recovery key connects later ---------------------------

LATER_ACCOUNT = Account("spotify:ann", "https://open.spotify.com/user/ann")


def come_by_key(stores: Stores, n: int = 1) -> str:
    me = stores.listeners.connect(Account(f"key:{n}"), Source.FILE, f"By key {n}", NOW).listener_id
    save_profile(stores.listeners, me, profile(), unit(1, 2), VERSION, NOW)
    stores.consent.set_discoverable(me, True, NOW)
    return me


def connect_spotify(stores: Stores, me: str) -> None:
    stores.listeners.change_account(me, LATER_ACCOUNT, NOW)


def disconnect_spotify(stores: Stores, me: str, n: int = 9) -> None:
    stores.listeners.change_account(me, Account(f"key:{n}"), NOW)


def blocked_by(stores: Stores, other: str) -> list[str]:
    return [one.listener_id for one in stores.relations.blocked(other)]


def test_connecting_is_no_way_around_a_block_of_the_erased_account(stores: Stores):
    ann, other = stores.join("ann"), stores.join("bob")
    stores.relations.block(other, ann, NOW)
    stores.listeners.forget(ann)
    me = come_by_key(stores)
    assert blocked_by(stores, other) == []
    connect_spotify(stores, me)
    assert blocked_by(stores, other) == [me]


def test_erasing_an_account_with_spotify_connected_is_no_way_around_a_block(stores: Stores):
    me, other = come_by_key(stores), stores.join("bob")
    stores.relations.block(other, me, NOW)  # before Spotify was connected
    connect_spotify(stores, me)
    assert stores.listeners.forget(me).kept_until_utc is not None
    come_by_key(stores, 2)
    assert blocked_by(stores, other) == []
    assert [stores.join("ann")] == blocked_by(stores, other)


def test_disconnecting_is_no_way_around_a_block(stores: Stores):
    me, other = come_by_key(stores), stores.join("bob")
    connect_spotify(stores, me)
    stores.relations.block(other, me, NOW)
    disconnect_spotify(stores, me)
    assert blocked_by(stores, other) == [me]
    again = stores.join("ann")
    assert sorted(blocked_by(stores, other)) == sorted([me, again])


def test_own_blocks_hold_for_the_account_that_left_as_well(stores: Stores):
    me, other = come_by_key(stores), stores.join("bob")
    connect_spotify(stores, me)
    stores.relations.block(me, other, NOW)
    disconnect_spotify(stores, me)
    assert blocked_by(stores, stores.join("ann")) == blocked_by(stores, me) == [other]


def test_a_block_of_somebody_who_is_away_follows_the_account(stores: Stores):
    me, other = come_by_key(stores), stores.join("bob")
    stores.relations.block(other, me, NOW)
    stores.listeners.forget(other)  # kept about a recovery key's account
    connect_spotify(stores, me)
    stores.listeners.forget(me)
    ann = stores.join("ann")
    assert blocked_by(stores, stores.join("bob")) == [ann]


def test_a_block_of_somebody_who_is_away_stays_with_both_after_disconnecting(stores: Stores):
    me, other = come_by_key(stores), stores.join("bob")
    connect_spotify(stores, me)
    stores.relations.report(other, me, ReportReason.SPAM, NOW)
    stores.relations.block(other, me, NOW)
    stores.listeners.forget(other)
    disconnect_spotify(stores, me)
    ann = stores.join("ann")
    assert sorted(blocked_by(stores, stores.join("bob"))) == sorted([me, ann])


def test_connecting_again_counts_nothing_twice(stores: Stores, database: Database):
    me, other = come_by_key(stores), stores.join("bob")
    connect_spotify(stores, me)
    stores.relations.ask(me, other, NOW)
    stores.relations.withdraw(other, me, NOW)
    stores.relations.block(other, me, NOW)
    for n in (7, 8):
        disconnect_spotify(stores, me, n)
        connect_spotify(stores, me)
    with database.transaction() as connection:
        assert connection.execute(select(declined.c.n_times)).scalars().all() == [1]
    assert blocked_by(stores, other) == [me]
    assert count(database, safeguards) == 0


def test_what_waits_for_somebody_away_is_kept_once_for_each_account(stores: Stores, database: Database):
    me, other = come_by_key(stores), stores.join("bob")
    connect_spotify(stores, me)
    stores.relations.report(other, me, ReportReason.SPAM, NOW)
    stores.relations.block(other, me, NOW)
    stores.listeners.forget(other)
    for n in (7, 8, 9):
        disconnect_spotify(stores, me, n)
        assert count(database, safeguards) == 4
        connect_spotify(stores, me)
        assert count(database, safeguards) == 2
    assert blocked_by(stores, stores.join("bob")) == [me]
    assert (count(database, reports), count(database, safeguards)) == (1, 0)


def test_nobody_is_blocked_by_an_account_of_their_own(stores: Stores, database: Database):
    ann, me = stores.join("ann"), come_by_key(stores)
    stores.relations.block(ann, me, NOW)
    stores.listeners.forget(ann)
    connect_spotify(stores, me)
    assert (count(database, blocks), count(database, safeguards)) == (0, 0)


def test_what_others_did_about_the_imported_listener_applies_to_whose_it_is(stores: Stores):
    row = Candidate(LATER_ACCOUNT, profile(), unit(1, 2))
    stores.listeners.add_candidates([row], ["From a table"], VERSION, NOW)
    imported, other = str(stores.listeners.owner_of(LATER_ACCOUNT)), stores.join("bob")
    stores.relations.block(other, imported, NOW)
    me = come_by_key(stores)
    connect_spotify(stores, me)
    assert blocked_by(stores, other) == [me]


def test_nobody_is_shown_the_new_link_until_it_is_chosen(stores: Stores):
    me, other = come_by_key(stores), stores.join("bob")
    stores.connect(me, other)
    connect_spotify(stores, me)
    assert stores.consent.choices(me).profile_url == LATER_ACCOUNT.profile_url
    assert stores.relations.contacts(other)[0].profile_url is None
    stores.consent.set_shared(me, "profile_link", True, NOW)
    assert stores.relations.contacts(other)[0].profile_url == LATER_ACCOUNT.profile_url
    disconnect_spotify(stores, me)
    assert stores.relations.contacts(other)[0].profile_url is None


def test_a_link_that_spotify_tells_only_later_is_not_shown_either(stores: Stores):
    me, other = come_by_key(stores), stores.join("bob")
    stores.connect(me, other)
    stores.listeners.change_account(me, Account(LATER_ACCOUNT.key), NOW)
    stores.listeners.connect(LATER_ACCOUNT, Source.SPOTIFY_API, "x", NOW)
    assert stores.consent.choices(me).profile_url == LATER_ACCOUNT.profile_url
    assert stores.relations.contacts(other)[0].profile_url is None


def test_connecting_and_signing_in_at_once_makes_one_listener(stores: Stores):
    for n in range(6):
        me, account = come_by_key(stores, n), Account(f"spotify:c{n}")
        with ThreadPoolExecutor(2) as pool:
            connecting = pool.submit(stores.listeners.change_account, me, account, NOW)
            signing_in = pool.submit(stores.join, f"c{n}")
            problem, signed_in = connecting.exception(), signing_in.result()
        assert isinstance(problem, AccountTaken) or (problem is None and signed_in == me)
        assert stores.listeners.owner_of(account) == signed_in
