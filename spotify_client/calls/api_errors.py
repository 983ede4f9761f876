"""Spotify's error responses and their meanings."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import requests

from matcher.errors import (
    EndpointGone,
    GrantRevoked,
    NotAllowListed,
    NotPlaylistOwner,
    OwnerNotPremium,
    QuotaExceeded,
    RateLimited,
    ScopeMissing,
    SignInError,
    SpotifyError,
    SpotifyForbidden,
    SpotifyMalformed,
    SpotifyUnreachable,
)
from spotify_client.parsing.fields import mapping, text

RATE_WINDOW_S = 30.0
"""Wait without `Retry-After`; Spotify counts calls over a rolling window of 30 s."""
QUOTA_WAIT_S = 3600.0
"""Wait for a used-up quota without a `Retry-After`."""
_LONGEST_WAIT_S = 7 * 86_400.0
_LONGEST_WORDS = 2000


@dataclass(frozen=True, slots=True)
class Refusal:
    """An error response.

    Attributes:
        path: below the API's address, without the query.
        message: Spotify's message in lower case, to tell the causes apart; never shown.
        reason: Spotify's reason code, or "".
        retry_after: the raw `Retry-After` header, or "".
    """

    status: int
    path: str = ""
    message: str = ""
    reason: str = ""
    retry_after: str = ""

    @property
    def is_quota(self) -> bool:
        """Whether the developer account's quota is used up (else the rate limit was hit)."""
        return self.reason == _QUOTA or _QUOTA.lower() in self.message

    @property
    def is_about_the_app(self) -> bool:
        """Whether the app may not serve this listener, or any, with any call."""
        is_refusal = requests.codes.bad_request <= self.status < requests.codes.internal_server_error
        return is_refusal and _meaning_of(self.message) in _ABOUT_THE_APP

    def wait_s(self, now: datetime) -> float:
        """Seconds until the next call, from 0 to a week."""
        return _wait_s(self.retry_after, now, QUOTA_WAIT_S if self.is_quota else RATE_WINDOW_S)


class Refused(Exception):
    """Carries a `Refusal` through spotipy; internal to this package."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(f"status {refusal.status}")
        self.refusal = refusal


def refusal_of(response: requests.Response, path: str = "") -> Refusal:
    """Read an error response: JSON of the API or the token endpoint, or plain text."""
    body = _body(response)
    error = mapping(mapping(body).get("error"))
    described = error.get("message") or mapping(body).get("error_description")
    return Refusal(
        status=response.status_code,
        path=path,
        message=(text(described) or _plain_words(response, body)).lower(),
        reason=text(error.get("reason")),
        retry_after=response.headers.get("Retry-After", ""),
    )


def error_for(refusal: Refusal) -> SpotifyError | SignInError:
    """Error of any refusal but a 429."""
    if refusal.is_about_the_app:
        return forbidden(refusal)
    if refusal.status == requests.codes.unauthorized:
        return GrantRevoked("Spotify no longer accepts the grant; connect again")
    if refusal.status == requests.codes.forbidden:
        return forbidden(refusal)
    if refusal.status == requests.codes.not_found:
        return EndpointGone("Spotify says there is no such thing any more (404)")
    if refusal.status >= requests.codes.internal_server_error:
        return SpotifyUnreachable("Spotify answered with a server error")
    return SpotifyMalformed("Spotify gave an answer that its API does not promise")


def forbidden(refusal: Refusal) -> SpotifyForbidden:
    """Error for a 403: by Spotify's message, else by the path."""
    if (error := _meaning_of(refusal.message)) is not None:
        return error(_MEANINGS[error])
    if refusal.path.startswith("playlists/"):
        return NotPlaylistOwner("the playlist belongs to somebody else")
    if refusal.path.startswith(_CLOSED):
        return EndpointGone("Spotify has closed this endpoint to this app")
    return SpotifyForbidden("Spotify refused, without a reason we know")


def too_many_calls(quota: bool, retry_at_utc: datetime) -> RateLimited:
    """The error for a 429."""
    if quota:
        return QuotaExceeded("the app's quota at Spotify is used up", retry_at_utc)
    return RateLimited("too many calls to Spotify in a short time", retry_at_utc)


_QUOTA = "QUOTA_EXCEEDED"
_FORBIDDEN: tuple[tuple[tuple[str, ...], type[SpotifyForbidden]], ...] = (
    (("not be registered",), NotAllowListed),
    (("not registered",), NotAllowListed),
    (("premium", "owner"), OwnerNotPremium),
    (("scope",), ScopeMissing),
    (("permission",), ScopeMissing),
    (("endpoint",), EndpointGone),
    (("deprecated",), EndpointGone),
)
"""Words that must all occur in a message, and the error they mean."""
_MEANINGS: Mapping[type[SpotifyForbidden], str] = {
    NotAllowListed: "the listener is not on the Spotify app's list of users",
    OwnerNotPremium: "the owner of the Spotify app has no Premium subscription",
    ScopeMissing: "a permission that this call needs was not granted",
    EndpointGone: "Spotify has closed this endpoint to this app",
}
_ABOUT_THE_APP = (NotAllowListed, OwnerNotPremium)
_CLOSED = ("audio-features", "audio-analysis", "recommendations", "artists", "tracks", "browse", "users")
"""Endpoints closed to Development-Mode apps, which get a 403 without a reason."""


def _meaning_of(message: str) -> type[SpotifyForbidden] | None:
    return next((error for words, error in _FORBIDDEN if all(word in message for word in words)), None)


def _plain_words(response: requests.Response, body: object) -> str:
    """Text of a non-JSON response; "" for HTML, which is a gateway's own page."""
    if isinstance(body, dict | list):
        return ""
    words = text(body) or text(response.content[:_LONGEST_WORDS].decode("utf-8", "replace"))
    return "" if words.startswith("<") else words


def _body(response: requests.Response) -> object:
    try:
        return response.json()
    except (ValueError, RecursionError):
        return None


def _wait_s(header: str, now: datetime, default_s: float) -> float:
    digits = header.strip()
    if digits.isascii() and digits.isdigit():
        return min(float(digits[:12]), _LONGEST_WAIT_S)
    try:
        moment = parsedate_to_datetime(header)
        wait = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now
    except (ValueError, OverflowError):
        return default_s
    return min(max(wait / timedelta(seconds=1), 0.0), _LONGEST_WAIT_S)
