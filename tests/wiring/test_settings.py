from datetime import timedelta

import pytest

from matcher.errors import SettingsError
from wiring.settings import Mode, read_settings
from wiring.spotify import spotify_settings


@pytest.fixture(autouse=True)
def clean(monkeypatch, tmp_path):
    import os

    for name in list(os.environ):
        if name.startswith("EARSHOT_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def test_without_any_setting_it_is_the_demo():
    found = read_settings()
    assert found.mode is Mode.DEMO
    assert found.redirect_uri == "http://127.0.0.1:8501/callback"


def test_live_mode_lists_everything_that_is_missing_at_once(monkeypatch):
    monkeypatch.setenv("EARSHOT_MODE", "live")
    with pytest.raises(SettingsError) as caught:
        read_settings()
    assert "SPOTIFY_CLIENT_ID" in str(caught.value)
    assert "ACCEPT_SPOTIFY_TERMS" in str(caught.value)


def test_two_wrong_settings_are_one_error(monkeypatch):
    monkeypatch.setenv("EARSHOT_PORT", "nine")
    monkeypatch.setenv("EARSHOT_CALLS_BUDGET", "0")
    with pytest.raises(SettingsError, match=r"EARSHOT_PORT.*EARSHOT_CALLS_BUDGET"):
        read_settings()


@pytest.mark.parametrize("url", ["http://localhost:8501", "http://example.org", "ftp://127.0.0.1", "earshot"])
def test_addresses_spotify_would_refuse_are_refused(monkeypatch, url):
    monkeypatch.setenv("EARSHOT_PUBLIC_URL", url)
    with pytest.raises(SettingsError, match="EARSHOT_PUBLIC_URL"):
        read_settings()


def test_https_makes_cookies_secure(monkeypatch):
    monkeypatch.setenv("EARSHOT_PUBLIC_URL", "https://earshot.example/")
    found = read_settings()
    assert found.secure_cookies
    assert found.redirect_uri == "https://earshot.example/callback"


@pytest.mark.parametrize(
    "name",
    [
        "EARSHOT_SPOTIFY_CLIENT_SECRET",
        "EARSHOT_GRANT_KEYS",
        "EARSHOT_ACCOUNT_KEYS",
        "EARSHOT_DATABASE_URL",
        "EARSHOT_LASTFM_API_KEY",
        "EARSHOT_LASTFM_SECRET",
    ],
)
def test_secrets_do_not_show(monkeypatch, name):
    monkeypatch.setenv(name, "hush-hush")
    assert "hush-hush" not in repr(read_settings())


def test_settings_cannot_be_changed():
    with pytest.raises(ValueError, match="frozen"):
        read_settings().port = 1


def test_refreshes_rest_in_live_mode_only(monkeypatch):
    assert read_settings().refresh_interval == timedelta(0)
    monkeypatch.setenv("EARSHOT_MODE", "live")
    monkeypatch.setenv("EARSHOT_SPOTIFY_CLIENT_ID", "app")
    monkeypatch.setenv("EARSHOT_ACCEPT_SPOTIFY_TERMS", "true")
    assert read_settings().refresh_interval == timedelta(minutes=10)
    monkeypatch.setenv("EARSHOT_REFRESH_INTERVAL_S", "60")
    assert read_settings().refresh_interval == timedelta(minutes=1)


def test_no_outside_provider_of_attributes_is_asked_unless_wanted():
    found = read_settings()
    assert not found.reccobeats
    assert not found.spotify_audio_features
    assert found.reccobeats_address == "http://127.0.0.1:9911/reccobeats/v1"


def test_an_unsafe_address_of_reccobeats_is_refused(monkeypatch):
    monkeypatch.setenv("EARSHOT_RECCOBEATS_URL", "http://reccobeats.example")
    with pytest.raises(SettingsError, match="EARSHOT_RECCOBEATS_URL"):
        read_settings()


def test_a_taste_is_changed_twelve_times_in_ten_minutes_and_sixty_a_day_unless_said_otherwise(monkeypatch):
    found = read_settings()
    assert (found.taste_changes_10_min, found.taste_changes_day) == (12, 60)
    monkeypatch.setenv("EARSHOT_TASTE_CHANGES_DAY", "7")
    assert read_settings().taste_changes_day == 7


def test_live_mode_without_spotify_needs_no_app_of_it(monkeypatch):
    monkeypatch.setenv("EARSHOT_MODE", "live")
    monkeypatch.setenv("EARSHOT_SPOTIFY", "false")
    found = read_settings()
    assert not found.demo
    assert spotify_settings(found).client_id
