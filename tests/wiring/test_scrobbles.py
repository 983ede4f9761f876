import pytest

from wiring.bootstrap import now_utc
from wiring.settings import Settings
from wiring.spotify import lastfm, listenbrainz

LIVE = {"mode": "live", "spotify_client_id": "earshot", "accept_spotify_terms": True}


@pytest.fixture(autouse=True)
def nowhere(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)


def test_in_the_demo_both_are_the_local_ones():
    config = Settings(emulator_url="http://127.0.0.1:9000")
    assert listenbrainz(config, now_utc).url == "http://127.0.0.1:9000/listenbrainz"
    service = lastfm(config, now_utc)
    assert service.settings.url == "http://127.0.0.1:9000/lastfm/2.0/"
    assert service.settings.sign_in_url == "http://127.0.0.1:9000/lastfm/api/auth/"
    assert service.can_sign_in


def test_live_they_are_the_real_ones_and_lastfm_needs_a_key():
    assert listenbrainz(Settings(**LIVE), now_utc).url == "https://api.listenbrainz.org"
    assert not lastfm(Settings(**LIVE), now_utc).is_open
    service = lastfm(Settings(**LIVE, lastfm_api_key="k"), now_utc)
    assert (service.is_open, service.can_sign_in) == (True, False)
    assert service.settings.url == "https://ws.audioscrobbler.com/2.0/"
    assert service.settings.sign_in_url == "https://www.last.fm/api/auth/"


def test_the_demos_key_is_sent_to_nobody_but_the_local_lastfm():
    config = Settings(lastfm_url="https://lastfm.example/2.0", listenbrainz_url="https://lb.example/")
    assert not lastfm(config, now_utc).is_open
    assert listenbrainz(config, now_utc).url == "https://lb.example"
