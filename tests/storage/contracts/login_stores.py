"""What every store of signing in does: grants, sessions, log-ins on their way, sign-ins that wait."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from matcher.ports import (
    GrantStore,
    OpenSession,
    PendingLoginStore,
    RecoveryKeyStore,
    SessionStore,
    WaitingSignIn,
    WaitingSignInStore,
)
from tests.storage.contracts.worlds import LATER, NOW, STRANGER, grant, pending


class GrantStoreContract:
    """Run by subclasses, which give the fixtures `store` and `me`, a listener's id."""

    def test_a_grant_comes_back_in_place_of_an_earlier_one(self, store: GrantStore, me: str):
        store.save(me, grant("token-1"))
        store.save(me, grant("token-2"))
        assert store.load(me) == grant("token-2")

    def test_a_wiped_grant_is_gone(self, store: GrantStore, me: str):
        store.save(me, grant())
        store.wipe(me)
        store.wipe(me)
        assert store.load(me) is None

    @pytest.mark.parametrize("listener_id", [STRANGER, "nobody"])
    def test_there_is_no_grant_of_strangers(self, store: GrantStore, listener_id: str):
        assert store.load(listener_id) is None
        store.wipe(listener_id)

    def test_only_one_holds_a_grant(self, store: GrantStore, me: str):
        inside, most = 0, 0
        count = threading.Lock()

        def hold() -> None:
            nonlocal inside, most
            with store.locked(me):
                with count:
                    inside += 1
                    most = max(most, inside)
                time.sleep(0.01)
                with count:
                    inside -= 1

        with ThreadPoolExecutor(4) as pool:
            for done in [pool.submit(hold) for _ in range(8)]:
                done.result()
        assert most == 1

    def test_grants_of_others_are_held_apart(self, store: GrantStore, me: str):
        with store.locked(me), ThreadPoolExecutor(1) as pool:
            assert pool.submit(self._enter, store, STRANGER).result(timeout=5)

    def test_an_error_lets_go_of_the_grant(self, store: GrantStore, me: str):
        with pytest.raises(RuntimeError, match="inside"), store.locked(me):
            raise RuntimeError("inside")
        assert self._enter(store, me)

    def test_whoever_holds_a_grant_may_save_it(self, store: GrantStore, me: str):
        with store.locked(me):
            store.save(me, grant())
        assert store.load(me) == grant()

    @staticmethod
    def _enter(store: GrantStore, listener_id: str) -> bool:
        with store.locked(listener_id):
            return True


