"""The accounts service's token endpoint."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import requests
from requests.auth import HTTPBasicAuth

from matcher.errors import (
    EarshotError,
    GrantRevoked,
    SettingsError,
    SpotifyMalformed,
    SpotifyUnreachable,
)
from matcher.ports import Clock
from spotify_client.calls.api_errors import Refusal, error_for, refusal_of, too_many_calls
from spotify_client.parsing.fields import is_plain, mapping, number, text
from spotify_client.settings import SpotifySettings

_LONGEST_TOKEN = 4096
_LONGEST_LIFE_S = 30 * 86_400
_Prepare = Callable[[requests.PreparedRequest], requests.PreparedRequest]


@dataclass(frozen=True, slots=True)
class TokenAnswer:
    """Response of the token endpoint. The tokens are not in the repr.

    Attributes:
        refresh_token: a new one, or "" if the old one stays valid.
        scopes: as granted; None means "as asked for".
    """

    access_token: str
    refresh_token: str
    scopes: frozenset[str] | None
    expires_at_utc: datetime

    def __repr__(self) -> str:
        return f"TokenAnswer(expires_at_utc={self.expires_at_utc!r})"


class TokenEndpoint:
    """Exchanges codes and refresh tokens for access tokens."""

    def __init__(self, settings: SpotifySettings, clock: Clock) -> None:
        self._settings, self._clock = settings, clock

    def ask(self, grant_type: str, **fields: str) -> TokenAnswer:
        """Ask for tokens.

        Args:
            grant_type: "authorization_code" or "refresh_token".
            fields: further form fields of that grant type.

        Raises:
            GrantRevoked: the code or the refresh token is no longer valid.
            SettingsError: client id or secret is wrong.
            RateLimited: too many calls.
            NotAllowListed, OwnerNotPremium: the app may not serve this listener, or any.
            SpotifyUnreachable: no response, or a 5xx.
            SpotifyMalformed: any other response.
        """
        asked_at = self._clock()
        response = self._post({"grant_type": grant_type} | fields)
        if not response.ok or response.is_redirect:
            raise self._error(response)
        return _token_answer(_json(response), asked_at)

    def _post(self, form: Mapping[str, str]) -> requests.Response:
        public = {} if self._settings.client_secret else {"client_id": self._settings.client_id}
        try:
            with requests.Session() as session:
                session.auth = self._proof()
                return session.post(
                    self._settings.accounts_url + "/api/token",
                    data={**form, **public},
                    timeout=self._settings.timeout_s,
                    allow_redirects=False,
                )
        except requests.RequestException as error:
            raise SpotifyUnreachable("Spotify's accounts service did not answer") from error

    def _proof(self) -> _Prepare:
        """Basic authentication if there is a secret; else none, not even from `.netrc`."""
        if self._settings.client_secret:
            return HTTPBasicAuth(self._settings.client_id, self._settings.client_secret)
        return lambda request: request

    def _error(self, response: requests.Response) -> EarshotError:
        refusal = refusal_of(response)
        if refusal.status >= requests.codes.internal_server_error:
            return SpotifyUnreachable("Spotify's accounts service answered with a server error")
        if refusal.status == requests.codes.too_many_requests:
            return self._too_many(refusal)
        if refusal.is_about_the_app:
            return error_for(refusal)
        return _REASONS.get(text(mapping(_json_or_none(response)).get("error")), _unknown)()

    def _too_many(self, refusal: Refusal) -> EarshotError:
        now = self._clock()
        return too_many_calls(refusal.is_quota, now + timedelta(seconds=refusal.wait_s(now)))


def _unknown() -> EarshotError:
    return SpotifyMalformed("Spotify's accounts service gave an answer that it does not promise")


_REASONS: Mapping[str, Callable[[], EarshotError]] = {
    "invalid_grant": lambda: GrantRevoked("Spotify no longer accepts the grant; connect again"),
    "invalid_client": lambda: SettingsError("Spotify does not accept the app's client id or secret"),
    "unauthorized_client": lambda: SettingsError("Spotify does not accept the app's client id or secret"),
}


def _json_or_none(response: requests.Response) -> object:
    try:
        return response.json()
    except (ValueError, RecursionError):
        return None


def _json(response: requests.Response) -> Mapping[str, object]:
    answer = _json_or_none(response)
    if not isinstance(answer, dict):
        raise SpotifyMalformed("Spotify's accounts service gave no JSON object")
    return answer


def _token_answer(answer: Mapping[str, object], asked_at: datetime) -> TokenAnswer:
    life_s = number(answer.get("expires_in"))
    if life_s is None or not 0 < life_s <= _LONGEST_LIFE_S:
        raise SpotifyMalformed("Spotify's token has no sensible life")
    scopes = answer.get("scope")
    return TokenAnswer(
        access_token=_token(answer.get("access_token")),
        refresh_token=_token(answer["refresh_token"]) if answer.get("refresh_token") else "",
        scopes=frozenset(scopes.split()) if isinstance(scopes, str) else None,
        expires_at_utc=asked_at + timedelta(seconds=life_s),
    )


def _token(value: object) -> str:
    """Check that a token is valid in a header."""
    if isinstance(value, str) and len(value) <= _LONGEST_TOKEN and is_plain(value):
        return value
    raise SpotifyMalformed("Spotify's token is missing or is none")
