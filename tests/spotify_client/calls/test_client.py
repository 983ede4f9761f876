from datetime import UTC, datetime, timedelta

import pytest
import spotipy
from starlette.responses import JSONResponse

from matcher.errors import (
    EndpointGone,
    GrantRevoked,
    NotAllowListed,
    NotPlaylistOwner,
    OwnerNotPremium,
    QuotaExceeded,
    RateLimited,
    ScopeMissing,
    SpotifyForbidden,
    SpotifyMalformed,
    SpotifyUnreachable,
)
from spotify_client.calls.budget import BudgetSpent
from tests.spotify_client.conftest import cut, error, raw

ME = "/v1/me/"
GOOD = JSONResponse({"id": "ann"})


# ---- 200 ------------------------------------------------------------------------------------------------


def test_a_call_carries_the_token_and_counts(room, script):
    script.on(ME, GOOD)
    client = room.client()
    assert client.me() == {"id": "ann"}
    assert script.seen[0].headers["authorization"] == "Bearer access-ann"
    assert client.budget.used == 1


def test_a_netrc_entry_does_not_take_the_tokens_place(room, script, tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    script.on(ME, GOOD)
    room.client().me()
    assert script.seen[0].headers["authorization"] == "Bearer access-ann"


@pytest.mark.parametrize("body", ["", "not json", '{"items": [', "null", b"\xff\xfe\x00", "[" * 100_000])
def test_an_answer_that_is_no_json_is_malformed(room, script, body):
    script.on(ME, raw(body))
    with pytest.raises(SpotifyMalformed):
        room.client().me()


def test_an_id_that_spotipy_refuses_is_not_sent(room, script):
    with pytest.raises(SpotifyMalformed):
        room.client().playlist_items("../me")
    assert script.seen == []


# ---- 401 ------------------------------------------------------------------------------------------------


def test_a_rejected_token_is_renewed_once(room, script):
    script.on(ME, error(401, "The access token expired"), GOOD)
    rejected = []
    client = room.client(renew=lambda token: rejected.append(token) or "another")
    assert client.me() == {"id": "ann"}
    assert rejected == ["access-ann"]
    assert script.seen[1].headers["authorization"] == "Bearer another"


def test_a_second_rejection_means_connect_again(room, script):
    script.on(ME, error(401))
    with pytest.raises(GrantRevoked):
        room.client().me()
    assert len(script.seen) == 2


def test_later_calls_use_the_renewed_token(room, script):
    script.on(ME, error(401), GOOD)
    client = room.client()
    client.me()
    client.me()
    assert script.seen[-1].headers["authorization"] == "Bearer renewed"


# ---- 403, 404 -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (
            "Check settings on developer.spotify.com/dashboard, the user may not be registered.",
            NotAllowListed,
        ),
        ("User not registered in the Developer Dashboard", NotAllowListed),
        ("Active premium subscription required for the owner of the app.", OwnerNotPremium),
        ("Insufficient client scope", ScopeMissing),
        ("This endpoint is not available to your app", EndpointGone),
        ("Forbidden", SpotifyForbidden),
        ("", SpotifyForbidden),
    ],
)
def test_each_403_is_told_by_its_words(room, script, message, expected):
    script.on(ME, error(403, message))
    with pytest.raises(SpotifyForbidden) as caught:
        room.client().me()
    assert type(caught.value) is expected
    assert len(script.seen) == 1


def test_a_bare_403_on_a_playlist_means_somebody_elses(room, script):
    script.on("/v1/playlists/abc/items", error(403, "Forbidden"))
    with pytest.raises(NotPlaylistOwner):
        room.client().playlist_items("abc")


def test_a_bare_403_on_audio_features_means_closed(room, script):
    script.on("/v1/audio-features/", error(403))
    with pytest.raises(EndpointGone):
        room.client().audio_features(["x"])


