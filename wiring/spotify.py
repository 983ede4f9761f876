"""Settings of the Spotify client: the local one in the demo, else the real one."""

from matcher.errors import SettingsError
from spotify_client.settings import SpotifySettings
from wiring.settings import DEMO_CLIENT_ID, Settings

CONCURRENT_CALLS = 4
"""Concurrent calls to Spotify per listener. Measured at 100 ms a call, 60 playlists and 2,000 saved tracks:
4.4 s one by one (5.2 s on a busy machine), 3.0 s four at a time."""


def spotify_settings(config: Settings) -> SpotifySettings:
    """Settings of the Spotify client for this mode.

    Raises:
        SettingsError: lists everything that is missing or wrong.
    """
    try:
        return _local_spotify(config) if config.demo else _live_spotify(config)
    except ValueError as error:
        raise SettingsError(f"Spotify app: {error}") from error


def _local_spotify(config: Settings) -> SpotifySettings:
    return SpotifySettings(
        client_id=DEMO_CLIENT_ID,
        redirect_uri=config.redirect_uri,
        accounts_url=config.emulator_url,
        api_url=config.emulator_url + "/v1/",
        profiles_url=config.emulator_url + "/open/user/",
        calls_budget=config.calls_budget,
        concurrent_calls=CONCURRENT_CALLS,
    )


def _live_spotify(config: Settings) -> SpotifySettings:
    secret = config.spotify_client_secret
    if not config.spotify:  # nobody signs in with it, so nothing is asked
        return SpotifySettings(client_id="none", redirect_uri=config.redirect_uri)
    return SpotifySettings(
        client_id=config.spotify_client_id,
        client_secret=secret.get_secret_value() if secret else None,
        redirect_uri=config.redirect_uri,
        calls_budget=config.calls_budget,
        concurrent_calls=CONCURRENT_CALLS,
    )
