"""The accounts service: who is let in, and what the token endpoint answers."""

import base64

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.accounts.redirects import check_redirect_uri
from emulator.errors import AuthorizeError
from emulator.server.app import EmulatorSettings
from emulator.world.music import Library, Listener, World

_DAY_S = 86_400


@pytest.mark.parametrize(
    "uri",
    ["http://127.0.0.1:8501/callback", "http://[::1]:8501/callback", "https://app.example/callback?x=1"],
)
def test_redirect_addresses_that_spotify_takes_are_accepted(uri):
    check_redirect_uri(uri, None)


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "http://localhost:8501/callback",
        "https://localhost/callback",
        "http://app.example/callback",
        "http://127.0.0.1.evil.example/callback",
        "http://127.0.0.1@evil.example/callback",
        "https://me@evil.example/",
        "https://app.example/#fragment",
        "javascript:alert(1)",
        "//evil.example",
        "https://",
        "http://127.0.0.1:99999/",
        "https://app.example/\r\nSet-Cookie: a=b",
    ],
)
def test_redirect_addresses_that_spotify_refuses_are_refused(uri):
    with pytest.raises(AuthorizeError):
        check_redirect_uri(uri, None)


def test_a_registered_address_is_met_exactly_or_without_its_loopback_port():
    registered = ("https://app.example/callback", "http://127.0.0.1/callback")
    check_redirect_uri("https://app.example/callback", registered)
    check_redirect_uri("http://127.0.0.1:5000/callback", registered)
    with pytest.raises(AuthorizeError, match="not registered"):
        check_redirect_uri("https://app.example/callback/", registered)


@given(st.text(max_size=60))
def test_no_redirect_address_whatever_breaks_the_check(uri):
    try:
        check_redirect_uri(uri, None)
    except AuthorizeError:
        return
    assert uri.startswith(("https://", "http://127.0.0.1", "http://[::1]", "HTTP", "Http"))


@pytest.mark.parametrize(
    "changed",
    [
        {"client_id": ""},
        {"redirect_uri": "http://localhost:1/"},
        {"response_type": "token"},
        {"scope": "user-top-read everything"},
        {"code_challenge_method": "plain"},
        {"code_challenge": "short"},
        {"state": "s" * 3000},
    ],
)
def test_an_unsound_request_is_shown_and_never_redirected(shared, changed):
    reply = shared.http.get("/authorize", params=shared.asked(**changed))
    assert reply.status_code == 400
    assert "location" not in reply.headers
    assert "This request cannot go on" in reply.text


def test_the_page_says_that_its_listeners_are_synthetic(shared):
    assert "Local Spotify <span" in (text := shared.http.get("/authorize", params=shared.asked()).text)
    assert "synthetic listeners" in text


def test_the_page_shows_at_most_24_listeners(shared):
    assert shared.http.get("/authorize", params=shared.asked()).text.count('name="listener_id"') == 24


def test_a_search_by_scene_finds_only_its_listeners(shared, world):
    scene = world.listeners["syn-0001"].scenes[0]
    text = shared.http.get("/authorize", params=shared.asked() | {"q": scene}).text
    expected = sum(scene in one.scenes for one in world.listeners.values())
    assert text.count('name="listener_id"') == min(expected, 24)


def test_a_search_keeps_the_parameters_of_the_request(shared):
    text = shared.http.get("/authorize", params=shared.asked(state="keep-me") | {"q": "0007"}).text
    assert text.count('name="state" value="keep-me"') == 2


def test_the_search_query_is_escaped(shared):
    text = shared.http.get("/authorize", params=shared.asked() | {"q": '"><script>alert(1)</script>'}).text
    assert "<script" not in text
    assert "&lt;script&gt;" in text


@pytest.mark.parametrize("name", ["state", "client_id"])
def test_hostile_parameters_are_escaped(shared, name):
    text = shared.http.get("/authorize", params=shared.asked(**{name: '"><script>alert(1)</script>'})).text
    assert "<script" not in text


def test_listener_names_and_ids_are_escaped(start):
    bad = '"><img src=x onerror=alert(1)>'
    hostile = World(f"listeners from {bad}", {bad: Listener(bad, bad, Library())}, {}, {})
    client = start(over=hostile)
    text = client.http.get("/authorize", params=client.asked()).text
    assert "<img" not in text
    assert "&lt;img" in text


def test_the_page_forbids_scripts_and_framing(shared):
    policy = shared.http.get("/authorize", params=shared.asked()).headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy


def test_choosing_a_listener_returns_a_code_and_the_state(shared):
    assert set(shared.answer()) == {"code", "state"}
    assert shared.answer()["state"] == "the state"


def test_a_surprise_signs_in_as_somebody_with_one_press(shared):
    page = shared.http.get("/authorize", params=shared.asked()).text
    assert '<button class="plain main" name="action" value="surprise">' in page
    assert set(shared.answer(action="surprise", listener_id="")) == {"code", "state"}


