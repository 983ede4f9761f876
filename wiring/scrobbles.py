"""ListenBrainz and Last.fm: the local ones in the demo, else the real ones."""

import time

from emulator.settings import LASTFM_KEY, LASTFM_SECRET
from matcher.ports import Account, Clock
from sources.scrobbles.lastfm import API_URL, LastFm, LastFmSettings
from sources.scrobbles.listenbrainz import ListenBrainz
from wiring.settings import Settings

LISTENBRAINZ_URL = "https://api.listenbrainz.org"


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