class SessionStoreContract:
    """Run by subclasses, which give the fixtures `store` and `me`, a listener's id."""

    def test_a_session_knows_its_listener(self, store: SessionStore, me: str):
        store.begin("ab" * 32, me, NOW, LATER)
        assert store.listener_of("ab" * 32, NOW) == me

    def test_a_session_ends_by_time(self, store: SessionStore, me: str):
        store.begin("ab" * 32, me, NOW, LATER)
        assert store.listener_of("ab" * 32, LATER - timedelta(seconds=1)) == me
        assert store.listener_of("ab" * 32, LATER) is None

    def test_ending_one_session_leaves_the_others(self, store: SessionStore, me: str):
        store.begin("ab" * 32, me, NOW, LATER)
        store.begin("cd" * 32, me, NOW, LATER)
        store.end("ab" * 32)
        store.end("ab" * 32)
        assert store.listener_of("ab" * 32, NOW) is None
        assert store.listener_of("cd" * 32, NOW) == me

    def test_a_session_can_be_prolonged_but_not_for_ever(self, store: SessionStore, me: str):
        day = timedelta(days=1)
        store.begin("ab" * 32, me, NOW, NOW + 2 * day)
        store.prolong("ab" * 32, NOW, NOW + 9 * day, most=5 * day)
        assert store.listener_of("ab" * 32, NOW + 5 * day - timedelta(seconds=1)) == me
        assert store.listener_of("ab" * 32, NOW + 5 * day) is None

    def test_prolonging_never_shortens_and_never_revives(self, store: SessionStore, me: str):
        day = timedelta(days=1)
        store.begin("ab" * 32, me, NOW, NOW + 3 * day)
        store.prolong("ab" * 32, NOW, NOW + day, most=9 * day)
        assert store.listener_of("ab" * 32, NOW + 2 * day) == me
        store.prolong("ab" * 32, NOW + 4 * day, NOW + 8 * day, most=9 * day)
        assert store.listener_of("ab" * 32, NOW + 4 * day) is None

    def test_a_visit_moves_the_end_once_a_day(self, store: SessionStore, me: str):
        hour, month = timedelta(hours=1), timedelta(days=30)
        midnight = NOW.replace(hour=0, minute=0, second=0, microsecond=0)
        store.begin("ab" * 32, me, midnight + hour, midnight + hour + month)
        for moment, end in ((23 * hour, hour), (24 * hour, 24 * hour)):
            now = midnight + moment
            store.prolong("ab" * 32, now, now + month, most=timedelta(days=180))
            assert [one.expires_at_utc for one in store.sessions_of(me, now)] == [midnight + end + month]

    def test_open_sessions_of_a_listener_are_listed_the_newest_first(self, store: SessionStore, me: str):
        hour = timedelta(hours=1)
        store.begin("ab" * 32, me, NOW - hour, LATER)
        store.begin("cd" * 32, me, NOW, LATER + hour)
        assert store.sessions_of(me, NOW) == [
            OpenSession("cd" * 32, NOW, LATER + hour),
            OpenSession("ab" * 32, NOW - hour, LATER),
        ]
        assert [one.session_hash for one in store.sessions_of(me, LATER)] == ["cd" * 32]
        assert store.sessions_of(STRANGER, NOW) == []

    def test_only_its_own_listener_ends_a_session_by_its_hash(self, store: SessionStore, me: str):
        store.begin("ab" * 32, me, NOW, LATER)
        store.begin("cd" * 32, me, NOW, LATER)
        assert not store.end_of(STRANGER, "ab" * 32)
        assert store.end_of(me, "ab" * 32)
        assert not store.end_of(me, "ab" * 32)
        assert [one.session_hash for one in store.sessions_of(me, NOW)] == ["cd" * 32]

    def test_ending_all_sessions_of_a_listener_counts_them(self, store: SessionStore, me: str):
        store.begin("ab" * 32, me, NOW, LATER)
        store.begin("cd" * 32, me, NOW, LATER)
        assert store.end_all(STRANGER) == 0
        assert store.end_all(me) == 2
        assert store.listener_of("ab" * 32, NOW) is None

    @pytest.mark.parametrize("session_hash", ["", "ef" * 32, "\x00", "\ud800"])
    def test_unknown_sessions_are_nobody(self, store: SessionStore, session_hash: str):
        assert store.listener_of(session_hash, NOW) is None


class RecoveryKeyStoreContract:
    """Run by subclasses, which give the fixtures `store` and `me`, a listener's id."""

    def test_a_hash_leads_to_its_listener(self, store: RecoveryKeyStore, me: str):
        store.keep(me, "ab" * 32, NOW)
        assert store.listener_of("ab" * 32) == me
        assert store.made_at_utc(me) == NOW

    def test_a_new_key_ends_the_old_one(self, store: RecoveryKeyStore, me: str):
        store.keep(me, "ab" * 32, NOW)
        store.keep(me, "cd" * 32, LATER)
        assert [store.listener_of(one * 32) for one in ("ab", "cd")] == [None, me]
        assert store.made_at_utc(me) == LATER

    @pytest.mark.parametrize("key_hash", ["", "ef" * 32, "\x00", "\ud800"])
    def test_unknown_hashes_are_nobodys(self, store: RecoveryKeyStore, me: str, key_hash: str):
        store.keep(me, "ab" * 32, NOW)
        assert store.listener_of(key_hash) is None

    @pytest.mark.parametrize("listener_id", [STRANGER, "nobody"])
    def test_strangers_have_no_key(self, store: RecoveryKeyStore, listener_id: str):
        assert store.made_at_utc(listener_id) is None


