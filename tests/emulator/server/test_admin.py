"""Administration: changes to libraries, faults, the log of calls, and who may use it."""

import time
from copy import deepcopy

import httpx
import pytest

from emulator.accounts.redirects import is_loopback_address
from emulator.server.app import EmulatorSettings, create_app
from emulator.state.changes import adopt_scene


@pytest.fixture
def client(start):
    return start()


def _fault(client, kind, path="/v1/me", **more):
    reply = client.http.post("/_emulator/faults", json={"kind": kind, "path": path} | more)
    assert reply.status_code == 200, reply.text


def _other_scene(world, listener_id):
    return next(name for name in world.scenes if name not in world.listeners[listener_id].scenes)


def test_health_names_the_world(client):
    assert client.http.get("/_emulator/health").json() == {
        "status": "ok",
        "world": "synthetic listeners",
        "listeners": 43,
    }


def test_listeners_are_found_by_id(client, world):
    answer = client.http.get("/_emulator/listeners", params={"query": "0007"}).json()
    assert [one["id"] for one in answer["listeners"]] == ["syn-0007"]
    assert tuple(answer["listeners"][0]["scenes"]) == world.listeners["syn-0007"].scenes


def test_all_scenes_are_listed(client):
    assert len(client.http.get("/_emulator/scenes").json()["scenes"]) == 24


@pytest.mark.parametrize("share", [0, 0.25, 1])
def test_adopting_a_scene_replaces_that_share_of_the_tracks(world, share):
    scene, before = _other_scene(world, "syn-0001"), world.listeners["syn-0001"].library
    after = adopt_scene(world, before, "syn-0001", scene, share)
    tracks = [world.tracks[key] for key in after.item_ids() if key in world.tracks]
    adopted = sum(track.artists[0].scene == scene for track in tracks)
    fresh = min(round(share * len(tracks)), len(world.tracks_of_scene(scene)))
    assert adopted == fresh


def test_adopting_a_scene_twice_from_the_same_start_is_the_same(world):
    scene, library = _other_scene(world, "syn-0001"), world.listeners["syn-0001"].library
    first, second = (adopt_scene(world, library, "syn-0001", scene, 0.5) for _ in range(2))
    assert first == second


def test_adopting_a_scene_shows_in_the_web_api_and_not_in_the_world(client, world):
    token, as_made = client.tokens()["access_token"], deepcopy(world)
    before = client.all_items("/v1/me/playlists", token)
    body = {"scene": _other_scene(world, "syn-0001"), "share": 0.8}
    assert client.http.post("/_emulator/listeners/syn-0001/adopt-scene", json=body).status_code == 200
    after = client.all_items("/v1/me/playlists", token)
    assert all(a["snapshot_id"] != b["snapshot_id"] for a, b in zip(after, before, strict=True))
    assert world == as_made


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"scene": "no such", "share": 0.5}, 404),
        ({"scene": "moss rock", "share": 2}, 400),
        ({"scene": "moss rock", "share": "all"}, 400),
        ({"share": 1}, 400),
        ([], 400),
    ],
)
def test_an_unsound_adoption_is_refused(client, body, status):
    assert client.http.post("/_emulator/listeners/syn-0001/adopt-scene", json=body).status_code == status


def test_an_added_album_is_the_newest_of_the_saved_tracks(client):
    token = client.tokens()["access_token"]
    total = client.get("/v1/me/tracks", token).json()["total"]
    album = client.http.post("/_emulator/listeners/syn-0001/add-album", json={}).json()["album"]
    page = client.get("/v1/me/tracks", token, limit=album["n_tracks"]).json()
    assert {row["track"]["album"]["id"] for row in page["items"]} == {album["id"]}
    assert page["total"] == total + album["n_tracks"]


def test_a_second_album_is_another_one(client):
    first, second = (
        client.http.post("/_emulator/listeners/syn-0001/add-album", json={}).json()["album"]["id"]
        for _ in range(2)
    )
    assert first != second


