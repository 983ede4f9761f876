"""Authorization codes and tokens; only their digests are stored."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from emulator.errors import ApiError, TokenError
from emulator.settings import EmulatorSettings


@dataclass(frozen=True, slots=True)
class Consent:
    """Consent of a listener to a client."""

    client_id: str
    listener_id: str
    scopes: tuple[str, ...]
    granted_at_s: float


@dataclass(frozen=True, slots=True)
class _Code:
    consent: Consent
    redirect_uri: str
    challenge: str
    expires_at_s: float


@dataclass(frozen=True, slots=True)
class _Access:
    consent: Consent
    expires_at_s: float


@dataclass(frozen=True, slots=True)
class _Refresh:
    consent: Consent
    confidential: bool
    revoked: bool = False


@dataclass(frozen=True, slots=True)
class Client:
    """A client; ``confidential`` if authenticated by a secret."""

    client_id: str
    confidential: bool


def challenge_of(verifier: str) -> str:
    """The S256 code challenge of a verifier (RFC 7636, section 4.2)."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _key(token: str) -> bytes:
    # a digest, so that the time of a look-up reveals nothing about the token
    return hashlib.sha256(token.encode()).digest()


class GrantStore:
    """Issues and checks codes and tokens, in memory."""

    def __init__(self, settings: EmulatorSettings, clock: Callable[[], float]) -> None:
        self._settings, self._clock = settings, clock
        self._codes: dict[bytes, _Code] = {}
        self._access: dict[bytes, _Access] = {}
        self._refresh: dict[bytes, _Refresh] = {}

    def issue_code(
        self, client_id: str, listener_id: str, scopes: tuple[str, ...], redirect_uri: str, challenge: str
    ) -> str:
        """Issue an authorization code; with "" as challenge, the client needs a secret."""
        now_s, code = self._clock(), secrets.token_urlsafe(64)
        consent = Consent(client_id, listener_id, scopes, now_s)
        pending = _Code(consent, redirect_uri, challenge, now_s + self._settings.code_lifetime_s)
        self._codes = {key: old for key, old in self._codes.items() if old.expires_at_s > now_s}
        self._codes[_key(code)] = pending
        return code

    def redeem_code(self, client: Client, code: str, redirect_uri: str, verifier: str) -> dict[str, Any]:
        """Exchange a code for Spotify's token JSON; the code is used up even on errors.

        Raises:
            TokenError: the code, client, redirect address or verifier is wrong.
        """
        pending = self._codes.pop(_key(code), None)
        if pending is None or pending.consent.client_id != client.client_id:
            raise TokenError("invalid_grant", "Invalid authorization code")
        if self._clock() >= pending.expires_at_s:
            raise TokenError("invalid_grant", "Authorization code expired")
        if pending.redirect_uri != redirect_uri:
            raise TokenError("invalid_grant", "Invalid redirect URI")
        _check_proof(pending, client, verifier)
        return self._issue(pending.consent, self._new_refresh(pending.consent, client.confidential))

    def refresh(self, client: Client, token: str) -> dict[str, Any]:
        """Exchange a refresh token for Spotify's token JSON, with a new one if rotated.

        Raises:
            TokenError: the token is unknown, revoked, expired or another client's.
        """
        known = self._refresh.get(_key(token))
        if known is None or known.consent.client_id != client.client_id:
            raise TokenError("invalid_grant", "Invalid refresh token")
        if known.revoked:
            raise TokenError("invalid_grant", "Refresh token revoked")
        if self._clock() >= known.consent.granted_at_s + self._settings.refresh_token_lifetime_s:
            raise TokenError("invalid_grant", "Refresh token expired")
        if known.confidential and not client.confidential:
            raise TokenError("invalid_client", "Invalid client secret")
        if not self._settings.rotate_refresh_tokens:
            return self._issue(known.consent, None)
        self._refresh[_key(token)] = _Refresh(known.consent, known.confidential, revoked=True)
        return self._issue(known.consent, self._new_refresh(known.consent, known.confidential))

    def _new_refresh(self, consent: Consent, confidential: bool) -> str:
        token = secrets.token_urlsafe(96)
        self._refresh[_key(token)] = _Refresh(consent, confidential)
        return token

    def _issue(self, consent: Consent, refresh_token: str | None) -> dict[str, Any]:
        now_s, token = self._clock(), secrets.token_urlsafe(96)
        lifetime_s = self._settings.access_token_lifetime_s
        # kept for a day, to tell "expired" from "invalid"
        self._access = {key: old for key, old in self._access.items() if old.expires_at_s > now_s - 86_400}
        self._access[_key(token)] = _Access(consent, now_s + lifetime_s)
        answer = {"access_token": token, "token_type": "Bearer", "expires_in": lifetime_s}
        answer["scope"] = " ".join(consent.scopes)
        return answer | ({"refresh_token": refresh_token} if refresh_token else {})

    def consent_of(self, authorization: str) -> Consent:
        """The consent behind an Authorization header.

        Raises:
            ApiError: the token is missing, unknown or expired, or its listener not on the allow-list.
        """
        consent = self._valid(authorization)
        allowed = self._settings.allow_list
        if allowed is not None and consent.listener_id not in allowed:
            raise not_allow_listed()
        return consent

    def _valid(self, authorization: str) -> Consent:
        scheme, _, token = authorization.partition(" ")
        if not authorization:
            raise ApiError(401, "No token provided")
        if scheme.lower() != "bearer" or not token:
            raise ApiError(401, "Only valid bearer authentication supported")
        known = self._access.get(_key(token))
        if known is None:
            raise ApiError(401, "Invalid access token")
        if self._clock() >= known.expires_at_s:
            raise ApiError(401, "The access token expired")
        return known.consent

    def listener_id_of(self, authorization: str) -> str | None:
        """The listener of a valid token, for the log of calls; else None."""
        try:
            return self._valid(authorization).listener_id
        except ApiError:
            return None

    def expire_access(self, listener_id: str) -> None:
        """End the listener's access tokens now; refreshing still works."""
        for key, known in self._access.items():
            if known.consent.listener_id == listener_id:
                self._access[key] = _Access(known.consent, min(known.expires_at_s, self._clock()))

    def revoke(self, listener_id: str) -> None:
        """Withdraw the listener's consent, as on Spotify's account page: all tokens end."""
        self.expire_access(listener_id)
        for key, known in self._refresh.items():
            if known.consent.listener_id == listener_id:
                self._refresh[key] = _Refresh(known.consent, known.confidential, revoked=True)

    def clear(self) -> None:
        self._codes.clear()
        self._access.clear()
        self._refresh.clear()


def not_allow_listed() -> ApiError:
    """403 for listeners missing from the app's user management."""
    return ApiError(403, "Check settings on developer.spotify.com/dashboard, the user may not be registered.")


def _check_proof(pending: _Code, client: Client, verifier: str) -> None:
    if pending.challenge:
        if not hmac.compare_digest(challenge_of(verifier).encode(), pending.challenge.encode()):
            raise TokenError("invalid_grant", "code_verifier was incorrect")
    elif not client.confidential:
        raise TokenError("invalid_client", "Invalid client secret")
