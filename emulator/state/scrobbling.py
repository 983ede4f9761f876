"""State of the local ListenBrainz and Last.fm: calls per address, sign-ins, sessions."""

import math
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from emulator.errors import LastFmError

TOKEN_LIFETIME_S = 3600


@dataclass(frozen=True, slots=True)
class Rate:
    """What is left of a window after a call; `allowed` is False for a call too many."""

    allowed: bool
    limit: int
    remaining: int
    reset_in_s: int


class Rates:
    """Counts calls by caller in windows of fixed length."""

    def __init__(self, limit: int, window_s: int, clock: Callable[[], float]) -> None:
        self._limit, self._window_s, self._clock = limit, window_s, clock
        self._calls: dict[str, tuple[int, int]] = {}

    def count(self, caller: str) -> Rate:
        window, place_s = divmod(self._clock(), self._window_s)
        begun, n_calls = self._calls.get(caller, (window, 0))
        n_calls = n_calls + 1 if begun == window else 1
        self._calls[caller] = (int(window), n_calls)
        remaining = max(0, self._limit - n_calls)
        return Rate(n_calls <= self._limit, self._limit, remaining, math.ceil(self._window_s - place_s))

    def clear(self) -> None:
        self._calls.clear()


@dataclass(slots=True)
class _Token:
    expires_at_s: float
    listener_id: str | None = None


class LastFmSessions:
    """Last.fm's tokens, each for one session, and session keys."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._tokens: dict[str, _Token] = {}

    def issue(self, listener_id: str | None = None) -> str:
        """A new token, granted by the listener, or still by nobody."""
        token = secrets.token_hex(16)
        self._tokens[token] = _Token(self._clock() + TOKEN_LIFETIME_S, listener_id)
        return token

    def grant(self, token: str, listener_id: str) -> None:
        """Let the token stand for a listener.

        Raises:
            LastFmError: there is no such token.
        """
        self._known(token).listener_id = listener_id

    def redeem(self, token: str) -> tuple[str, str]:
        """Consume a token; the listener's id and a session key.

        Raises:
            LastFmError: it is unknown, expired, used, or granted by nobody.
        """
        listener_id = self._known(token).listener_id
        if listener_id is None:
            raise LastFmError(14, "Unauthorized Token - This token has not been authorized")
        del self._tokens[token]
        return listener_id, secrets.token_urlsafe(24)

    def _known(self, token: str) -> _Token:
        found = self._tokens.get(token)
        if found is None:
            raise LastFmError(4, "Invalid authentication token supplied")
        if found.expires_at_s < self._clock():
            raise LastFmError(15, "This token has expired")
        return found

    def clear(self) -> None:
        self._tokens.clear()