def test_a_deleted_playlist_is_gone_for_everyone(client, world):
    token = client.tokens()["access_token"]
    playlist_id = world.listeners["syn-0001"].library.playlists[0].id
    client.http.delete(f"/_emulator/listeners/syn-0001/playlists/{playlist_id}").raise_for_status()
    assert client.get(f"/v1/playlists/{playlist_id}", token).status_code == 404
    odd = client.all_items("/v1/me/playlists", client.tokens("syn-odd")["access_token"])
    assert playlist_id not in [one["id"] for one in odd]


def test_reset_brings_everything_back(client, world):
    token = client.tokens()["access_token"]
    playlist_id = world.listeners["syn-0001"].library.playlists[0].id
    client.http.delete(f"/_emulator/listeners/syn-0001/playlists/{playlist_id}")
    client.http.post("/_emulator/reset")
    assert client.get("/v1/me", token).status_code == 401
    assert client.get(f"/v1/playlists/{playlist_id}", client.tokens()["access_token"]).status_code == 200


@pytest.mark.parametrize(
    ("kind", "status", "message"),
    [
        ("unauthorized", 401, "The access token expired"),
        ("not_allow_listed", 403, "may not be registered"),
        ("owner_not_premium", 403, "Active premium subscription"),
        ("missing_scope", 403, "Insufficient client scope"),
        ("not_found", 404, "not found"),
        ("rate_limited", 429, "rate limit"),
        ("quota", 429, "Too many requests"),
        ("server_error", 500, "Server error"),
        ("bad_gateway", 502, "Bad gateway"),
        ("unavailable", 503, "unavailable"),
    ],
)
def test_a_fault_strikes_once_and_is_over(client, kind, status, message):
    token = client.tokens()["access_token"]
    _fault(client, kind)
    reply = client.get("/v1/me", token)
    assert reply.status_code == reply.json()["error"]["status"] == status
    assert message in reply.json()["error"]["message"]
    assert client.get("/v1/me", token).status_code == 200


def test_a_quota_fault_gives_reason_and_a_day(client):
    _fault(client, "quota")
    reply = client.get("/v1/me", "any")
    assert reply.json()["error"]["reason"] == "QUOTA_EXCEEDED"
    assert reply.headers["retry-after"] == "86400"


def test_a_rate_limit_waits_as_long_as_told(client):
    _fault(client, "rate_limited", retry_after=7)
    assert client.get("/v1/me", "any").headers["retry-after"] == "7"


def test_a_fault_strikes_only_its_path_and_as_often_as_told(client):
    token = client.tokens()["access_token"]
    _fault(client, "server_error", "/v1/me/top/(tracks|artists)", times=2)
    paths = ["/v1/me", "/v1/me/top/tracks", "/v1/me/top/artists", "/v1/me/top/tracks"]
    assert [client.get(path, token).status_code for path in paths] == [200, 500, 500, 200]


def test_a_cut_answer_breaks_off(client):
    _fault(client, "cut")
    with pytest.raises(httpx.RemoteProtocolError):
        client.get("/v1/me", "any")


def test_a_malformed_answer_is_no_json(client):
    _fault(client, "malformed")
    reply = client.get("/v1/me", "any")
    assert reply.status_code == 200
    with pytest.raises(ValueError, match="Unterminated"):
        reply.json()


def test_an_empty_answer_is_a_success_with_nothing_in_it(client):
    _fault(client, "empty")
    reply = client.get("/v1/me", "any")
    assert (reply.status_code, reply.content) == (200, b"")


@pytest.mark.parametrize(
    ("kind", "status", "words"),
    [
        ("owner_not_premium", 403, "Active premium subscription required for the owner of the app."),
        ("not_allow_listed", 403, "User not registered in the Developer Dashboard"),
        ("bad_gateway", 502, "Bad gateway"),
    ],
)
@pytest.mark.parametrize("path", ["/v1/me", "/v1/me/tracks", "/api/token"])
def test_a_refusal_comes_as_plain_text_where_that_is_wanted(client, kind, status, words, path):
    _fault(client, kind, path, plain=True)
    reply = client.http.request("POST" if path == "/api/token" else "GET", path)
    assert (reply.status_code, reply.text) == (status, words)
    assert reply.headers["content-type"].startswith("text/plain")


