"""Spotify, ListenBrainz and Last.fm: the local ones in the demo, else the real ones."""

import time

from emulator.settings import LASTFM_KEY, LASTFM_SECRET
from matcher.errors import SettingsError
from matcher.ports import Account, Clock
from sources.scrobbles.lastfm import API_URL, LastFm, LastFmSettings
from sources.scrobbles.listenbrainz import ListenBrainz
from spotify_client.settings import SpotifySettings
from wiring.settings import DEMO_CLIENT_ID, Settings

LISTENBRAINZ_URL = "https://api.listenbrainz.org"
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


def listenbrainz(config: Settings, clock: Clock) -> ListenBrainz:
    """ListenBrainz for this mode."""
    default = config.emulator_url + "/listenbrainz" if config.demo else LISTENBRAINZ_URL
    return ListenBrainz(config.listenbrainz_url or default, clock, time.sleep)


def listenbrainz_account(listener_id: str) -> Account:
    """The account of a ListenBrainz user, by the digest of the name (`listener_id_of`).

    Listeners of a dump have it. Who proves a name by a token and connects with it becomes that listener, as
    in ADR 1; who only types a name must not.
    """
    return Account(f"listenbrainz:{listener_id}")


def lastfm(config: Settings, clock: Clock) -> LastFm:
    """Last.fm for this mode; closed without an API key, but in the demo."""
    key, secret = (
        one.get_secret_value() if one else "" for one in (config.lastfm_api_key, config.lastfm_secret)
    )
    url = config.lastfm_url + "/" if config.lastfm_url else API_URL
    if config.demo and not config.lastfm_url:
        key, secret = key or LASTFM_KEY, secret or LASTFM_SECRET
        url = config.emulator_url + "/lastfm/2.0/"
    return LastFm(LastFmSettings(key, secret, url), clock, time.sleep)
