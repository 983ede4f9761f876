"""Sessions of browsers: a random token in a cookie, only its hash in the store."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from matcher.ports import Clock, OpenSession, SessionStore

COOKIE = "earshot_session"
_HOST_ONLY = "__Host-"
"""Cookie prefix that requires Secure and path "/", and that no other host can set (RFC 6265bis)."""
LIFETIME = timedelta(days=30)  # without a visit; each visit renews it
MOST_LIFETIME = timedelta(days=180)  # with visits; as long as Spotify's permission lasts


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A signed-in browser, as its listener may see it."""

    key: str  # argument of `Sessions.end_there`; not a secret
    begun_at_utc: datetime
    seen_at_utc: datetime | None  # latest visit, to the day; None if no longer known
    is_here: bool  # whether it is the browser in use


@dataclass(frozen=True, slots=True)
class Sessions:
    """Begins, recognises and ends sessions."""

    store: SessionStore
    clock: Clock

    def begin(self, listener_id: str) -> str:
        """Begin a session and return the cookie's value, 256 random bits."""
        token = secrets.token_urlsafe(32)
        now = self.clock()
        self.store.begin(hash_of(token), listener_id, now, now + LIFETIME)
        return token

    def listener_of(self, token: str | None) -> str | None:
        """The listener signed in with this cookie, or None. Prolongs the session."""
        if not token:
            return None
        key, now = hash_of(token), self.clock()
        found = self.store.listener_of(key, now)
        if found is not None:
            self.store.prolong(key, now, now + LIFETIME, MOST_LIFETIME)
        return found

    def is_open(self, token: str, listener_id: str) -> bool:
        """Whether the listener is signed in with this cookie. Prolongs nothing."""
        return self.store.listener_of(hash_of(token), self.clock()) == listener_id

    def signed_in(self, listener_id: str, token: str) -> list[SignedIn]:
        """The listener's sessions: this browser first, then the newest first."""
        found = self.store.sessions_of(listener_id, self.clock())
        here = hash_of(token)
        told = [
            SignedIn(one.session_hash, one.begun_at_utc, _seen(one), one.session_hash == here)
            for one in found
        ]
        return sorted(told, key=lambda one: not one.is_here)

    def end_there(self, listener_id: str, key: str) -> bool:
        """End one of the listener's sessions; False if they have none of that key."""
        return self.store.end_of(listener_id, key)

    def end_others(self, listener_id: str, token: str) -> None:
        """End the listener's sessions in all other browsers."""
        for one in self.signed_in(listener_id, token):
            if not one.is_here:
                self.end_there(listener_id, one.key)

    def end(self, token: str | None) -> None:
        """End the session, if any."""
        if token:
            self.store.end(hash_of(token))

    def end_everywhere(self, token: str | None) -> int:
        """End all sessions of the cookie's listener and return their number."""
        listener_id = self.listener_of(token)
        return self.store.end_all(listener_id) if listener_id else 0


def _seen(session: OpenSession) -> datetime | None:
    """Latest visit: `LIFETIME` before expiry, unless `MOST_LIFETIME` limits that."""
    if session.expires_at_utc >= session.begun_at_utc + MOST_LIFETIME:
        return None
    return session.expires_at_utc - LIFETIME


def cookie_name(secure: bool, name: str = COOKIE) -> str:
    """Name of a cookie; with https no other host can set it."""
    return f"{_HOST_ONLY}{name}" if secure else name


def hash_of(token: str) -> str:
    """SHA-256 of a cookie's value, 64 hex digits."""
    return hashlib.sha256(token.encode()).hexdigest()


def sign_out_token(session_token: str) -> str:
    """CSRF token of the sign-out link."""
    return hash_of(f"sign-out:{session_token}")[:32]


def new_key_token(session_token: str) -> str:
    """CSRF token of the form that makes a new recovery key."""
    return hash_of(f"new-key:{session_token}")[:32]


def connect_token(session_token: str) -> str:
    """CSRF token of the form that connects Spotify."""
    return hash_of(f"connect:{session_token}")[:32]


def export_token(session_token: str) -> str:
    """CSRF token of the link that exports one's own data."""
    return hash_of(f"export:{session_token}")[:32]
