"""Signed-in browsers: a random id in a cookie, only its hash in the store."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from matcher.ports import Clock, SessionStore

COOKIE = "earshot_session"
LIFETIME = timedelta(days=30)
"""Without a visit; each visit begins it anew."""
MOST_LIFETIME = timedelta(days=180)
"""However often one visits: as long as Spotify's permission lasts."""


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

    def end(self, token: str | None) -> None:
        """End the session, if there is one."""
        if token:
            self.store.end(hash_of(token))

    def end_everywhere(self, token: str | None) -> int:
        """End every session of whoever is signed in with this cookie; how many."""
        listener_id = self.listener_of(token)
        return self.store.end_all(listener_id) if listener_id else 0


def hash_of(token: str) -> str:
    """SHA-256 of a cookie's value, as 64 hex digits."""
    return hashlib.sha256(token.encode()).hexdigest()


def sign_out_token(session_token: str) -> str:
    """What a sign-out link must carry, so that no other page can sign somebody out."""
    return hash_of(f"sign-out:{session_token}")[:32]


def export_token(session_token: str) -> str:
    """What the link to one's own data must carry, so that no other page can ask for it."""
    return hash_of(f"export:{session_token}")[:32]
