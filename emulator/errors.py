"""The emulator's errors, each in the shape in which Spotify's services say it.

EmulatorError
├── ApiError         Web API: {"error": {"status", "message"[, "reason"]}}
│   └── PlainError   the same, refused by a gateway: a line of plain text
├── TokenError       token endpoint: {"error", "error_description"}, status 400
└── AuthorizeError   authorize page: shown to the person, never redirected
"""

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response


class _Indented(JSONResponse):
    """JSON with blanks and line ends, as Spotify writes its errors: some clients look for `"status": 404`."""

    def render(self, content: Any) -> bytes:
        """Returns the body."""
        return json.dumps(content, ensure_ascii=False, indent=2).encode()


class EmulatorError(Exception):
    """Base of everything the emulator refuses."""


class ApiError(EmulatorError):
    """The Web API (or the administration) refuses a call."""

    def __init__(
        self, status: int, message: str, reason: str | None = None, retry_after_s: int | None = None
    ) -> None:
        super().__init__(message)
        self.status, self.message, self.reason, self.retry_after_s = status, message, reason, retry_after_s

    def body(self) -> dict[str, Any]:
        """Returns Spotify's error object."""
        error: dict[str, Any] = {"status": self.status, "message": self.message}
        return {"error": error | ({"reason": self.reason} if self.reason else {})}

    def response(self) -> Response:
        """Returns the answer, with Retry-After where there is one."""
        return _Indented(self.body(), self.status, self.headers())

    def headers(self) -> dict[str, str]:
        """Returns Retry-After where there is one."""
        return {} if self.retry_after_s is None else {"Retry-After": str(self.retry_after_s)}


class PlainError(ApiError):
    """A refusal in plain text, at any endpoint and at the token endpoint."""

    @classmethod
    def of(cls, error: ApiError, words: str | None = None) -> "PlainError":
        """Returns the same refusal in plain text; ``words`` in place of its message."""
        return cls(error.status, words or error.message, error.reason, error.retry_after_s)

    def response(self) -> Response:
        """Returns the answer, with Retry-After where there is one."""
        return PlainTextResponse(self.message, self.status, self.headers())


class TokenError(EmulatorError):
    """The token endpoint refuses."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.error, self.description = error, description

    def response(self) -> JSONResponse:
        """Returns the answer, status 400."""
        return JSONResponse({"error": self.error, "error_description": self.description}, 400)


class AuthorizeError(EmulatorError):
    """The authorize page was asked wrongly; the person sees why, and nobody is redirected."""


async def answer_api_error(request: Request, error: Exception) -> Response:
    """Turns a refusal, or Starlette's own 404 and 405, into Spotify's error JSON."""
    if isinstance(error, ApiError | TokenError):
        return error.response()
    status = int(getattr(error, "status_code", 500))
    messages = {404: "Service not found", 405: "Method not allowed"}
    return ApiError(status, messages.get(status, "Server error")).response()
