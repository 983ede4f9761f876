"""How often, and how much at once, one address may ask. In memory, for this process alone."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import IPv6Address, ip_address, ip_network
from threading import Lock

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

_ONE_SUBSCRIBER = 64
"""Bits of an IPv6 address that one subscriber's addresses share."""


class TooMany(Exception):
    """More at once than one address, or one session, may have open."""


class Pace:
    """Lets each address do something so many times a minute; counts are dropped a minute or two later."""

    def __init__(self, per_minute: int) -> None:
        self._item = RateLimitItemPerMinute(per_minute)
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())

    def allows(self, address: str) -> bool:
        """Whether it may be done once more, which is then counted."""
        return self._limiter.hit(self._item, address)


class Open:
    """Counts what is open by whom, up to a number each; a key is forgotten once nothing of it is open."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._open: Counter[str] = Counter()
        self._lock = Lock()

    @contextmanager
    def one_more(self, key: str) -> Iterator[None]:
        """Hold one more open until the block ends.

        Raises:
            TooMany: there are as many as there may be.
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
        """Keys of which something is open."""
        return len(self._open)


def subscriber(address: str) -> str:
    """Who an address counts as: itself; for IPv6 the network that one subscriber gets.

    Anything else, such as the name of a socket in the file system, counts as one.
    """
    try:
        found = ip_address(address)
    except ValueError:
        return "elsewhere"
    if not isinstance(found, IPv6Address):
        return str(found)
    return str(found.ipv4_mapped or ip_network((int(found), _ONE_SUBSCRIBER), strict=False))
