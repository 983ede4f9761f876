import base64
import hashlib
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from starlette.responses import JSONResponse

from emulator.server.app import EmulatorSettings
from matcher.errors import (
    GrantRevoked,
    NotAllowListed,
    RateLimited,
    SettingsError,
    SpotifyMalformed,
    SpotifyUnreachable,
    StateMismatch,
)
from matcher.ports import Account
from spotify_client.settings import SCOPES
from tests.spotify_client.conftest import cut, error, make_grant, raw

TOKENS = {
    "access_token": "a-token",
    "token_type": "Bearer",
    "expires_in": 3600,
    "refresh_token": "r-token",
    "scope": "user-top-read",
}


def answering(script, status=200, **changed):
    body = {name: value for name, value in (TOKENS | changed).items() if value is not None}
    script.on("/api/token", JSONResponse(body, status))


def finish(room):
    pending, _ = room.login.begin("browser")
    return room.login.finish("the-code", pending)


def test_the_address_asks_for_the_code_with_pkce(room):
    pending, address = room.login.begin("browser")
    query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    digest = hashlib.sha256(pending.verifier.encode()).digest()
    assert address.startswith(room.settings.accounts_url + "/authorize?")
    assert query == {
        "client_id": "earshot",
        "response_type": "code",
        "redirect_uri": room.settings.redirect_uri,
        "scope": " ".join(room.settings.scopes),
        "state": pending.state,
        "code_challenge_method": "S256",
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
    }


def test_a_pending_login_is_bound_to_the_browser_for_ten_minutes(room):
    pending, _ = room.login.begin("browser")
    assert pending.browser_hash == "browser"
    assert pending.expires_at_utc - room.clock() == timedelta(minutes=10)


def test_state_and_verifier_are_long_and_never_twice_the_same(room):
    first, second = room.login.begin("b")[0], room.login.begin("b")[0]
    assert len(base64.urlsafe_b64decode(first.state + "=")) == 32
    assert 43 <= len(first.verifier) <= 128
    assert first.state != second.state
    assert first.verifier != second.verifier


def test_the_code_is_exchanged_with_the_verifier_and_no_secret(room, script):
    answering(script)
    pending, _ = room.login.begin("browser")
    room.login.finish("the-code", pending)
    (seen,) = script.seen
    assert seen.form == {
        "grant_type": "authorization_code",
        "code": "the-code",
        "redirect_uri": room.settings.redirect_uri,
        "code_verifier": pending.verifier,
        "client_id": "earshot",
    }
    assert "authorization" not in seen.headers


def test_a_secret_goes_into_the_basic_header(room_of, script):
    answering(script)
    finish(room_of(script.base, client_secret="s3cret"))
    (seen,) = script.seen
    assert seen.headers["authorization"] == "Basic " + base64.b64encode(b"earshot:s3cret").decode()
    assert "s3cret" not in seen.form.values()
    assert "code_verifier" in seen.form


def test_a_netrc_entry_is_not_sent(room, script, tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    answering(script)
    finish(room)
    assert "authorization" not in script.seen[0].headers


def test_a_grant_keeps_what_was_granted_and_when(room, script):
    answering(script)
    grant = finish(room)
    assert (grant.access_token, grant.refresh_token) == ("a-token", "r-token")
    assert grant.scopes == {"user-top-read"}
    assert grant.authorized_at_utc == room.clock()
    assert grant.expires_at_utc == room.clock() + timedelta(hours=1)


def test_silence_about_scopes_means_all_that_were_asked_for(room, script):
    answering(script, scope=None)
    assert finish(room).scopes == set(room.settings.scopes)


def test_a_login_that_took_too_long_is_refused_without_a_call(room, script):
    pending, _ = room.login.begin("browser")
    room.clock.now += timedelta(minutes=10)
    with pytest.raises(StateMismatch):
        room.login.finish("the-code", pending)
    assert script.seen == []


def test_refreshing_keeps_the_old_refresh_token_where_no_new_one_comes(room, script, grant):
    answering(script, refresh_token=None)
    assert room.login.refresh(grant).refresh_token == grant.refresh_token


def test_refreshing_takes_a_new_refresh_token(room, script, grant):
    answering(script)
    assert room.login.refresh(grant).refresh_token == "r-token"


def test_refreshing_does_not_prolong_the_grant(room, script, grant):
    answering(script, scope=None)
    room.clock.now += timedelta(days=30)
    fresh = room.login.refresh(grant)
    assert fresh.authorized_at_utc == grant.authorized_at_utc
    assert fresh.expires_at_utc == room.clock() + timedelta(hours=1)
    assert fresh.scopes == grant.scopes


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (JSONResponse({"error": "invalid_grant", "error_description": "revoked"}, 400), GrantRevoked),
        (JSONResponse({"error": "invalid_client"}, 400), SettingsError),
        (JSONResponse({"error": "something_else"}, 400), SpotifyMalformed),
        (JSONResponse({"error": ["invalid_grant"]}, 400), SpotifyMalformed),
        (error(500), SpotifyUnreachable),
        (raw("<html>", 503), SpotifyUnreachable),
        (error(429, Retry_After="7"), RateLimited),
        (raw("not json"), SpotifyMalformed),
        (raw("[" * 100_000), SpotifyMalformed),
        (JSONResponse([TOKENS]), SpotifyMalformed),
        (JSONResponse(TOKENS, 302, {"location": "/elsewhere"}), SpotifyMalformed),
        (cut, SpotifyUnreachable),
    ],
)
def test_every_other_answer_of_the_accounts_service_has_its_error(room, script, grant, answer, expected):
    script.on("/api/token", answer)
    with pytest.raises(expected):
        room.login.refresh(grant)
    assert len(script.seen) == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"access_token": None},
        {"access_token": 7},
        {"access_token": "with\nline"},
        {"access_token": "x" * 5000},
        {"expires_in": None},
        {"expires_in": "3600"},
        {"expires_in": 0},
        {"expires_in": 1e300},
        {"expires_in": True},
        {"refresh_token": ["r"]},
        {"refresh_token": None},
    ],
)
def test_tokens_that_cannot_be_used_are_malformed(room, script, changed):
    answering(script, **changed)
    with pytest.raises(SpotifyMalformed):
        finish(room)


