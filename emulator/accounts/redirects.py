"""Spotify's rules for redirect addresses (2025)."""

from ipaddress import ip_address
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit, urlunsplit

from emulator.errors import AuthorizeError

_LOOPBACK = ("127.0.0.1", "::1")
_REFUSED = "INVALID_CLIENT: Invalid redirect URI"


def check_redirect_uri(uri: str, registered: tuple[str, ...] | None) -> None:
    """Accept HTTPS, and plain HTTP on a loopback literal; never localhost.

    If `registered` is given, the address must be in it; loopback ones without a port match any port.

    Raises:
        AuthorizeError: the address is not accepted.
    """
    parts = _split(uri)
    if not (_is_secure(parts) or _is_loopback(parts)) or parts.username or parts.fragment or "#" in uri:
        raise AuthorizeError(_REFUSED)
    if registered is not None and uri not in registered and _without_port(parts) not in registered:
        raise AuthorizeError(f"{_REFUSED}: it is not registered")


def _split(uri: str) -> SplitResult:
    if not uri.isascii() or not uri.isprintable() or set(uri) & set(" \\<>\"'`"):
        raise AuthorizeError(_REFUSED)
    try:
        parts = urlsplit(uri)
        _ = parts.port
    except ValueError as error:
        raise AuthorizeError(_REFUSED) from error
    return parts


def _is_secure(parts: SplitResult) -> bool:
    host = (parts.hostname or "").rstrip(".")
    return parts.scheme == "https" and bool(host) and host != "localhost" and not host.endswith(".localhost")


def _is_loopback(parts: SplitResult) -> bool:
    return parts.scheme == "http" and parts.hostname in _LOOPBACK


def _without_port(parts: SplitResult) -> str | None:
    if not _is_loopback(parts):
        return None
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or ""
    return urlunsplit(parts._replace(netloc=host))


def with_answer(uri: str, answer: dict[str, str]) -> str:
    """An accepted redirect address with the answer added to its query."""
    parts = urlsplit(uri)
    query = [*parse_qsl(parts.query, keep_blank_values=True), *answer.items()]
    return urlunsplit(parts._replace(query=urlencode(query)))


def is_loopback_address(host: str) -> bool:
    """Whether a peer's IP address is a loopback address; False for host names."""
    try:
        address = ip_address(host)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return address.is_loopback or bool(mapped and mapped.is_loopback)
