"""The emulator's errors, in the shapes of the services.

EmulatorError
├── ApiError              Web API: {"error": {"status", "message"[, "reason"]}}
│   ├── PlainError        the same as a proxy in front of Spotify's API sends it: a line of plain text
│   ├── ListenBrainzError {"code", "error"}
│   └── LastFmError       {"message", "error"}, whose error is Last.fm's own number
├── TokenError       token endpoint: {"error", "error_description"}, status 400
└── AuthorizeError   authorize page: shown in the browser, which is not sent back to the app
"""

import json

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response


class EmulatorError(Exception):
    """Base of the emulator's errors."""


class ApiError(EmulatorError):
    """Error of the Web API, or of the emulator's own endpoints under `/_emulator`."""

    def __init__(
        self, status: int, message: str, reason: str | None = None, retry_after_s: int | None = None
    ) -> None:
        super().__init__(message)
        self.status, self.message, self.reason = status, message, reason
        self.headers = {} if retry_after_s is None else {"Retry-After": str(retry_after_s)}

    def response(self) -> Response:
        error: dict[str, object] = {"status": self.status, "message": self.message}
        error |= {"reason": self.reason} if self.reason else {}
        # indented as Spotify does: some clients search for `"status": 404`.
        body = json.dumps({"error": error}, ensure_ascii=False, indent=2)
        return Response(body, self.status, self.headers, "application/json")


class PlainError(ApiError):
    """Error in plain text, at any endpoint of the Web API or at the token endpoint."""

    @classmethod
    def of(cls, error: ApiError, words: str | None = None) -> "PlainError":
        """The same error in plain text; ``words`` replace its message."""
        plain = cls(error.status, words or error.message)
        plain.headers = error.headers
        return plain

    def response(self) -> Response:
        return PlainTextResponse(self.message, self.status, self.headers)


class ListenBrainzError(ApiError):
    """Error of ListenBrainz' API."""

    def response(self) -> Response:
        return JSONResponse({"code": self.status, "error": self.message}, self.status, self.headers)


class LastFmError(ApiError):
    """Error of Last.fm's API; `code` is one of https://www.last.fm/api/errorcodes."""

    def __init__(self, code: int, message: str, status: int = 403) -> None:
        super().__init__(status, message)
        self.code = code

    def response(self) -> Response:
        return JSONResponse({"message": self.message, "error": self.code}, self.status)


class TokenError(EmulatorError):
    """Error of the token endpoint."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.error, self.description = error, description

    def response(self) -> JSONResponse:
        return JSONResponse({"error": self.error, "error_description": self.description}, 400)


class AuthorizeError(EmulatorError):
    """Invalid authorization request; shown in the browser, not sent back to the app."""


async def answer_api_error(request: Request, error: Exception) -> Response:
    """Answer with Spotify's error JSON, also for Starlette's own 404 and 405."""
    if isinstance(error, ApiError | TokenError):
        return error.response()
    status = int(getattr(error, "status_code", 500))
    messages = {404: "Service not found", 405: "Method not allowed"}
    return ApiError(status, messages.get(status, "Server error")).response()
