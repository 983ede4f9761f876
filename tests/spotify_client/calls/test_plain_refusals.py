"""Refusals in plain text mean what those in JSON mean: at any endpoint, and at the token endpoint."""

from datetime import timedelta

import pytest

from matcher.errors import (
    NotAllowListed,
    OwnerNotPremium,
    QuotaExceeded,
    ScopeMissing,
    SpotifyMalformed,
)
from tests.spotify_client.conftest import raw

PREMIUM = "Active premium subscription required for the owner of the app."
UNREGISTERED = "User not registered in the Developer Dashboard"
EVERY_ENDPOINT = (
    "/v1/me/",
    "/v1/me/top/artists",
    "/v1/me/top/tracks",
    "/v1/me/player/recently-played",
    "/v1/me/playlists",
    "/v1/me/tracks",
    "/v1/playlists/abc/items",
    "/v1/search",
)


def plain(words, status=403):
    return raw(words, status, content_type="text/plain; charset=utf-8")


def call(room, path):
    """One call to an address, past what the client offers."""
    return room.client().call(lambda api: api._get(path.removeprefix("/v1/")))


@pytest.mark.parametrize("path", EVERY_ENDPOINT)
@pytest.mark.parametrize(("words", "expected"), [(PREMIUM, OwnerNotPremium), (UNREGISTERED, NotAllowListed)])
def test_a_plain_refusal_is_recognised_at_any_endpoint(room, script, path, words, expected):
    script.on(path, plain(words))
    with pytest.raises(expected):
        call(room, path)
    assert len(script.seen) == 1


@pytest.mark.parametrize("status", [400, 401, 403, 404])
@pytest.mark.parametrize(("words", "expected"), [(PREMIUM, OwnerNotPremium), (UNREGISTERED, NotAllowListed)])
def test_what_is_meant_for_the_whole_app_is_recognised_under_any_status(
    room, script, status, words, expected
):
    script.default = plain(words, status)
    with pytest.raises(expected):
        call(room, "/v1/me/")
    assert len(script.seen) == 1


@pytest.mark.parametrize("grant_type", ["code", "refresh"])
@pytest.mark.parametrize("status", [400, 401, 403])
@pytest.mark.parametrize(("words", "expected"), [(PREMIUM, OwnerNotPremium), (UNREGISTERED, NotAllowListed)])
def test_a_plain_refusal_is_recognised_at_the_token_endpoint(
    room, script, grant, grant_type, status, words, expected
):
    script.on("/api/token", plain(words, status))
    pending, _ = room.login.begin("browser")
    ask = {"code": lambda: room.login.finish("c", pending), "refresh": lambda: room.login.refresh(grant)}
    with pytest.raises(expected):
        ask[grant_type]()


def test_other_plain_words_are_told_apart_by_them(room, script):
    script.default = plain("Insufficient client scope")
    with pytest.raises(ScopeMissing):
        call(room, "/v1/me/")


def test_a_plain_429_of_a_used_up_quota_is_one(room, script):
    script.default = raw("QUOTA_EXCEEDED", 429, content_type="text/plain", retry_after="86400")
    with pytest.raises(QuotaExceeded) as caught:
        call(room, "/v1/me/")
    assert caught.value.retry_at_utc == room.clock() + timedelta(days=1)


@pytest.mark.parametrize("body", ["<html><body>premium owner</body></html>", "x" * 100_000, b"\xff\xfe\x00"])
def test_a_page_of_a_gateway_is_no_words_of_spotifys(room, script, body):
    script.default = raw(body, 404, content_type="text/html")
    with pytest.raises(Exception) as caught:  # noqa: PT011 - any other refusal will do
        call(room, "/v1/me/")
    assert not isinstance(caught.value, OwnerNotPremium | NotAllowListed)


def test_plain_words_of_the_token_endpoint_that_nobody_knows_are_malformed(room, script, grant):
    script.on("/api/token", plain("Something else altogether", 400))
    with pytest.raises(SpotifyMalformed):
        room.login.refresh(grant)
