"""Polite calls to a service: one at a time, paced by its own headers, bounded in time, number and size."""

import json
import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import TracebackType
from typing import Self
from urllib.parse import unquote

import requests

from matcher.errors import ServiceLimited, ServiceMalformed, ServiceUnreachable
from matcher.ports import Clock
from spotify_client.calls.api_errors import Refusal
from spotify_client.calls.budget import CallBudget
from spotify_client.calls.log_redaction import redact_logs
from spotify_client.parsing.fields import mapping

LARGEST_ANSWER = 32 << 20
"""Most bytes of one answer; a page of a thousand listens has about two million."""

_LONGEST_NAME = 100
_TOO_MANY = 29
_PROFILE = re.compile(
    r"(?:https?://)?(?:www\.)?(?:listenbrainz\.org|last\.fm(?:/[a-z]{2})?)/user/([^/?#\s]+).*", re.IGNORECASE
)

Sleep = Callable[[float], None]
Translate = Callable[[requests.Response, object], None]
"""Raises what an answer means, given its JSON (None if it is no JSON); returns if it is none of its own."""


@dataclass(frozen=True, slots=True)
class Politeness:
    """How a service is called.

    Attributes:
        gap_s: least time between two calls of this process, whoever they are for.
        timeout_s: for connecting, and between two pieces of an answer.
        default_wait_s: pause after a refusal that says no time.
        max_wait_s: longest pause to wait for; a longer one is raised.
        max_waits: most pauses that one call waits for.
        max_calls: most calls of one reading, repeated ones included.
    """

    gap_s: float = 0.0
    timeout_s: float = 15.0
    default_wait_s: float = 10.0
    max_wait_s: float = 15.0
    max_waits: int = 3
    max_calls: int = 60


class Pace:
    """When the next call may be made; shared by all who call one service. Thread-safe."""

    def __init__(self, politeness: Politeness, clock: Clock, sleep: Sleep = time.sleep) -> None:
        self._politeness, self._clock, self._sleep = politeness, clock, sleep
        self._free_at = clock()
        self._lock = threading.Lock()

    def enter(self) -> None:
        """Wait for one's turn.

        Raises:
            ServiceLimited: it is farther away than `max_wait_s`.
        """
        with self._lock:
            turn = max(self._free_at, self._clock())
            wait_s = (turn - self._clock()) / timedelta(seconds=1)
            if wait_s > self._politeness.max_wait_s:
                raise ServiceLimited("the service asks for a pause", turn)
            self._free_at = turn + timedelta(seconds=self._politeness.gap_s)
        if wait_s > 0:
            self._sleep(wait_s)

    def rest(self, wait_s: float) -> None:
        """Let nobody call for so long."""
        with self._lock:
            self._free_at = max(self._free_at, self._clock() + timedelta(seconds=wait_s))

    def wait_s(self, response: requests.Response) -> float:
        """Seconds that an answer asks for, by `X-RateLimit-Reset-In` or `Retry-After`."""
        header = response.headers.get("X-RateLimit-Reset-In") or response.headers.get("Retry-After", "")
        refusal = Refusal(response.status_code, retry_after=header)
        return refusal.wait_s(self._clock()) if header else self._politeness.default_wait_s


class ServiceCalls:
    """Calls one service within one reading; the caller closes it."""

    def __init__(self, pace: Pace, politeness: Politeness, translate: Translate, user_agent: str) -> None:
        redact_logs()
        self.budget = CallBudget(politeness.max_calls)
        self._pace, self._politeness, self._translate = pace, politeness, translate
        self._session = requests.Session()
        self._session.headers.update({"User-Agent": user_agent, "Accept": "application/json"})
        self._session.auth = _as_it_is

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._session.close()

    def get(self, url: str, params: Mapping[str, str], headers: Mapping[str, str] | None = None) -> object:
        """The JSON of an answer; None for an empty one (204).

        A 5xx or a lost connection is tried once more, a 429 after the pause that it asks for.

        Raises:
            BudgetSpent: no call is left.
            ServiceLimited: a pause is too long, or one of too many.
            ServiceUnreachable: no answer, or a 5xx, twice.
            ServiceMalformed: an answer that the API does not promise.
            ServiceError: as `translate` raises it.
        """
        n_failures = n_waits = 0
        while True:
            self._pace.enter()
            self.budget.spend()
            response, body = self._answer(url, params, headers or {})
            if response is None or response.status_code >= requests.codes.internal_server_error:
                n_failures += 1
                if n_failures > 1:
                    raise ServiceUnreachable("the service did not answer")
            elif _is_limited(response, body):
                self._pace.rest(self._pace.wait_s(response))
                n_waits += 1
                if n_waits > self._politeness.max_waits:
                    raise ServiceUnreachable("the service refused too often in a row")
            else:
                return self._read(response, body)

    def _read(self, response: requests.Response, body: object) -> object:
        if response.headers.get("X-RateLimit-Remaining") == "0":
            self._pace.rest(self._pace.wait_s(response))
        if response.status_code == requests.codes.no_content:
            return None
        self._translate(response, body)
        if response.status_code != requests.codes.ok or not isinstance(body, dict):
            raise ServiceMalformed("the service gave an answer that its API does not promise")
        return body

    def _answer(
        self, url: str, params: Mapping[str, str], headers: Mapping[str, str]
    ) -> tuple[requests.Response | None, object]:
        """An answer with its JSON, None if it is no JSON; None without an answer."""
        try:
            response, content = self._send(url, params, headers)
        except requests.RequestException:
            return None, None
        try:
            return response, json.loads(content)
        except (ValueError, RecursionError):
            return response, None

    def _send(
        self, url: str, params: Mapping[str, str], headers: Mapping[str, str]
    ) -> tuple[requests.Response, bytes]:
        timeout_s, content = self._politeness.timeout_s, bytearray()
        with self._session.get(
            url, params=params, headers=headers, timeout=timeout_s, allow_redirects=False, stream=True
        ) as response:
            for piece in response.iter_content(1 << 16):
                content += piece
                if len(content) > LARGEST_ANSWER:
                    raise ServiceMalformed("the service's answer is too long")
        return response, bytes(content)


def _is_limited(response: requests.Response, body: object) -> bool:
    """Whether this was one call too many; Last.fm has a number of its own for that."""
    return response.status_code == requests.codes.too_many_requests or mapping(body).get("error") == _TOO_MANY


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Auth hook: keeps requests from adding an entry of `.netrc`."""
    return request


def name_in(text: str) -> str:
    """The user name in what somebody typed: a name, or the address of a profile; "" if it is neither."""
    found = _PROFILE.fullmatch(text.strip())
    name = unquote(found[1]) if found else text.strip()
    fits = name.isprintable() and len(name) <= _LONGEST_NAME and not {"/", "\\"} & set(name)
    # "." and ".." are no names, but steps of a path
    return name if fits and name.strip(".") else ""
