"""Planned faults: failures that a client of the services must handle."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictBool, StrictInt, StrictStr

from emulator.errors import ApiError, LastFmError, ListenBrainzError, PlainError
from emulator.state.grants import not_allow_listed

Kind = Literal[
    "unauthorized",
    "not_allow_listed",
    "owner_not_premium",
    "missing_scope",
    "not_found",
    "rate_limited",
    "quota",
    "server_error",
    "bad_gateway",
    "unavailable",
    # not error responses
    "slow",
    "cut",
    "malformed",
    "empty",
]
_QUOTA_S = 86_400
_RATE_S = 2
_PLAIN = {"not_allow_listed": "User not registered in the Developer Dashboard"}
"""Plain-text messages that differ from the JSON ones."""
_LISTENBRAINZ = {
    "unauthorized": (401, "Invalid authorization token."),
    "not_found": (404, "Cannot find user"),
    "rate_limited": (429, "You have exceeded your rate limit."),
    "server_error": (500, "An unknown error occured."),
    "bad_gateway": (502, "An unknown error occured."),
    "unavailable": (503, "Cannot fetch user listen count right now."),
}
_LASTFM = {
    "unauthorized": LastFmError(10, "Invalid API key - You must be granted a valid key by last.fm"),
    "not_found": LastFmError(6, "User not found", 404),
    "rate_limited": LastFmError(29, "Rate Limit Exceeded - Your IP has made too many requests", 429),
    "quota": LastFmError(26, "API Key Suspended - This application is not allowed to make requests"),
    "server_error": LastFmError(8, "Operation failed - Most likely the backend service failed.", 500),
    "unavailable": LastFmError(11, "Service Offline - This service is temporarily offline.", 503),
}


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError("no regular expression") from error
    return text


class Fault(BaseModel):
    """A failure of the next ``times`` calls to ``path``.

    Attributes:
        path: prefix of the paths, or a regular expression for the full path.
        retry_after: seconds, if the failure has a time.
        after: matching calls that pass first.
        plain: whether the error is plain text, as Spotify's gateways send it, instead of JSON.
    """

    model_config = ConfigDict(strict=True)

    kind: Kind
    path: Annotated[StrictStr, Field(max_length=200), AfterValidator(_pattern)] = "/v1"
    times: Annotated[StrictInt, Field(ge=1, le=1_000_000)] = 1
    retry_after: Annotated[StrictInt, Field(ge=0, le=10_000_000)] | None = None
    after: Annotated[StrictInt, Field(ge=0, le=1_000_000)] = 0
    plain: StrictBool = False

    def strikes(self, path: str) -> bool:
        return path.startswith(self.path) or re.fullmatch(self.path, path) is not None

    def error(self, path: str) -> ApiError | None:
        """The error response of the service at `path`; None for other kinds of faults."""
        if path.startswith("/listenbrainz/"):
            return self._listenbrainz_error()
        if path.startswith("/lastfm/"):
            return _LASTFM.get(self.kind)
        return self._spotify_error()

    def _listenbrainz_error(self) -> ApiError | None:
        if self.kind not in _LISTENBRAINZ:
            return None
        error = ListenBrainzError(*_LISTENBRAINZ[self.kind])
        if self.kind == "rate_limited":
            wait_s = _RATE_S if self.retry_after is None else self.retry_after
            error.headers = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset-In": str(wait_s)}
        return error

    def _spotify_error(self) -> ApiError | None:
        wait_s = self.retry_after
        found = {
            "unauthorized": ApiError(401, "The access token expired"),
            "not_allow_listed": not_allow_listed(),
            "owner_not_premium": ApiError(
                403, "Active premium subscription required for the owner of the app."
            ),
            "missing_scope": ApiError(403, "Insufficient client scope"),
            "not_found": ApiError(404, "Resource not found"),
            "rate_limited": ApiError(
                429, "API rate limit exceeded", retry_after_s=_RATE_S if wait_s is None else wait_s
            ),
            "quota": ApiError(
                429, "Too many requests", "QUOTA_EXCEEDED", _QUOTA_S if wait_s is None else wait_s
            ),
            "server_error": ApiError(500, "Server error"),
            "bad_gateway": ApiError(502, "Bad gateway"),
            "unavailable": ApiError(503, "Service unavailable", retry_after_s=wait_s),
        }.get(self.kind)
        return PlainError.of(found, _PLAIN.get(self.kind)) if found and self.plain else found


class FaultPlan(list[Fault]):
    """Pending faults, oldest first."""

    def strike(self, path: str) -> Fault | None:
        """The fault for this call, counted down, or None."""
        for fault in self:
            if fault.strikes(path) and fault.after:
                fault.after -= 1
            elif fault.strikes(path):
                fault.times -= 1
                if not fault.times:
                    self.remove(fault)
                return fault
        return None
