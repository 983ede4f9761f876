"""Rate and concurrency limits per address, in the memory of this process."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import IPv6Address, ip_address, ip_network
from threading import Lock
from typing import Literal

from limits import RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

_ONE_SUBSCRIBER = 64  # prefix length of the IPv6 network of one subscriber


class TooMany(Exception):
    """A concurrency limit is reached."""


class Pace:
    """Rate limit per address and minute, or hour. Counts are dropped after two of them at most."""

    def __init__(self, most: int, within: Literal["minute", "hour"] = "minute") -> None:
        self._item = (RateLimitItemPerMinute if within == "minute" else RateLimitItemPerHour)(most)
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())

    def allows(self, address: str) -> bool:
        """Whether one more is allowed; if so, it is counted."""
        return self._limiter.hit(self._item, address)


class Open:
    """Concurrency limit per key. Keys with nothing open are dropped."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._open: Counter[str] = Counter()
        self._lock = Lock()

    @contextmanager
    def one_more(self, key: str) -> Iterator[None]:
        """Count one more as open until the block ends.

        Raises:
            TooMany: the limit is reached.
        """
        with self._lock:
            if self._open[key] >= self._most:
                raise TooMany
            self._open[key] += 1
        try:
            yield
        finally:
            with self._lock:
                self._open[key] -= 1
                if not self._open[key]:
                    del self._open[key]

    def __len__(self) -> int:
        """Number of keys with something open."""
        return len(self._open)


def subscriber(address: str) -> str:
    """Key that an address is limited by: itself, or the network of an IPv6 address.

    Everything else, such as the name of a Unix socket, shares one key.
    """
    try:
        found = ip_address(address)
    except ValueError:
        return "elsewhere"
    if not isinstance(found, IPv6Address):
        return str(found)
    return str(found.ipv4_mapped or ip_network((int(found), _ONE_SUBSCRIBER), strict=False))
