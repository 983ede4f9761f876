"""Settings of the Spotify adapter."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from spotify_client.parsing.fields import is_plain

SCOPES = (
    "user-top-read",
    "user-library-read",
    "user-follow-read",
    "playlist-read-private",
    "playlist-read-collaborative",
    "user-read-recently-played",
)
"""Scopes needed to read a library."""

PLAYLIST_SCOPES = ("playlist-modify-private",)
"""Scope needed to create a playlist; requested only on first use."""

_SPOTIFY_API = "https://api.spotify.com/v1/"


@dataclass(frozen=True, slots=True)
class SpotifySettings:
    """Settings of Spotify. The secret is not in the repr.

    Attributes:
        redirect_uri: OAuth callback, exactly as registered with the app.
        client_secret: of the app; None or "" for PKCE alone.
        accounts_url: the accounts service, without a trailing slash.
        api_url: the Web API, with a trailing slash; calls never leave it.
        profiles_url: prefix of public profiles; other addresses are dropped.
        calls_budget: most calls per reading of a library, retries included.
        timeout_s: for connecting, and between two pieces of a response.
        max_wait_s: longest `Retry-After` to wait for; a longer one is raised.
        max_waits: most such waits per call.
        concurrent_calls: most simultaneous calls while playlists are read.

    Raises:
        ValueError: naming everything that is missing or wrong.
    """

    client_id: str
    redirect_uri: str
    client_secret: str | None = field(default=None, repr=False)
    accounts_url: str = "https://accounts.spotify.com"
    api_url: str = _SPOTIFY_API
    profiles_url: str = "https://open.spotify.com/user/"
    scopes: tuple[str, ...] = SCOPES
    calls_budget: int = 60
    max_playlists: int = 10
    max_saved_tracks: int = 500
    timeout_s: float = 10.0
    max_wait_s: float = 10.0
    max_waits: int = 2
    concurrent_calls: int = 1

    def __post_init__(self) -> None:
        wrong = [*self._wrong_names(), *self._wrong_addresses(), *self._wrong_numbers()]
        if wrong:
            raise ValueError("; ".join(wrong))

    @property
    def app_key(self) -> str:
        """Key of this app's cooldown."""
        return f"spotify:{self.client_id}"

    @property
    def open_url(self) -> str:
        """Prefix of public links to items; ends with a slash."""
        return "https://open.spotify.com/" if self.api_url == _SPOTIFY_API else f"{self.accounts_url}/open/"

    def _wrong_names(self) -> Iterator[str]:
        if not is_plain(self.client_id):
            yield "client_id is missing or holds characters it cannot have"
        if self.client_secret and not is_plain(self.client_secret):
            yield "client_secret holds characters it cannot have"
        if not self.scopes or not all(map(is_plain, self.scopes)):
            yield "scopes must name at least one permission, each a single word"

    def _wrong_addresses(self) -> Iterator[str]:
        yield from _wrong_redirect(self.redirect_uri)
        yield from _wrong_service("accounts_url", self.accounts_url)
        yield from _wrong_service("api_url", self.api_url)
        yield from _wrong_service("profiles_url", self.profiles_url)
        if self.accounts_url.endswith("/"):
            yield "accounts_url must not end with a slash"
        for name in ("api_url", "profiles_url"):
            if not getattr(self, name).endswith("/"):
                yield f"{name} must end with a slash"

    def _wrong_numbers(self) -> Iterator[str]:
        if self.concurrent_calls < 1:
            yield "concurrent_calls must be at least 1"
        if self.calls_budget < 1:
            yield "calls_budget must be at least 1"
        if min(self.max_playlists, self.max_saved_tracks, self.max_waits) < 0:
            yield "max_playlists, max_saved_tracks and max_waits must not be below 0"
        if not (self.timeout_s > 0 and self.max_wait_s >= 0):
            yield "timeout_s must be above 0 and max_wait_s not below 0"


def _wrong_redirect(uri: str) -> Iterator[str]:
    parts = _split(uri)
    if parts is None or parts.fragment:
        yield "redirect_uri must be an absolute http(s) address without a fragment"
    elif (parts.hostname or "").rstrip(".").endswith("localhost"):
        yield "redirect_uri must not use localhost, which Spotify refuses: write 127.0.0.1"
    elif parts.scheme != "https" and not _is_loopback(parts.hostname or ""):
        yield "redirect_uri must be https, unless its host is 127.0.0.1 or [::1]"


def _wrong_service(name: str, url: str) -> Iterator[str]:
    parts = _split(url)
    if parts is None or parts.query or parts.fragment:
        yield f"{name} must be an absolute http(s) address without query and fragment"
    elif parts.scheme != "https" and not _is_near(parts.hostname or ""):
        yield f"{name} must be https, unless it is a local Spotify"


def _split(url: str) -> SplitResult | None:
    """Parts of an absolute http(s) address without credentials, or None."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    whole = parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc
    return parts if whole and is_plain(url) else None


def _is_near(host: str) -> bool:
    """Whether a host is this machine, or a container beside it (a name without a dot)."""
    return _is_loopback(host) or not ("." in host or ":" in host)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
