"""Keeping what signing in needs: grants, sessions, log-ins on their way."""

from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Protocol

from matcher.ports.values import Grant, OpenSession, PendingLogin, WaitingSignIn


class GrantStore(Protocol):
    """Keeps grants, encrypted at rest."""

    def save(self, listener_id: str, grant: Grant) -> None:
        """Keep the grant, in place of an earlier one.

        Raises:
            UnknownListener: it has been erased meanwhile.
        """
        ...

    def load(self, listener_id: str) -> Grant | None:
        """The grant, or None."""
        ...

    def wipe(self, listener_id: str) -> None:
        """Delete the grant, if there is one."""
        ...

    def locked(self, listener_id: str) -> AbstractContextManager[None]:
        """Hold the listener's grant alone, over every process that shares the database."""
        ...


class SessionStore(Protocol):
    """Signed-in browsers. Only the hash of a session id is kept."""

    def begin(self, session_hash: str, listener_id: str, now: datetime, expires_at_utc: datetime) -> None:
        """Keep a session.

        Raises:
            UnknownListener: it has been erased meanwhile.
        """
        ...

    def listener_of(self, session_hash: str, now: datetime) -> str | None:
        """The listener of a session that has not ended, or None."""
        ...

    def prolong(self, session_hash: str, now: datetime, until: datetime, most: timedelta) -> None:
        """Move the end of a session that has not ended to `until`, at the latest `most` after it began.

        Nothing is written where the end stays on the same day (UTC). Its listener counts as there today.
        """
        ...

    def sessions_of(self, listener_id: str, now: datetime) -> list[OpenSession]:
        """The sessions of a listener that have not ended, the newest first."""
        ...

    def end(self, session_hash: str) -> None:
        """End one session."""
        ...

    def end_of(self, listener_id: str, session_hash: str) -> bool:
        """End one session if it is this listener's; whether it was."""
        ...

    def end_all(self, listener_id: str) -> int:
        """End every session of a listener; how many."""
        ...


class PendingLoginStore(Protocol):
    """Log-ins on their way through Spotify."""

    def add(self, pending: PendingLogin) -> None:
        """Keep it; expired ones may be dropped on the way."""
        ...

    def take(self, state: str, browser_hash: str, now: datetime) -> PendingLogin | None:
        """Remove and return it; None when unknown, already taken, or expired. Only one caller gets it.

        Another browser than it was begun in gets None, and it stays for the one that it belongs to.
        """
        ...


class WaitingSignInStore(Protocol):
    """Sign-ins that wait for a pause of Spotify's to end, one a browser; grants encrypted at rest."""

    def keep(self, browser_hash: str, waiting: WaitingSignIn, expires_at_utc: datetime) -> None:
        """Keep it, in place of an earlier one of this browser; expired ones may be dropped on the way.

        Raises:
            UnknownListener: who began it has been erased meanwhile.
        """
        ...

    def take(self, browser_hash: str, now: datetime) -> WaitingSignIn | None:
        """Remove and return it; None when there is none, or it has expired. Only one caller gets it."""
        ...
