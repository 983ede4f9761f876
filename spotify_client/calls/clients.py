"""Clients for signed-in listeners, each with its own HTTP session and token."""

from dataclasses import dataclass

from spotify_client.calls.budget import CallBudget
from spotify_client.calls.client import SpotifyClient
from spotify_client.calls.cooldown import Gate
from spotify_client.calls.grants import Grants
from spotify_client.settings import SpotifySettings


@dataclass(frozen=True, slots=True)
class SignedInClients:
    """Makes clients for signed-in listeners; all share one gate."""

    grants: Grants
    settings: SpotifySettings
    gate: Gate

    def of(self, listener_id: str, calls_budget: int) -> SpotifyClient:
        """A client with a budget of calls; the caller closes it.

        Raises:
            GrantRevoked: there is no grant, or Spotify no longer accepts it.
            SettingsError, RateLimited, SpotifyUnreachable, SpotifyMalformed: the token could not be renewed.
        """
        return SpotifyClient(
            self.settings,
            token=self.grants.access_token(listener_id),
            renew=lambda rejected: self.grants.renewed(listener_id, rejected),
            gate=self.gate,
            budget=CallBudget(calls_budget),
        )
