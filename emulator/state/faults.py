"""Faults on demand: the failures that a client of Spotify has to live with."""

import re
import threading
from dataclasses import dataclass, replace
from typing import Any

from emulator.errors import ApiError, PlainError
from emulator.state.grants import not_allow_listed

_KINDS_WITHOUT_ERROR = ("slow", "cut", "malformed", "empty")
KINDS = (
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
    *_KINDS_WITHOUT_ERROR,
)
_QUOTA_S = 86_400
_RATE_S = 2
_LONGEST_PATTERN = 200
_PLAIN = {"not_allow_listed": "User not registered in the Developer Dashboard"}
"""Where the plain words differ from those in JSON."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A failure planned for the next ``times`` calls whose path begins with, or matches, ``path``.

    Attributes:
        kind: One of ``KINDS``.
        path: What a path begins with, or a regular expression that matches all of it.
        times: How many calls it strikes.
        retry_after: Seconds, where the failure names a time.
        after: How many such calls are let through first.
        plain: Whether a refusal is a line of plain text, as Spotify's gateways write it, in place of JSON.
    """

    kind: str
    path: str = "/v1"
    times: int = 1
    retry_after: int | None = None
    after: int = 0
    plain: bool = False

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ApiError(400, f"kind must be one of {', '.join(KINDS)}")
        if not 1 <= self.times <= 1_000_000:
            raise ApiError(400, "times must be between 1 and 1000000")
        if not 0 <= self.after <= 1_000_000:
            raise ApiError(400, "after must be between 0 and 1000000")
        if self.retry_after is not None and not 0 <= self.retry_after <= 10_000_000:
            raise ApiError(400, "retry_after must be between 0 and 10000000")
        if len(self.path) > _LONGEST_PATTERN:
            raise ApiError(400, "path must not exceed 200 characters")
        try:
            re.compile(self.path)
        except re.error as error:
            raise ApiError(400, "path is not a regular expression") from error

    def strikes(self, path: str) -> bool:
        """Tells whether a call to this path is meant."""
        return path.startswith(self.path) or re.fullmatch(self.path, path) is not None

    def error(self) -> ApiError | None:
        """Returns the refusal of this fault, or None where it is not a refusal."""
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


def fault_from(body: dict[str, Any]) -> Fault:
    """Reads a fault from an administrator's JSON.

    Args:
        body: ``kind``, and optionally ``path``, ``times``, ``retry_after``, ``after``, ``plain``.

    Returns:
        The fault.

    Raises:
        ApiError: If a value is missing, of the wrong type or out of range.
    """
    kind, path = body.get("kind"), body.get("path", "/v1")
    times, retry_after = body.get("times", 1), body.get("retry_after")
    after, plain = body.get("after", 0), body.get("plain", False)
    whole = type(times) is type(after) is int and type(retry_after) in (int, type(None))
    if not (isinstance(kind, str) and isinstance(path, str) and whole and isinstance(plain, bool)):
        raise ApiError(
            400, "kind and path must be text, times, after and retry_after whole numbers, plain a truth value"
        )
    return Fault(kind, path, times, retry_after, after, plain)


class FaultPlan:
    """The faults still to come, oldest first. Safe to use from several threads."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._lock = threading.Lock()

    def add(self, fault: Fault) -> None:
        """Plans a fault."""
        with self._lock:
            self._faults.append(fault)

    def strike(self, path: str) -> Fault | None:
        """Returns the fault that this call meets, and counts it down; None if it meets none."""
        with self._lock:
            for place, fault in enumerate(self._faults):
                if fault.strikes(path) and fault.after:
                    self._faults[place] = replace(fault, after=fault.after - 1)
                elif fault.strikes(path):
                    rest = [replace(fault, times=fault.times - 1)] if fault.times > 1 else []
                    self._faults[place : place + 1] = rest
                    return fault
        return None

    def clear(self) -> None:
        """Plans nothing any more."""
        with self._lock:
            self._faults.clear()
