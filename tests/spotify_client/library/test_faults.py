"""Reading a library from a local Spotify that fails."""

import re
from datetime import timedelta

import pytest

from matcher.domain.listening import Part, PartStatus
from matcher.errors import (
    NotAllowListed,
    OwnerNotPremium,
    QuotaExceeded,
    RateLimited,
    ScopeMissing,
    SpotifyMalformed,
    SpotifyUnreachable,
)

LISTENER = "syn-0009"


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ({"kind": "not_allow_listed"}, NotAllowListed),
        ({"kind": "owner_not_premium"}, OwnerNotPremium),
        ({"kind": "quota"}, QuotaExceeded),
        ({"kind": "rate_limited", "retry_after": 60}, RateLimited),
        ({"kind": "unavailable", "times": 99}, SpotifyUnreachable),
        ({"kind": "cut", "times": 99}, SpotifyUnreachable),
        ({"kind": "malformed", "times": 99}, SpotifyMalformed),
        ({"kind": "not_allow_listed", "times": 99, "plain": True}, NotAllowListed),
        ({"kind": "owner_not_premium", "times": 99, "plain": True}, OwnerNotPremium),
        ({"kind": "missing_scope", "times": 99, "plain": True}, ScopeMissing),
        ({"kind": "quota", "times": 99, "plain": True, "retry_after": 600}, RateLimited),
        ({"kind": "rate_limited", "times": 99, "plain": True, "retry_after": 600}, RateLimited),
        ({"kind": "unavailable", "times": 99, "plain": True, "retry_after": 600}, SpotifyUnreachable),
    ],
)
def test_every_fault_of_the_local_spotify_has_its_error(emulated, fault, expected):
    spotify = emulated()
    spotify.sign_in(LISTENER)
    spotify.fault(**fault)
    with pytest.raises(expected):
        spotify.room.fetch(LISTENER)


@pytest.mark.parametrize("fault", ["rate_limited", "server_error", "cut", "unauthorized"])
def test_one_fault_that_passes_costs_nothing(emulated, fault):
    spotify = emulated()
    spotify.sign_in(LISTENER)
    spotify.fault(fault, path="/v1/me/tracks")
    assert set(spotify.room.fetch(LISTENER).parts.values()) == {PartStatus.OK}


@pytest.mark.parametrize(
    ("kind", "expected"), [("not_allow_listed", NotAllowListed), ("owner_not_premium", OwnerNotPremium)]
)
def test_a_refusal_of_the_token_endpoint_in_plain_text_keeps_the_grant(emulated, kind, expected):
    spotify = emulated()
    spotify.sign_in(LISTENER)
    spotify.admin(f"listeners/{LISTENER}/expire-token")
    spotify.room.clock.now += timedelta(hours=2)
    spotify.fault(kind, path="/api/token", plain=True)
    with pytest.raises(expected):
        spotify.room.fetch(LISTENER)
    assert spotify.room.store.load(LISTENER) is not None
    spotify.room.fetch(LISTENER)


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
