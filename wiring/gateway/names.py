"""Under which names Earshot answers: the public address's alone, and on one's own machine its other names."""

from dataclasses import dataclass
from enum import Enum, auto
from ipaddress import ip_address
from urllib.parse import urlsplit

_DEFAULT_PORTS = {"http": 80, "https": 443}
_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


class Name(Enum):
    """What a `Host` header names."""

    PUBLIC = auto()
    ALIAS = auto()
    """Another name of this machine for the same port: leads to the public address."""
    LOCAL = auto()
    """The port on this machine itself: good for health checks alone."""
    FOREIGN = auto()


@dataclass(frozen=True, slots=True)
class Names:
    """The names of one Earshot.

    Attributes:
        origin: scheme, host and port of the public address, as a browser writes them in `Origin`.
        hosts: what `Host` may be, in small letters, with what it names.
    """

    origin: str
    hosts: dict[str, Name]

    def name(self, host: str) -> Name:
        """What a `Host` header names. Letter case does not matter; a dot at the end makes another name."""
        return self.hosts.get(host.lower(), Name.FOREIGN)


def names_of(public_url: str, port: int, demo: bool) -> Names:
    """The names of an Earshot.

    Args:
        public_url: how browsers reach it.
        port: where it listens.
        demo: whether it is the demo, which is reached from this machine.
    """
    parts = urlsplit(public_url)
    host, public_port = _bracketed(parts.hostname or ""), parts.port or _DEFAULT_PORTS[parts.scheme]
    hosts = {f"{one}:{port}": Name.ALIAS if demo else Name.LOCAL for one in _LOOPBACK}
    if _is_loopback(host):
        hosts |= {f"{one}:{public_port}": Name.ALIAS for one in _LOOPBACK}
    hosts[f"{host}:{public_port}"] = Name.PUBLIC
    if public_port == _DEFAULT_PORTS[parts.scheme]:
        hosts[host] = Name.PUBLIC
        return Names(f"{parts.scheme}://{host}", hosts)
    return Names(f"{parts.scheme}://{host}:{public_port}", hosts)


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"
