"""Refusals in plain text mean what those in JSON mean: at any endpoint, and at the token endpoint."""

import re
from datetime import timedelta

import pytest

from matcher.domain.listening import Part, PartStatus
from matcher.errors import (
    GrantRevoked,
    NotAllowListed,
    OwnerNotPremium,
    QuotaExceeded,
    RateLimited,
    ScopeMissing,
    SpotifyMalformed,
    SpotifyUnreachable,
)
from tests.spotify_client.conftest import raw

LISTENER = "syn-0001"
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


# ---- against the local Spotify --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("not_allow_listed", NotAllowListed),
        ("owner_not_premium", OwnerNotPremium),
        ("missing_scope", ScopeMissing),
        ("quota", RateLimited),
        ("rate_limited", RateLimited),
        ("unavailable", SpotifyUnreachable),
    ],
)
def test_the_local_spotify_refuses_in_plain_text_as_well(emulated, kind, expected):
    spotify = emulated()
    spotify.sign_in(LISTENER)
    spotify.fault(kind, plain=True, times=99, retry_after=600)
    with pytest.raises(expected):
        spotify.room.fetch(LISTENER)


@pytest.mark.parametrize(
    ("kind", "expected"), [("not_allow_listed", NotAllowListed), ("owner_not_premium", OwnerNotPremium)]
)
def test_so_does_its_token_endpoint_and_the_grant_is_kept(emulated, kind, expected):
    spotify = emulated()
    spotify.sign_in(LISTENER)
    spotify.admin(f"listeners/{LISTENER}/expire-token")
    spotify.room.clock.now += timedelta(hours=2)
    spotify.fault(kind, path="/api/token", plain=True)
    with pytest.raises(expected):
        spotify.room.fetch(LISTENER)
    assert spotify.room.store.load(LISTENER) is not None
    spotify.room.fetch(LISTENER)


def test_a_revoked_grant_is_not_taken_for_a_refusal_of_the_app(emulated):
    spotify = emulated()
    spotify.sign_in(LISTENER)
    spotify.admin(f"listeners/{LISTENER}/revoke")
    with pytest.raises(GrantRevoked):
        spotify.room.fetch(LISTENER)


# ---- one playlist, one page -----------------------------------------------------------------------------


def playlists_read(spotify):
    paths = [one["path"] for one in spotify.calls()]
    return [found[1] for path in paths if (found := re.fullmatch("/v1/playlists/(.*)/items", path))]


@pytest.fixture
def known(emulated):
    """The local Spotify, a listener's playlists in the order in which they are read, and the rows of all."""
    spotify = emulated()
    spotify.sign_in(LISTENER)
    listening = spotify.room.fetch(LISTENER)
    ids = list(dict.fromkeys(playlists_read(spotify)))
    assert len(ids) >= 3
    return spotify, ids, [one for one in listening.hearings if one.part is Part.PLAYLISTS]


@pytest.mark.parametrize("kind", ["bad_gateway", "empty", "malformed", "server_error", "cut"])
def test_a_playlist_that_keeps_failing_is_skipped_and_counted(known, kind):
    spotify, ids, rows = known
    told = []
    spotify.fault(kind, path=f"/v1/playlists/{ids[1]}/items", times=99)
    listening = spotify.room.fetch(LISTENER, told.append)
    assert listening.parts[Part.PLAYLISTS] is PartStatus.OK
    read = [one for one in listening.hearings if one.part is Part.PLAYLISTS]
    assert {one.facet_id for one in read} == {one.facet_id for one in rows} - {ids[1]}
    assert max(one.n_skipped for one in told) == 1


@pytest.mark.parametrize("concurrent_calls", [1, 4])
def test_where_every_playlist_fails_the_part_does_and_few_calls_are_made(emulated, concurrent_calls):
    spotify = emulated(concurrent_calls=concurrent_calls)
    spotify.sign_in(LISTENER)
    spotify.fault("bad_gateway", path="/v1/playlists/", times=999)
    listening = spotify.room.fetch(LISTENER)
    assert listening.parts[Part.PLAYLISTS] is PartStatus.FAILED
    assert listening.parts[Part.SAVED] is PartStatus.OK
    assert len(playlists_read(spotify)) <= 2 * (3 + concurrent_calls)
