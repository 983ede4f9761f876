"""What every store of cooldowns does: the one in memory, and the one all replicas share."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from tests.storage.contracts.worlds import LATER, NOW


class CooldownStoreContract:
    """Run by subclasses, which give the fixture `store`."""

    def test_an_app_that_never_cooled_down_has_no_cooldown(self, store):
        assert store.get("spotify:app") is None

    def test_a_cooldown_comes_back_aware_and_in_utc(self, store):
        store.set("spotify:app", LATER, True)
        until, quota = store.get("spotify:app")
        assert (until, quota) == (LATER, True)
        assert until.utcoffset() == timedelta(0)

    def test_of_two_cooldowns_the_one_that_ends_later_stays(self, store):
        store.set("spotify:app", LATER, True)
        store.set("spotify:app", NOW, False)
        assert store.get("spotify:app") == (LATER, True)
        store.set("spotify:app", LATER + timedelta(seconds=1), False)
        assert store.get("spotify:app") == (LATER + timedelta(seconds=1), False)

    def test_apps_cool_down_apart(self, store):
        store.set("spotify:app", LATER, True)
        assert store.get("spotify:other") is None

    def test_of_many_at_once_the_latest_stays(self, store):
        ends = [LATER + timedelta(seconds=n) for n in range(16)]
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda end: store.set("spotify:app", end, False), ends))
        assert store.get("spotify:app") == (ends[-1], False)
