"""Cooldown of the whole app: after a 429 nobody calls Spotify until it is over."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

from matcher.ports import Clock
from spotify_client.calls.api_errors import too_many_calls
from spotify_client.settings import SpotifySettings

Sleep = Callable[[float], None]
"""Waits that many seconds."""


class CooldownStore(Protocol):
    """Remembers until when an app may not call Spotify. Plain values only, so that any store can play it."""

    def get(self, app_key: str) -> tuple[datetime, bool] | None:
        """Until when (aware, UTC), and whether for a used-up quota; None when nothing was ever kept.

        A moment that has passed may be returned as well.
        """
        ...

    def set(self, app_key: str, until: datetime, quota: bool) -> None:
        """Keep a cooldown; of two, the one that ends later stays."""
        ...


class Gate:
    """Stands before every call: lets it through, makes it wait a little, or turns it away."""

    def __init__(
        self, settings: SpotifySettings, cooldowns: CooldownStore, clock: Clock, sleep: Sleep
    ) -> None:
        self._settings, self._cooldowns = settings, cooldowns
        self._clock, self._sleep = clock, sleep

    def enter(self) -> None:
        """Return when a call may be made.

        Raises:
            RateLimited: the app cools down for longer than `max_wait_s`.
            QuotaExceeded: the same, because its quota is used up.
        """
        until, quota, left_s = self._cooldown()
        if left_s > self._settings.max_wait_s:
            raise too_many_calls(quota, until)
        if left_s > 0:
            self._sleep(left_s)

    def closed_until(self) -> datetime | None:
        """Until when no call is let through; None where calls are, if need be after a moment's wait."""
        until, _, left_s = self._cooldown()
        return until if left_s > self._settings.max_wait_s else None

    def _cooldown(self) -> tuple[datetime, bool, float]:
        """Until when, whether for a used-up quota, and the seconds left; 0 or below where it is over."""
        now = self._clock()
        until, quota = self._cooldowns.get(self._settings.app_key) or (now, False)
        return until, quota, (until - now) / timedelta(seconds=1)

    def close(self, wait_s: float, quota: bool) -> datetime:
        """Begin a cooldown; when it will be over."""
        until = self._clock() + timedelta(seconds=wait_s)
        self._cooldowns.set(self._settings.app_key, until, quota)
        return until

    def wait(self, wait_s: float) -> None:
        """Wait out a short cooldown."""
        self._sleep(wait_s)

    def now(self) -> datetime:
        """The time now, aware, UTC."""
        return self._clock()
