"""Grants of all listeners: always a good access token, never two refreshes at once."""

import calendar
from datetime import datetime, timedelta
from typing import Protocol

from matcher.errors import GrantRevoked
from matcher.ports import Clock, Grant, GrantStore

FRESH = timedelta(seconds=60)
"""An access token with less life than this is refreshed before it is used."""
GRANT_MONTHS = 6
WARN_MONTHS = 5


class Refresher(Protocol):
    """Gets a new access token. `SpotifyLogin` is one."""

    def refresh(self, grant: Grant) -> Grant:
        """The grant with a new access token."""
        ...


def reconnect_by(grant: Grant) -> datetime:
    """When the grant ends, however often it is refreshed: six months after the person agreed."""
    return _months_after(grant.authorized_at_utc, GRANT_MONTHS)


class Grants:
    """Hands out access tokens, each listener's own."""

    def __init__(self, store: GrantStore, login: Refresher, clock: Clock) -> None:
        self._store, self._login, self._clock = store, login, clock

    def keep(self, listener_id: str, grant: Grant) -> None:
        """Keep the grant of a new log-in, in place of an earlier one."""
        with self._store.locked(listener_id):
            self._store.save(listener_id, grant)

    def access_token(self, listener_id: str) -> str:
        """A token that is good for another minute at least.

        Raises:
            GrantRevoked: there is no grant, or Spotify no longer accepts it; it is wiped then.
            SettingsError, RateLimited, SpotifyUnreachable, SpotifyMalformed: refreshing did not work.
        """
        grant = self._store.load(listener_id)
        if grant is not None and self._is_fresh(grant):
            return grant.access_token
        return self.renewed(listener_id, rejected="")

    def renewed(self, listener_id: str, rejected: str) -> str:
        """Another token than the one that was rejected.

        Whoever comes second finds the token that the first one got, and takes that.

        Raises:
            GrantRevoked: as for `access_token`.
            SettingsError, RateLimited, SpotifyUnreachable, SpotifyMalformed: refreshing did not work.
        """
        with self._store.locked(listener_id):
            grant = self._known(listener_id)
            if grant.access_token != rejected and self._is_fresh(grant):
                return grant.access_token
            return self._refresh(listener_id, grant).access_token

    def is_kept(self, listener_id: str) -> bool:
        """Whether there is a grant to act with."""
        return self._store.load(listener_id) is not None

    def disconnect(self, listener_id: str) -> bool:
        """Wipe the grant, so that nothing is read until the next sign-in; whether there was one."""
        with self._store.locked(listener_id):
            found = self._store.load(listener_id)
            self._store.wipe(listener_id)
        return found is not None

    def scopes(self, listener_id: str) -> frozenset[str]:
        """What the listener has granted; nothing where there is no grant."""
        grant = self._store.load(listener_id)
        return grant.scopes if grant else frozenset()

    def reconnect_soon_by(self, listener_id: str) -> datetime | None:
        """By when the listener has to connect again; None as long as that is more than a month away."""
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
            if self._store.load(listener_id) == grant:  # not one of a log-in that came meanwhile
                self._store.wipe(listener_id)
            raise
        self._store.save(listener_id, fresh)
        return fresh


def _months_after(start: datetime, n_months: int) -> datetime:
    """The same day that many months later, or the last day of a shorter month."""
    years, month = divmod(start.month - 1 + n_months, 12)
    year = start.year + years
    day = min(start.day, calendar.monthrange(year, month + 1)[1])
    return start.replace(year=year, month=month + 1, day=day)
