"""Grants of all listeners: valid access tokens, one refresh at a time."""

import calendar
from datetime import datetime, timedelta
from typing import Protocol

from matcher.errors import GrantRevoked
from matcher.ports import Clock, Grant, GrantStore

FRESH = timedelta(seconds=60)
"""An access token with less lifetime left is refreshed before use."""
GRANT_MONTHS = 6
WARN_MONTHS = 5


class Refresher(Protocol):
    """Refreshes access tokens; implemented by `SpotifyLogin`."""

    def refresh(self, grant: Grant) -> Grant:
        """The grant with a new access token."""
        ...


def reconnect_by(grant: Grant) -> datetime:
    """End of the grant, six months after consent; refreshing does not extend it."""
    return _months_after(grant.authorized_at_utc, GRANT_MONTHS)


class Grants:
    """Access tokens per listener."""

    def __init__(self, store: GrantStore, login: Refresher, clock: Clock) -> None:
        self._store, self._login, self._clock = store, login, clock

    def keep(self, listener_id: str, grant: Grant) -> None:
        with self._store.locked(listener_id):
            self._store.save(listener_id, grant)

    def access_token(self, listener_id: str) -> str:
        """An access token valid for at least a minute.

        Raises:
            GrantRevoked: there is no grant, or Spotify no longer accepts it; it is then deleted.
            SettingsError, RateLimited, SpotifyUnreachable, SpotifyMalformed: the refresh failed.
        """
        grant = self._store.load(listener_id)
        if grant is not None and self._is_fresh(grant):
            return grant.access_token
        return self.renewed(listener_id, rejected="")

    def renewed(self, listener_id: str, rejected: str) -> str:
        """A new token in place of a rejected one. Raises as `access_token`."""
        with self._store.locked(listener_id):
            grant = self._known(listener_id)
            # another thread or process refreshed it first
            if grant.access_token != rejected and self._is_fresh(grant):
                return grant.access_token
            return self._refresh(listener_id, grant).access_token

    def is_kept(self, listener_id: str) -> bool:
        return self._store.load(listener_id) is not None

    def disconnect(self, listener_id: str) -> bool:
        """Delete the grant; return whether there was one."""
        with self._store.locked(listener_id):
            found = self._store.load(listener_id)
            self._store.wipe(listener_id)
        return found is not None

    def scopes(self, listener_id: str) -> frozenset[str]:
        grant = self._store.load(listener_id)
        return grant.scopes if grant else frozenset()

    def reconnect_soon_by(self, listener_id: str) -> datetime | None:
        """End of the grant if that is less than a month away, else None."""
        grant = self._store.load(listener_id)
        if grant is None or self._clock() < _months_after(grant.authorized_at_utc, WARN_MONTHS):
            return None
        return reconnect_by(grant)

    def _known(self, listener_id: str) -> Grant:
        grant = self._store.load(listener_id)
        if grant is None:
            raise GrantRevoked("Spotify is not connected; connect again")
        return grant

    def _is_fresh(self, grant: Grant) -> bool:
        return grant.expires_at_utc - self._clock() >= FRESH

    def _refresh(self, listener_id: str, grant: Grant) -> Grant:
        try:
            fresh = self._login.refresh(grant)
        except GrantRevoked:
            if self._store.load(listener_id) == grant:  # not a new grant from a log-in meanwhile
                self._store.wipe(listener_id)
            raise
        self._store.save(listener_id, fresh)
        return fresh


def _months_after(start: datetime, n_months: int) -> datetime:
    """The same day `n_months` later, or the last day of a shorter month."""
    years, month = divmod(start.month - 1 + n_months, 12)
    year = start.year + years
    day = min(start.day, calendar.monthrange(year, month + 1)[1])
    return start.replace(year=year, month=month + 1, day=day)
