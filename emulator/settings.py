"""How the local Spotify behaves."""

from dataclasses import dataclass, field
from typing import Literal

Dialect = Literal["development", "extended"]
MOST_ALLOWED = 5
"""Listeners that Development Mode has room for."""


@dataclass(frozen=True, slots=True)
class EmulatorSettings:
    """All that can be set, with Spotify's own values as defaults.

    Attributes:
        client_id: The only client that is let in; None lets in any.
        client_secret: Compared with what a client sends in a Basic header; None takes any.
        redirect_uris: The registered addresses; None takes every address Spotify's rules allow.
        rotate_refresh_tokens: Whether each refresh hands out a new refresh token and kills the old one.
        access_token_lifetime_s: As told to clients in ``expires_in``.
        refresh_token_lifetime_s: Counted from the listener's consent; refreshing does not prolong it.
        code_lifetime_s: Life of an authorization code, which works once.
        allow_list: Ids of the listeners whose calls are served, at most five; None: all.
        latency_ms: Waited before every answer.
        dialect: "development" has the slim shapes of new apps, "extended" the full ones.
        max_form_bytes: Largest request body that is read.
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

    def __post_init__(self) -> None:
        lifetimes = (self.access_token_lifetime_s, self.refresh_token_lifetime_s, self.code_lifetime_s)
        if min(lifetimes) <= 0 or self.latency_ms < 0:
            raise ValueError("lifetimes must be above 0 and latency_ms not below 0")
        if self.allow_list is not None and len(self.allow_list) > MOST_ALLOWED:
            raise ValueError(f"the allow-list has room for {MOST_ALLOWED} listeners")
        if self.dialect not in ("development", "extended"):
            raise ValueError("dialect must be 'development' or 'extended'")