def test_a_plain_refusal_keeps_its_wait(client):
    _fault(client, "quota", plain=True)
    assert client.get("/v1/me", "any").headers["retry-after"] == "86400"


def test_a_fault_lets_as_many_calls_through_as_told(client):
    token = client.tokens()["access_token"]
    _fault(client, "server_error", after=2)
    assert [client.get("/v1/me", token).status_code for _ in range(4)] == [200, 200, 500, 200]


def test_a_slow_answer_comes_late_but_whole(client):
    token = client.tokens()["access_token"]
    _fault(client, "slow", retry_after=1)
    started = time.monotonic()
    assert client.get("/v1/me", token).status_code == 200
    assert time.monotonic() - started >= 1


def test_cleared_faults_do_not_strike(client):
    _fault(client, "server_error", times=9)
    client.http.delete("/_emulator/faults")
    assert client.get("/v1/me", "any").status_code == 401


@pytest.mark.parametrize(
    "body",
    [
        {"kind": "flood"},
        {},
        {"kind": "quota", "times": 0},
        {"kind": "quota", "times": True},
        {"kind": "quota", "after": -1},
        {"kind": "quota", "after": "1"},
        {"kind": "quota", "plain": 1},
        {"kind": "cut", "path": "("},
    ],
)
def test_an_unsound_fault_is_refused(client, body):
    assert client.http.post("/_emulator/faults", json=body).status_code == 400


def test_calls_are_logged_with_listener_and_status(client):
    token = client.tokens()["access_token"]
    client.http.delete("/_emulator/calls")
    client.get("/v1/me/tracks", token, limit=1)
    client.get("/v1/nothing", "bad")
    assert client.http.get("/_emulator/calls").json()["calls"] == [
        {"method": "GET", "path": "/v1/me/tracks", "listener_id": "syn-0001", "status": 200},
        {"method": "GET", "path": "/v1/nothing", "listener_id": None, "status": 404},
    ]


def test_the_log_of_calls_holds_no_token_and_no_code(client):
    code = client.answer()["code"]
    tokens = client.exchange(code).json()
    client.get("/v1/me", tokens["access_token"])
    text = client.http.get("/_emulator/calls").text
    assert not any(secret in text for secret in (code, tokens["access_token"], tokens["refresh_token"]))


def test_an_expired_token_can_be_refreshed(client):
    tokens = client.tokens()
    client.http.post("/_emulator/listeners/syn-0001/expire-token")
    assert client.get("/v1/me", tokens["access_token"]).status_code == 401
    assert client.refresh(tokens["refresh_token"]).status_code == 200


def test_revoked_consent_ends_every_token(client):
    tokens = client.tokens()
    client.http.post("/_emulator/listeners/syn-0001/revoke")
    assert client.get("/v1/me", tokens["access_token"]).status_code == 401
    assert client.refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Host": "evil.example"}])
def test_pages_of_other_origins_cannot_administer(client, headers):
    assert client.http.post("/_emulator/reset", headers=headers).status_code == 403


def test_forwarded_addresses_change_nothing(client):
    assert client.http.get("/_emulator/health", headers={"X-Forwarded-For": "8.8.8.8"}).status_code == 200


@pytest.mark.parametrize(
    ("host", "near"), [("127.0.0.1", True), ("::1", True), ("192.168.1.4", False), ("x", False)]
)
def test_only_loopback_addresses_are_on_this_machine(host, near):
    assert is_loopback_address(host) is near


def test_another_machine_cannot_administer(world):
    import asyncio

    async def ask():
        transport = httpx.ASGITransport(create_app(world), client=("192.0.2.1", 5))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as far:
            return await far.get("/_emulator/listeners")

    assert asyncio.run(ask()).status_code == 403


def test_latency_delays_every_answer(start):
    slow = start(EmulatorSettings(latency_ms=150))
    started = time.monotonic()
    slow.http.get("/v1/me")
    assert time.monotonic() - started >= 0.15


@pytest.mark.parametrize("wrong", [{"access_token_lifetime_s": 0}, {"latency_ms": -1}, {"dialect": "old"}])
def test_settings_that_make_no_sense_are_refused(wrong):
    with pytest.raises(ValueError, match="must"):
        EmulatorSettings(**wrong)
