"""Cooldown of the whole app: after a 429, no calls until it is over."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

from matcher.ports import Clock
from spotify_client.calls.api_errors import too_many_calls
from spotify_client.settings import SpotifySettings

Sleep = Callable[[float], None]
"""Sleeps for the given seconds."""


class CooldownStore(Protocol):
    """Stores an app's cooldown, as plain values."""

    def get(self, app_key: str) -> tuple[datetime, bool] | None:
        """End (aware, UTC, may be past) and whether for a used-up quota; None if unset."""
        ...

    def set(self, app_key: str, until: datetime, quota: bool) -> None:
        """Store a cooldown, unless the stored one ends later."""
        ...


class Gate:
    """Checked before every call: passes, waits briefly, or raises."""

    def __init__(
        self, settings: SpotifySettings, cooldowns: CooldownStore, clock: Clock, sleep: Sleep
    ) -> None:
        self._settings, self._cooldowns = settings, cooldowns
        self._clock, self._sleep = clock, sleep

    def enter(self) -> None:
        """Wait out a short cooldown.

        Raises:
            RateLimited: the cooldown lasts longer than `max_wait_s`.
            QuotaExceeded: the same, for a used-up quota.
        """
        until, quota, left_s = self._cooldown()
        if left_s > self._settings.max_wait_s:
            raise too_many_calls(quota, until)
        if left_s > 0:
            self._sleep(left_s)

    def closed_until(self) -> datetime | None:
        """End of a cooldown longer than `max_wait_s`; None if calls pass."""
        until, _, left_s = self._cooldown()
        return until if left_s > self._settings.max_wait_s else None

    def _cooldown(self) -> tuple[datetime, bool, float]:
        """End, whether for a used-up quota, and seconds left (<= 0 when over)."""
        now = self._clock()
        until, quota = self._cooldowns.get(self._settings.app_key) or (now, False)
        return until, quota, (until - now) / timedelta(seconds=1)

    def close(self, wait_s: float, quota: bool) -> datetime:
        """Begin a cooldown; return its end."""
        until = self._clock() + timedelta(seconds=wait_s)
        self._cooldowns.set(self._settings.app_key, until, quota)
        return until

    def wait(self, wait_s: float) -> None:
        self._sleep(wait_s)

    def now(self) -> datetime:
        return self._clock()