class PendingLoginStoreContract:
    """Run by subclasses, which give the fixtures `store` and `me`, a listener's id."""

    def test_a_login_is_taken_once(self, store: PendingLoginStore):
        login = pending()
        store.add(login)
        assert store.take(login.state, login.browser_hash, NOW) == login
        assert store.take(login.state, login.browser_hash, NOW) is None

    def test_who_began_it_is_remembered(self, store: PendingLoginStore, me: str):
        login = replace(pending(), listener_id=me)
        store.add(login)
        assert store.take(login.state, login.browser_hash, NOW) == login

    def test_whether_it_connects_spotify_is_remembered(self, store: PendingLoginStore, me: str):
        login = replace(pending(), listener_id=me, connects=True)
        store.add(login)
        assert store.take(login.state, login.browser_hash, NOW) == login

    def test_of_eight_at_once_one_gets_it(self, store: PendingLoginStore):
        login, start = pending(), threading.Barrier(8)
        store.add(login)

        def race(_: int) -> bool:
            start.wait(timeout=10)
            return store.take(login.state, login.browser_hash, NOW) is not None

        with ThreadPoolExecutor(8) as pool:
            assert sum(pool.map(race, range(8))) == 1

    def test_an_expired_login_is_gone(self, store: PendingLoginStore):
        login = pending()
        store.add(login)
        assert store.take(login.state, login.browser_hash, login.expires_at_utc) is None
        assert store.take(login.state, login.browser_hash, NOW) is None

    @pytest.mark.parametrize("state", ["", "unknown", "\x00", "\ud800", "x" * 100_000])
    def test_unknown_states_are_nobodys(self, store: PendingLoginStore, state: str):
        store.add(pending())
        assert store.take(state, "ab" * 32, NOW) is None

    @pytest.mark.parametrize("browser_hash", ["cd" * 32, "", "\x00", "\ud800"])
    def test_another_browser_neither_gets_a_login_nor_uses_it_up(
        self, store: PendingLoginStore, browser_hash: str
    ):
        login = pending()
        store.add(login)
        assert store.take(login.state, browser_hash, NOW) is None
        assert store.take(login.state, login.browser_hash, NOW) == login


class WaitingSignInStoreContract:
    """Run by subclasses, which give the fixtures `store` and `me`, a listener's id."""

    def test_a_sign_in_that_waits_is_taken_once(self, store: WaitingSignInStore, me: str):
        for waiting in (WaitingSignIn(grant()), WaitingSignIn(grant(), me), WaitingSignIn(grant(), me, True)):
            store.keep("ab" * 32, waiting, LATER)
            assert store.take("cd" * 32, NOW) is None
            assert store.take("ab" * 32, NOW) == waiting
            assert store.take("ab" * 32, NOW) is None

    def test_a_later_one_of_a_browser_takes_the_place(self, store: WaitingSignInStore, me: str):
        store.keep("ab" * 32, WaitingSignIn(grant("token-1"), me), LATER)
        store.keep("ab" * 32, WaitingSignIn(grant("token-2")), LATER)
        assert store.take("ab" * 32, NOW) == WaitingSignIn(grant("token-2"))

    def test_one_that_has_expired_is_gone(self, store: WaitingSignInStore, me: str):
        store.keep("ab" * 32, WaitingSignIn(grant()), LATER)
        assert store.take("ab" * 32, LATER) is None
        assert store.take("ab" * 32, NOW) is None

    @pytest.mark.parametrize("browser_hash", ["", "\x00", "\ud800", "x" * 100_000])
    def test_nothing_waits_for_unknown_browsers(self, store: WaitingSignInStore, browser_hash: str):
        assert store.take(browser_hash, NOW) is None