def test_an_accounts_service_that_is_not_there_is_unreachable(room_of):
    room = room_of("http://127.0.0.1:1")
    with pytest.raises(SpotifyUnreachable):
        room.login.refresh(make_grant())


def test_the_wait_of_the_accounts_service_is_told(room, script, grant):
    script.on("/api/token", error(429, Retry_After="7"))
    with pytest.raises(RateLimited) as caught:
        room.login.refresh(grant)
    assert caught.value.retry_at_utc == room.clock() + timedelta(seconds=7)


@pytest.mark.parametrize(
    ("body", "key"),
    [
        ({"account_id": "aB3", "id": "ann"}, "spotify:aB3"),
        ({"id": "ann"}, "spotify:ann"),
        ({"account_id": None, "id": "ann"}, "spotify:ann"),
    ],
)
def test_the_account_is_known_by_its_pseudonym_where_there_is_one(room, script, grant, body, key):
    script.on("/v1/me/", JSONResponse(body))
    assert room.login.account(grant).key == key


@pytest.mark.parametrize("last", ["ann", "31xyz", "a%20b", "a.b-c_d~e"])
def test_the_link_to_the_public_profile_comes_along(room, script, grant, last):
    link = f"https://open.spotify.com/user/{last}"
    script.on("/v1/me/", JSONResponse({"id": "ann", "external_urls": {"spotify": link}}))
    assert room.login.account(grant).profile_url == link


@pytest.mark.parametrize(
    "link",
    [
        None,
        7,
        ["https://open.spotify.com/user/ann"],
        "",
        "https://open.spotify.com/user/",
        "http://open.spotify.com/user/ann",
        "https://open.spotify.com.evil.example/user/ann",
        "https://open.spotify.com/user/ann/../../redirect",
        "https://open.spotify.com/user/ann?next=evil",
        "https://open.spotify.com/user/ann#x",
        'https://open.spotify.com/user/"><script>',
        "https://open.spotify.com/user/ann\n",
        "https://open.spotify.com/user/" + "a" * 151,
        "https://open.spotify.com/track/ann",
        "javascript:alert(1)//https://open.spotify.com/user/ann",
        "https://open.spotify.com/user/änn",
    ],
)
def test_any_other_link_is_dropped(room, script, grant, link):
    script.on("/v1/me/", JSONResponse({"id": "ann", "external_urls": {"spotify": link}}))
    assert room.login.account(grant) == Account("spotify:ann")


def test_a_local_spotifys_link_is_kept_where_that_one_is_in_use(emulated, room_of):
    spotify = emulated()
    grant = spotify.consent("syn-0001")
    assert spotify.room.login.account(grant).profile_url == ""
    room = room_of(spotify.base, profiles_url=spotify.base + "/open/user/")
    assert room.login.account(grant).profile_url == spotify.base + "/open/user/syn-0001"


@pytest.mark.parametrize("body", [{}, [], "ann", 7, {"id": ["ann"]}])
def test_an_account_without_an_id_is_malformed(room, script, grant, body):
    script.on("/v1/me/", JSONResponse(body))
    with pytest.raises(SpotifyMalformed):
        room.login.account(grant)


def test_a_listener_who_is_not_allow_listed_is_told_at_sign_in(emulated):
    spotify = emulated(EmulatorSettings(allow_list=()))
    grant = spotify.consent("syn-0001")
    with pytest.raises(NotAllowListed):
        spotify.room.login.account(grant)


def test_the_whole_trip_works_against_the_local_spotify(emulated):
    spotify = emulated()
    grant = spotify.consent("syn-0001")
    assert spotify.room.login.account(grant).key.startswith("spotify:")
    assert grant.scopes == set(SCOPES)


def test_the_whole_trip_works_with_a_secret(emulated):
    spotify = emulated(EmulatorSettings(client_secret="s3cret"), client_secret="s3cret")
    grant = spotify.consent("syn-0001")
    assert spotify.room.login.refresh(grant).access_token != grant.access_token


def test_a_wrong_secret_is_a_wrong_setting(emulated):
    spotify = emulated(EmulatorSettings(client_secret="s3cret"), client_secret="other")
    with pytest.raises(SettingsError):
        spotify.consent("syn-0001")


def test_an_unknown_code_is_refused(emulated):
    spotify = emulated()
    pending, _ = spotify.room.login.begin("browser")
    with pytest.raises(GrantRevoked):
        spotify.room.login.finish("never-issued", pending)
