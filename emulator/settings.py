"""Settings of the emulator."""

from dataclasses import dataclass, field
from typing import Literal

Dialect = Literal["development", "extended"]
LASTFM_KEY, LASTFM_SECRET = "10ca11a57f3000000000000000000001", "10ca11a57f3000000000000000000002"
"""API key and shared secret of the local Last.fm."""
MOST_ALLOWED = 5
"""Most listeners in Development Mode."""


@dataclass(frozen=True, slots=True)
class EmulatorSettings:
    """Settings, with Spotify's own values as defaults.

    Attributes:
        client_id: the only client admitted; None for any.
        client_secret: expected in the Basic header; None for any.
        redirect_uris: registered addresses; None for any within Spotify's rules.
        rotate_refresh_tokens: whether each refresh replaces the refresh token.
        refresh_token_lifetime_s: from the listener's consent; refreshing does not extend it.
        allow_list: ids of the listeners served, at most five; None for all.
        latency_ms: delay of every answer.
        listenbrainz_calls: calls of one address in `listenbrainz_window_s` seconds.
        lastfm_calls: calls of one address in `lastfm_window_s` seconds.
        dialect: "development" for the reduced JSON of new apps, "extended" for the full one.
    """

    client_id: str | None = None
    client_secret: str | None = field(default=None, repr=False)
    redirect_uris: tuple[str, ...] | None = None
    rotate_refresh_tokens: bool = False
    access_token_lifetime_s: int = 3600
    refresh_token_lifetime_s: int = 182 * 86_400
    code_lifetime_s: int = 600
    allow_list: tuple[str, ...] | None = None
    latency_ms: int = 0
    dialect: Dialect = "development"
    max_form_bytes: int = 65_536
    listenbrainz_calls: int = 30
    listenbrainz_window_s: int = 10
    lastfm_key: str = LASTFM_KEY
    lastfm_secret: str = field(default=LASTFM_SECRET, repr=False)
    lastfm_calls: int = 25
    lastfm_window_s: int = 5

    def __post_init__(self) -> None:
        lifetimes = (self.access_token_lifetime_s, self.refresh_token_lifetime_s, self.code_lifetime_s)
        if min(lifetimes) <= 0 or self.latency_ms < 0:
            raise ValueError("lifetimes must be above 0 and latency_ms not below 0")
        if self.allow_list is not None and len(self.allow_list) > MOST_ALLOWED:
            raise ValueError(f"the allow-list has room for {MOST_ALLOWED} listeners")
        if self.dialect not in ("development", "extended"):
            raise ValueError("dialect must be 'development' or 'extended'")