@pytest.mark.parametrize("body", ["", "<html>", "[]", '{"error": "no"}', '{"error": null}', '{"error": []}'])
def test_a_403_with_a_strange_body_is_still_a_403(room, script, body):
    script.on(ME, raw(body, 403))
    with pytest.raises(SpotifyForbidden):
        room.client().me()


def test_a_404_is_something_gone(room, script):
    script.on(ME, error(404, "Resource not found"))
    with pytest.raises(EndpointGone):
        room.client().me()


def test_a_400_is_malformed(room, script):
    script.on(ME, error(400, "Bad request"))
    with pytest.raises(SpotifyMalformed):
        room.client().me()


# ---- 429 ------------------------------------------------------------------------------------------------


def test_a_short_wait_is_waited(room, script):
    script.on(ME, error(429, Retry_After="3"), GOOD)
    assert room.client().me() == {"id": "ann"}
    assert room.clock.slept == [3]


def test_nobody_waits_more_than_twice(room, script):
    script.on(ME, error(429, Retry_After="3"))
    with pytest.raises(RateLimited) as caught:
        room.client().me()
    assert room.clock.slept == [3, 3]
    assert caught.value.retry_at_utc == room.clock() + timedelta(seconds=3)


def test_a_long_wait_is_passed_on(room, script):
    script.on(ME, error(429, Retry_After="11"))
    with pytest.raises(RateLimited) as caught:
        room.client().me()
    assert not isinstance(caught.value, QuotaExceeded)
    assert caught.value.retry_at_utc == room.clock() + timedelta(seconds=11)
    assert room.clock.slept == []


def test_a_used_up_quota_is_never_waited_for(room, script):
    script.on(ME, error(429, "Too many requests", "QUOTA_EXCEEDED", Retry_After="1"))
    with pytest.raises(QuotaExceeded):
        room.client().me()
    assert room.clock.slept == []
    assert len(script.seen) == 1


def test_a_quota_of_a_day_is_told(room, script):
    script.on(ME, error(429, "Too many requests", "QUOTA_EXCEEDED", Retry_After="86400"))
    with pytest.raises(QuotaExceeded) as caught:
        room.client().me()
    assert caught.value.retry_at_utc == room.clock() + timedelta(days=1)


@pytest.mark.parametrize(
    ("header", "wait_s"),
    [
        ("", 30),
        ("soon", 30),
        ("-5", 30),
        ("1e9", 30),
        ("9" * 400, 7 * 86_400),
        ("Sat, 21 Nov 2026 12:01:00 GMT", 60),
        ("Sat, 21 Nov 2026 12:01:00 -0000", 60),
    ],
)
def test_every_retry_after_can_be_read(room, script, header, wait_s):
    script.on(ME, error(429, Retry_After=header))
    with pytest.raises(RateLimited) as caught:
        room.client().me()
    assert caught.value.retry_at_utc == room.clock() + timedelta(seconds=wait_s)


def test_a_moment_that_has_passed_is_no_wait(room, script):
    script.on(ME, error(429, Retry_After="Sat, 21 Nov 2026 11:00:00 GMT"), GOOD)
    assert room.client().me() == {"id": "ann"}
    assert room.clock.slept == [0]


# ---- cooldown -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("reason", "expected"), [("", RateLimited), ("QUOTA_EXCEEDED", QuotaExceeded)])
def test_while_the_app_cools_down_nobody_calls(room, script, reason, expected):
    script.on(ME, error(429, "", reason, Retry_After="600"), GOOD)
    with pytest.raises(RateLimited):
        room.client().me()
    with pytest.raises(RateLimited) as caught:
        room.client("access-bob").me()
    assert type(caught.value) is expected
    assert len(script.seen) == 1


def test_after_the_cooldown_calls_are_made_again(room, script):
    script.on(ME, error(429, Retry_After="600"), GOOD)
    with pytest.raises(RateLimited):
        room.client().me()
    room.clock.now += timedelta(seconds=600)
    assert room.client().me() == {"id": "ann"}


