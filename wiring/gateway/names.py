"""Host names that Earshot answers to: the public one, and local ones."""

from dataclasses import dataclass
from enum import Enum, auto
from ipaddress import ip_address
from urllib.parse import urlsplit

_DEFAULT_PORTS = {"http": 80, "https": 443}
_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


class Name(Enum):
    """Meaning of a `Host` header."""

    PUBLIC = auto()
    ALIAS = auto()  # another name of this machine: redirects to the public URL
    LOCAL = auto()  # from this machine, at the port Earshot listens on: for health checks only
    FOREIGN = auto()  # any other: rejected


@dataclass(frozen=True, slots=True)
class Names:
    """Host names that one running Earshot accepts."""

    origin: str  # of the public URL, as browsers send it in `Origin`
    hosts: dict[str, Name]  # accepted `Host` values, in lower case

    def name(self, host: str) -> Name:
        """Meaning of a `Host` header; ignores case, but not a final dot."""
        return self.hosts.get(host.lower(), Name.FOREIGN)


def names_of(public_url: str, port: int, demo: bool) -> Names:
    """Host names for a public URL and a listening port.

    In the demo, loopback names redirect to the public URL.
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
