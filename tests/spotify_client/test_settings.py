import pytest

from spotify_client.settings import SpotifySettings

HERE = "http://127.0.0.1:8501/callback"


def test_the_defaults_are_spotifys_addresses():
    settings = SpotifySettings("an-id", HERE)
    assert settings.api_url == "https://api.spotify.com/v1/"
    assert settings.accounts_url == "https://accounts.spotify.com"
    assert settings.calls_budget == 60


def test_the_secret_never_shows():
    assert "s3cret" not in repr(SpotifySettings("an-id", HERE, client_secret="s3cret"))


@pytest.mark.parametrize("uri", [HERE, "http://[::1]:8501/callback", "https://earshot.example/callback"])
def test_addresses_that_spotify_takes_are_taken(uri):
    assert SpotifySettings("an-id", uri).redirect_uri == uri


@pytest.mark.parametrize(
    "uri",
    [
        "http://localhost:8501/callback",
        "https://localhost/callback",
        "https://app.localhost./callback",
        "http://earshot.example/callback",
        "http://192.168.1.4/callback",
        "http://127.0.0.1.evil.example/callback",
        "ftp://127.0.0.1/callback",
        "https://user:word@earshot.example/callback",
        "https://earshot.example/callback#here",
        "https://earshot.example:port/callback",
        "/callback",
        "",
    ],
)
def test_addresses_that_spotify_refuses_are_refused(uri):
    with pytest.raises(ValueError, match="redirect_uri"):
        SpotifySettings("an-id", uri)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"api_url": "https://api.spotify.com/v1"}, "api_url must end with a slash"),
        ({"api_url": "http://api.spotify.com/v1/"}, "api_url must be https"),
        ({"api_url": "https://api.spotify.com/v1/?x=/"}, "api_url must be an absolute"),
        ({"accounts_url": "https://accounts.spotify.com/"}, "accounts_url must not end"),
        ({"profiles_url": "https://open.spotify.com/user"}, "profiles_url must end with a slash"),
        ({"profiles_url": "http://open.spotify.com/user/"}, "profiles_url must be https"),
        ({"client_id": ""}, "client_id"),
        ({"client_secret": "with\nline"}, "client_secret"),
        ({"scopes": ()}, "scopes"),
        ({"calls_budget": 0}, "calls_budget"),
        ({"max_playlists": -1}, "max_playlists"),
        ({"timeout_s": 0}, "timeout_s"),
    ],
)
def test_a_wrong_setting_is_named(changed, words):
    with pytest.raises(ValueError, match=words):
        SpotifySettings(**{"client_id": "an-id", "redirect_uri": HERE} | changed)


def test_everything_wrong_is_named_at_once():
    with pytest.raises(ValueError, match=r"client_id.*redirect_uri.*calls_budget"):
        SpotifySettings("", "nowhere", calls_budget=0)


@pytest.mark.parametrize("url", ["http://127.0.0.1:9911", "http://spotify:9911"])
def test_a_local_spotify_may_do_without_https(url):
    assert SpotifySettings("an-id", HERE, accounts_url=url, api_url=url + "/v1/").accounts_url == url