def test_the_end_of_a_cooldown_is_waited_for(room, script):
    script.on(ME, GOOD)
    room.cooldowns.set(room.settings.app_key, room.clock() + timedelta(seconds=4), quota=False)
    assert room.client().me() == {"id": "ann"}
    assert room.clock.slept == [4]


def test_of_two_cooldowns_the_longer_one_stays(room):
    late, early = datetime(2027, 1, 2, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    room.cooldowns.set("app", late, quota=True)
    room.cooldowns.set("app", early, quota=False)
    assert room.cooldowns.get("app") == (late, True)


def test_apps_cool_down_alone(room):
    room.cooldowns.set("app", datetime(2027, 1, 1, tzinfo=UTC), quota=False)
    assert room.cooldowns.get("another") is None


# ---- 5xx, cut connections -------------------------------------------------------------------------------


@pytest.mark.parametrize("trouble", [error(500), error(503), raw("<html>", 502), cut])
def test_one_trouble_is_forgiven(room, script, trouble):
    script.on(ME, trouble, GOOD)
    assert room.client().me() == {"id": "ann"}
    assert room.clock.slept == []


@pytest.mark.parametrize("trouble", [error(500), error(503), raw("<html>", 502), cut])
def test_a_second_trouble_is_not(room, script, trouble):
    script.on(ME, trouble)
    with pytest.raises(SpotifyUnreachable):
        room.client().me()
    assert len(script.seen) == 2


def test_a_server_that_is_not_there_is_unreachable(room_of):
    with pytest.raises(SpotifyUnreachable):
        room_of("http://127.0.0.1:1").client().me()


def test_a_server_that_says_nothing_is_unreachable(emulated):
    spotify = emulated(timeout_s=0.2)
    spotify.fault("slow", times=2, retry_after=1)
    with pytest.raises(SpotifyUnreachable):
        spotify.room.client().me()


# ---- addresses ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/v1/me/playlists?offset=50",
        "http://127.0.0.1:1/v1/me/playlists",
        "{base}@evil.example/v1/me",
        "{base}.evil.example/v1/me",
        "{base}\\@evil.example/v1/",
        "{base}/v2/me",
        "//evil.example/v1/me",
        "file:///etc/passwd",
        "httpx://evil.example",
    ],
)
def test_a_next_outside_the_api_is_refused_and_nothing_sent(room, script, address):
    with pytest.raises(SpotifyMalformed):
        room.client().following(address.format(base=script.base))
    assert script.seen == []


def test_a_next_inside_the_api_is_followed(room, script):
    script.on("/v1/me/playlists", GOOD)
    assert room.client().following(script.api + "me/playlists?offset=50&limit=50") == {"id": "ann"}
    assert script.seen[0].query == {"offset": "50", "limit": "50"}


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_redirects_are_not_followed(room, script, status):
    script.on(ME, raw('{"id": "ann"}', status, location="/v1/elsewhere"))
    with pytest.raises(SpotifyMalformed):
        room.client().me()
    assert script.paths() == [ME]


# ---- budget ---------------------------------------------------------------------------------------------


def test_a_budget_that_is_spent_makes_no_call(room, script):
    script.on(ME, GOOD)
    client = room.client(budget=1)
    client.me()
    with pytest.raises(BudgetSpent):
        client.me()
    assert len(script.seen) == 1


def test_repeats_count(room, script):
    script.on(ME, error(500), error(429, Retry_After="1"), GOOD)
    client = room.client()
    client.me()
    assert client.budget.used == 3


def test_spotipy_gets_no_auth_manager_and_our_own_session(room):
    inner = room.client()._spotipy
    assert isinstance(inner, spotipy.Spotify)
    assert inner.auth_manager is None
    assert inner._session.get_adapter("https://x").max_retries.total == 0