def test_cancelling_returns_access_denied(shared):
    reply = shared.http.post("/authorize", data=shared.asked() | {"action": "deny"})
    assert reply.headers["location"].startswith("http://127.0.0.1:8501/callback?error=access_denied&state=")


def test_an_unknown_listener_gets_no_code(shared):
    assert shared.http.post("/authorize", data=shared.asked() | {"listener_id": "nobody"}).status_code == 400


def test_a_code_and_its_verifier_give_tokens(shared):
    tokens = shared.tokens(scope="user-top-read")
    assert set(tokens) == {"access_token", "token_type", "scope", "expires_in", "refresh_token"}
    assert (tokens["token_type"], tokens["scope"], tokens["expires_in"]) == ("Bearer", "user-top-read", 3600)


def test_a_code_works_once(shared):
    code = shared.answer()["code"]
    shared.exchange(code)
    assert shared.exchange(code).json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"code_verifier": "w" * 64}, "invalid_grant"),
        ({"code_verifier": ""}, "invalid_grant"),
        ({"code_verifier": "short"}, "invalid_request"),
        ({"redirect_uri": "http://127.0.0.1:8501/other"}, "invalid_grant"),
        ({"client_id": "another"}, "invalid_grant"),
        ({"client_id": ""}, "invalid_client"),
        ({"code": "made-up"}, "invalid_grant"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
    ],
)
def test_an_exchange_that_does_not_fit_is_refused(shared, changed, error):
    reply = shared.exchange(**({"code": shared.answer()["code"]} | changed))
    assert (reply.status_code, reply.json()["error"]) == (400, error)


def test_a_code_lives_ten_minutes(start):
    client = start()
    code = client.answer()["code"]
    client.clock.now_s += 601
    assert client.exchange(code).json() == {
        "error": "invalid_grant",
        "error_description": "Authorization code expired",
    }


def _basic(secret: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"earshot:{secret}".encode()).decode()}


def _confidential(client, secret: str) -> httpx.Response:
    code = client.answer(code_challenge="", code_challenge_method="")["code"]
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": client.asked()["redirect_uri"]}
    return client.http.post("/api/token", data=form, headers=_basic(secret))


def test_a_confidential_client_needs_no_verifier(start):
    assert "access_token" in _confidential(start(EmulatorSettings(client_secret="s3cret")), "s3cret").json()


def test_a_wrong_secret_is_refused(start):
    reply = _confidential(start(EmulatorSettings(client_secret="s3cret")), "guess")
    assert (reply.status_code, reply.json()["error"]) == (400, "invalid_client")


def test_a_code_without_challenge_is_not_for_public_clients(shared):
    code = shared.answer(code_challenge="", code_challenge_method="")["code"]
    assert shared.exchange(code, code_verifier="").json()["error"] == "invalid_client"


def test_another_client_id_than_the_set_one_is_refused(start):
    client = start(EmulatorSettings(client_id="somebody"))
    assert client.http.get("/authorize", params=client.asked()).status_code == 400


def test_refreshing_gives_an_access_token_and_keeps_the_refresh_token(shared):
    old = shared.tokens()
    new = shared.refresh(old["refresh_token"]).json()
    assert new["access_token"] != old["access_token"]
    assert "refresh_token" not in new
    assert shared.get("/v1/me", new["access_token"]).status_code == 200


def test_rotation_replaces_the_refresh_token_and_kills_the_old_one(start):
    client = start(EmulatorSettings(rotate_refresh_tokens=True))
    old = client.tokens()["refresh_token"]
    new = client.refresh(old).json()["refresh_token"]
    assert client.refresh(old).json() == {
        "error": "invalid_grant",
        "error_description": "Refresh token revoked",
    }
    assert client.refresh(new).status_code == 200


def test_refresh_tokens_end_six_months_after_consent_however_often_used(start):
    client = start(EmulatorSettings(rotate_refresh_tokens=True))
    token = client.tokens()["refresh_token"]
    client.clock.now_s += 181 * _DAY_S
    token = client.refresh(token).json()["refresh_token"]
    client.clock.now_s += 2 * _DAY_S
    assert client.refresh(token).json()["error"] == "invalid_grant"


def test_another_clients_refresh_token_is_refused(shared):
    reply = shared.refresh(shared.tokens()["refresh_token"], client_id="another")
    assert reply.json()["error"] == "invalid_grant"


def test_a_secret_stays_out_of_the_settings_repr():
    assert "s3cret" not in repr(EmulatorSettings(client_secret="s3cret"))


def test_a_body_that_is_too_large_is_refused(shared):
    assert shared.http.post("/api/token", content=b"x" * 70_000).status_code == 413
