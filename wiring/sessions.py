"""Signed-in browsers: a random id in a cookie, only its hash in the store."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from matcher.ports import Clock, OpenSession, SessionStore

COOKIE = "earshot_session"
_HOST_ONLY = "__Host-"
"""What a browser then sees to: Secure, for the whole of this very host, and set by no other (RFC 6265bis)."""
LIFETIME = timedelta(days=30)
"""Without a visit; each visit begins it anew."""
MOST_LIFETIME = timedelta(days=180)
"""However often one visits: as long as Spotify's permission lasts."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A browser in which somebody is signed in, as they may look at it.

    Attributes:
        key: what `Sessions.end_there` wants; no secret, and good for nothing else.
        begun_at_utc: when they signed in there.
        seen_at_utc: the latest visit, good to the day; None where it is no longer known.
        is_here: whether it is the browser that asks.
    """

    key: str
    begun_at_utc: datetime
    seen_at_utc: datetime | None
    is_here: bool


@dataclass(frozen=True, slots=True)
class Sessions:
    """Begins, recognises and ends sessions."""

    store: SessionStore
    clock: Clock

    def begin(self, listener_id: str) -> str:
        """A new session; the value for the cookie, 256 random bits."""
        token = secrets.token_urlsafe(32)
        now = self.clock()
        self.store.begin(hash_of(token), listener_id, now, now + LIFETIME)
        return token

    def listener_of(self, token: str | None) -> str | None:
        """Who is signed in with this cookie, or None. The session lasts longer for it."""
        if not token:
            return None
        key, now = hash_of(token), self.clock()
        found = self.store.listener_of(key, now)
        if found is not None:
            self.store.prolong(key, now, now + LIFETIME, MOST_LIFETIME)
        return found

    def is_open(self, token: str, listener_id: str) -> bool:
        """Whether the listener is signed in with this cookie. Looking makes the session last no longer."""
        return self.store.listener_of(hash_of(token), self.clock()) == listener_id

    def signed_in(self, listener_id: str, token: str) -> list[SignedIn]:
        """Where the listener is signed in: this browser first, then the others, the newest first."""
        found = self.store.sessions_of(listener_id, self.clock())
        here = hash_of(token)
        told = [
            SignedIn(one.session_hash, one.begun_at_utc, _seen(one), one.session_hash == here)
            for one in found
        ]
        return sorted(told, key=lambda one: not one.is_here)

    def end_there(self, listener_id: str, key: str) -> bool:
        """End one of the listener's own sessions; False where there is none of that key, or not theirs."""
        return self.store.end_of(listener_id, key)

    def end(self, token: str | None) -> None:
        """End the session, if there is one."""
        if token:
            self.store.end(hash_of(token))

    def end_everywhere(self, token: str | None) -> int:
        """End every session of whoever is signed in with this cookie; how many."""
        listener_id = self.listener_of(token)
        return self.store.end_all(listener_id) if listener_id else 0


def _seen(session: OpenSession) -> datetime | None:
    """The latest visit, which is what a session's end is counted from, until it can last no longer."""
    if session.expires_at_utc >= session.begun_at_utc + MOST_LIFETIME:
        return None
    return session.expires_at_utc - LIFETIME


def cookie_name(secure: bool, name: str = COOKIE) -> str:
    """What a cookie is called; where cookies travel by https alone, no other host can set it."""
    return f"{_HOST_ONLY}{name}" if secure else name


def hash_of(token: str) -> str:
    """SHA-256 of a cookie's value, as 64 hex digits."""
    return hashlib.sha256(token.encode()).hexdigest()


def sign_out_token(session_token: str) -> str:
    """What a sign-out link must carry, so that no other page can sign somebody out."""
    return hash_of(f"sign-out:{session_token}")[:32]


def export_token(session_token: str) -> str:
    """What the link to one's own data must carry, so that no other page can ask for it."""
    return hash_of(f"export:{session_token}")[:32]
