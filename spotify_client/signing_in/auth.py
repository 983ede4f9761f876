"""Spotify log-in: authorization code with PKCE (RFC 6749, RFC 7636)."""

import base64
import hashlib
import secrets
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from urllib.parse import urlencode

from matcher.errors import GrantRevoked, SpotifyMalformed, StateMismatch
from matcher.ports import Account, Clock, Grant, PendingLogin
from spotify_client.calls.budget import CallBudget
from spotify_client.calls.client import SpotifyClient
from spotify_client.calls.cooldown import CooldownStore, Gate, Sleep
from spotify_client.calls.grants import FRESH
from spotify_client.calls.log_redaction import redact_logs
from spotify_client.parsing.fields import address_below
from spotify_client.parsing.parse import account_of
from spotify_client.settings import SpotifySettings
from spotify_client.signing_in.tokens import TokenEndpoint

LOGIN_TTL = timedelta(minutes=10)
_ACCOUNT_CALLS = 6


class SpotifyLogin:
    """OAuth log-in and refresh. Stateless, so one instance serves all listeners."""

    def __init__(
        self,
        settings: SpotifySettings,
        clock: Clock,
        cooldowns: CooldownStore,
        sleep: Sleep = time.sleep,
    ) -> None:
        redact_logs()
        self._settings, self._clock = settings, clock
        # not spotipy's OAuth managers, which would share one token cache
        self._tokens = TokenEndpoint(settings, clock)
        self._gate = Gate(settings, cooldowns, clock, sleep)

    def begin(
        self, browser_secret_hash: str, more_scopes: Sequence[str] = (), listener_id: str = ""
    ) -> tuple[PendingLogin, str]:
        """Begin a log-in; return the state to store, and the address to redirect to.

        Args:
            browser_secret_hash: SHA-256 (hex) of the secret in the browser's cookie.
            more_scopes: additional scopes, such as `PLAYLIST_SCOPES`.
            listener_id: the signed-in listener, or "". If set, Spotify shows its consent page with the
                current account and a link to change it, instead of redirecting at once.
        """
        pending = PendingLogin(
            state=secrets.token_urlsafe(32),
            verifier=secrets.token_urlsafe(64),
            browser_hash=browser_secret_hash,
            expires_at_utc=self._clock() + LOGIN_TTL,
            listener_id=listener_id,
        )
        return pending, self._authorize_url(pending, more_scopes)

    def finish(self, code: str, pending: PendingLogin) -> Grant:
        """Exchange the authorization code for a grant.

        The caller has compared the state and the browser's secret with `pending`.

        Raises:
            StateMismatch: the log-in has expired.
            GrantRevoked: the code is unknown, used or expired, or belongs to another log-in.
            SettingsError, RateLimited, SpotifyUnreachable, SpotifyMalformed: see `TokenEndpoint.ask`.
        """
        now = self._clock()
        if now >= pending.expires_at_utc:
            raise StateMismatch("the log-in took longer than ten minutes; begin again")
        answer = self._tokens.ask(
            "authorization_code",
            code=code,
            redirect_uri=self._settings.redirect_uri,
            code_verifier=pending.verifier,
        )
        if not answer.refresh_token:
            raise SpotifyMalformed("Spotify gave no refresh token")
        scopes = frozenset(self._settings.scopes) if answer.scopes is None else answer.scopes
        return Grant(answer.access_token, answer.refresh_token, scopes, answer.expires_at_utc, now)

    def refresh(self, grant: Grant) -> Grant:
        """The grant with a new access token; its end after six months stays the same.

        Raises:
            GrantRevoked: revoked, replaced by a newer token, or older than six months.
            SettingsError, RateLimited, SpotifyUnreachable, SpotifyMalformed: see `TokenEndpoint.ask`.
        """
        answer = self._tokens.ask("refresh_token", refresh_token=grant.refresh_token)
        return Grant(
            access_token=answer.access_token,
            # Spotify sends a new refresh token only sometimes
            refresh_token=answer.refresh_token or grant.refresh_token,
            scopes=grant.scopes if answer.scopes is None else answer.scopes,
            expires_at_utc=answer.expires_at_utc,
            authorized_at_utc=grant.authorized_at_utc,
        )

    def closed_until(self) -> datetime | None:
        """End of the app's cooldown; None if calls are allowed."""
        return self._gate.closed_until()

    def usable(self, grant: Grant) -> Grant:
        """The grant with an access token valid for at least a minute; raises as `refresh`."""
        return grant if grant.expires_at_utc - self._clock() >= FRESH else self.refresh(grant)

    def account(self, grant: Grant) -> Account:
        """The account of a grant, keyed by Spotify's pseudonymous account id, else its id.

        Raises:
            GrantRevoked: the access token is not accepted.
            RateLimited, SpotifyForbidden, SpotifyUnreachable, SpotifyMalformed: see `SpotifyClient.call`.
        """
        budget = CallBudget(_ACCOUNT_CALLS)
        with SpotifyClient(self._settings, grant.access_token, _refuse, self._gate, budget) as client:
            found = account_of(client.me())
        # dropped unless it begins with `profiles_url`
        link = address_below(found.profile_url, self._settings.profiles_url)
        return Account(f"spotify:{found.key}", link)

    def _authorize_url(self, pending: PendingLogin, more_scopes: Sequence[str]) -> str:
        digest = hashlib.sha256(pending.verifier.encode("ascii")).digest()
        query = {
            "client_id": self._settings.client_id,
            "response_type": "code",
            "redirect_uri": self._settings.redirect_uri,
            "scope": " ".join(dict.fromkeys((*self._settings.scopes, *more_scopes))),
            "state": pending.state,
            "code_challenge_method": "S256",
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii"),
        }
        if pending.listener_id:
            query["show_dialog"] = "true"
        return f"{self._settings.accounts_url}/authorize?{urlencode(query)}"


def _refuse(_: str) -> str:
    # the token is seconds old: renewing it would not help
    raise GrantRevoked("Spotify does not accept the token it has just given; connect again")
