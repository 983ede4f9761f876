"""Making a playlist: against the emulator over real HTTP, and a scripted Spotify for what goes wrong."""

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from starlette.responses import JSONResponse

from matcher.domain.canonical_keys import artist_key, track_key
from matcher.domain.playlist import JointTrack
from matcher.errors import QuotaExceeded, ScopeMissing, SpotifyMalformed, SpotifyUnreachable
from matcher.ports import ARTIST, TRACK, Linkable, silent
from spotify_client.library.playlists import SpotifyPlaylists
from spotify_client.settings import PLAYLIST_SCOPES, SCOPES
from tests.fakes.records import FakeItemIdStore, FakeMadePlaylistStore
from tests.fakes.spotify import FakeReadingStore
from tests.spotify_client.conftest import cut, error

LISTENER = "syn-0001"
MADE = {"id": "4uLU6hMCjMI75M1A2tKUQC", "external_urls": {"spotify": "https://elsewhere.example/x"}}


def track_of(title, artist, owner=LISTENER):
    key = track_key(title, artist_key(artist))
    return JointTrack(key, title, artist, (owner,), {})


def a_world_track(world, place=0):
    named = [one for one in world.tracks.values() if one.name and one.artists]
    return named[place]


def maker_of(room, readings=None, item_ids=None, made=None):
    kept = (item_ids or FakeItemIdStore(), made or FakeMadePlaylistStore())
    stores = (room.cooldowns, readings or FakeReadingStore())
    return SpotifyPlaylists(room.grants, room.settings, *stores, room.clock, *kept, room.clock.sleep)


@pytest.fixture
def spotify(emulated):
    """The local Spotify, with one listener who lets us make playlists."""
    local = emulated()
    consent(local)
    return local


def consent(local, more_scopes=PLAYLIST_SCOPES):
    scopes = (*SCOPES, *more_scopes)
    asking = replace(local.room, settings=replace(local.room.settings, scopes=scopes))
    local.room.store.save(LISTENER, local.consent(LISTENER, asking))


def rows_of(local, listener_id=LISTENER):
    client = local.room.client(local.room.grants.access_token(listener_id))
    newest = client.playlists()["items"][0]
    return newest, client.playlist_items(newest["id"])["items"]


@pytest.fixture
def mine(room):
    """A maker over the scripted Spotify, and a listener who lets us make playlists."""
    grant = room.store.load("ann")
    room.store.save("ann", replace(grant, scopes=frozenset(PLAYLIST_SCOPES)))
    return maker_of(room)


def test_the_permission_is_not_part_of_an_ordinary_log_in(room):
    _, address = room.login.begin("browser")
    assert not set(parse_qs(urlsplit(address).query)["scope"][0].split()) & set(PLAYLIST_SCOPES)


def test_the_permission_is_asked_for_when_it_is_wanted(room):
    _, address = room.login.begin("browser", PLAYLIST_SCOPES)
    assert parse_qs(urlsplit(address).query)["scope"][0].split() == [*SCOPES, *PLAYLIST_SCOPES]


def test_without_the_permission_nothing_is_called(emulated):
    local = emulated()
    local.sign_in(LISTENER)
    n_before = len(local.calls())
    with pytest.raises(ScopeMissing):
        maker_of(local.room).make(LISTENER, "Both of us", "", [])
    assert not maker_of(local.room).may_make(LISTENER)
    assert len(local.calls()) == n_before


def test_tracks_are_found_by_name_and_stand_in_their_order(spotify, world):
    wanted = [a_world_track(world, place) for place in (5, 0, 9)]
    tracks = [track_of(one.name, one.artists[0].name) for one in wanted]
    made = maker_of(spotify.room).make(LISTENER, "Both of us", "Ours", tracks)
    playlist, rows = rows_of(spotify)
    keys = [track_key(row["item"]["name"], artist_key(row["item"]["artists"][0]["name"])) for row in rows]
    assert keys == [one.key for one in tracks]
    assert (playlist["name"], playlist["public"], playlist["description"]) == (
        "Both of us",
        False,
        "Ours Made with Earshot.",
    )
    assert (made.n_added, made.not_found, made.complete) == (3, (), True)
    assert made.url == f"{spotify.base}/open/playlist/{playlist['id']}"


def test_what_was_read_is_not_looked_for_again(spotify, world):
    readings = FakeReadingStore()
    room = spotify.room
    room.source(readings).fetch(LISTENER, silent)
    saved = world.listeners[LISTENER].library.saved
    known = [world.tracks[row.item_id] for row in saved if row.item_id in world.tracks][:4]
    tracks = [track_of(one.name, one.artists[0].name) for one in known]
    maker = maker_of(room, readings)
    made = maker.make(LISTENER, "Mine", "", tracks)
    assert made.n_added == 4
    assert not [one for one in spotify.calls() if one["path"] == "/v1/search"]
    links = maker.links([*map(Linkable.of, tracks)])
    base = f"{spotify.base}/open/track/"
    assert links == {one.key: base + hit.id for one, hit in zip(tracks, known, strict=True)}
    found, one = maker.addresses(LISTENER), known[0]
    assert found[tracks[0].key].startswith(f"{spotify.base}/open/track/")
    assert found[artist_key(one.artists[0].name)] == f"{spotify.base}/open/artist/{one.artists[0].id}"


# ---- links of what is recommended -----------------------------------------------------------------------


def test_everything_of_an_imported_table_leads_to_itself(spotify, world):
    """Also what the listener has never heard: exactly the new tracks used to have no address."""
    item_ids = FakeItemIdStore()
    theirs = {"artist": ("a", "low"), "track": ("t", "low|words")}
    item_ids.keep_ids({(kind, key): letter * 22 for kind, (letter, key) in theirs.items()})
    items = [Linkable(kind, key, key, "", ("synthetic",)) for kind, (_, key) in theirs.items()]
    links = maker_of(spotify.room, item_ids=item_ids).links(items)
    assert links == {
        "low": f"{spotify.base}/open/artist/{'a' * 22}",
        "low|words": f"{spotify.base}/open/track/{'t' * 22}",
    }


def test_what_stands_in_an_imported_table_is_not_looked_for(spotify, world):
    one, item_ids = a_world_track(world), FakeItemIdStore()
    track = track_of(one.name, one.artists[0].name)
    item_ids.keep_ids({("track", track.key): one.id})
    made = maker_of(spotify.room, item_ids=item_ids).make(LISTENER, "x", "", [track])
    assert made.n_added == 1
    assert not [call for call in spotify.calls() if call["path"] == "/v1/search"]


def test_what_nobody_knows_the_id_of_leads_to_a_search_that_opens(spotify):
    items = [
        Linkable(TRACK, "ac dc|t.n.t.", "T.N.T./Live?", "AC/DC"),
        Linkable(ARTIST, "ac dc", "AC/DC & Friends"),
    ]
    links = maker_of(spotify.room).links(items)
    assert links == {
        "ac dc|t.n.t.": f"{spotify.base}/open/search/AC%2FDC%20T.N.T.%2FLive%3F/tracks",
        "ac dc": f"{spotify.base}/open/search/AC%2FDC%20%26%20Friends/artists",
    }
    for address in links.values():
        page = requests.get(address, timeout=5)
        assert page.status_code == 200
        assert "AC/DC" in page.text


@pytest.mark.parametrize("name", ["#not an id!", "", " "])
def test_only_what_has_neither_id_nor_name_has_no_link(spotify, name):
    assert maker_of(spotify.room).links([Linkable(TRACK, "#not an id!", name)]) == {}


def test_an_id_in_a_table_that_is_none_gets_into_no_address(spotify):
    item_ids = FakeItemIdStore()
    item_ids.keep_ids({(ARTIST, "low"): "../../evil"})
    links = maker_of(spotify.room, item_ids=item_ids).links([Linkable(ARTIST, "low", "Low")])
    assert links == {"low": f"{spotify.base}/open/search/Low/artists"}


def test_of_a_library_that_was_not_read_no_address_is_known(spotify):
    assert maker_of(spotify.room).addresses(LISTENER) == {}


def test_a_track_spotify_does_not_know_is_named_as_not_found(spotify):
    stranger = track_of("No Such Song", "Nobody At All")
    made = maker_of(spotify.room).make(LISTENER, "x", "", [stranger])
    assert (made.n_added, made.not_found, made.complete) == (0, (stranger.key,), True)


def test_an_opaque_key_is_its_own_id_and_never_looked_for(spotify, world):
    one = a_world_track(world)
    tracks = [
        JointTrack("#" + one.id, "", "", (LISTENER,), {}),
        JointTrack("#not an id!", "", "", ("x",), {}),
    ]
    made = maker_of(spotify.room).make(LISTENER, "x", "", tracks)
    assert (made.n_added, made.not_found) == (1, ("#not an id!",))


def test_searches_end_where_the_budget_does(emulated, world):
    local = emulated(calls_budget=4)
    consent(local)
    tracks = [track_of(one.name, one.artists[0].name) for one in list(world.tracks.values())[:6]]
    made = maker_of(local.room).make(LISTENER, "x", "", tracks)
    assert (made.n_added, made.complete) == (2, True)
    assert [one["path"] for one in local.calls()].count("/v1/search") == 2


@pytest.mark.parametrize("kind", ["server_error", "cut"])
def test_a_playlist_that_may_have_been_made_is_not_made_again(spotify, kind):
    spotify.fault(kind, path="/v1/me/playlists", times=1)
    with pytest.raises(SpotifyUnreachable):
        maker_of(spotify.room).make(LISTENER, "x", "", [])
    assert [call["path"] for call in spotify.calls()].count("/v1/me/playlists") == 1


def test_a_rejected_token_is_renewed_and_the_playlist_made_once(spotify):
    spotify.fault("unauthorized", path="/v1/me/playlists", times=1)
    maker_of(spotify.room).make(LISTENER, "x", "", [])
    client = spotify.room.client(spotify.room.grants.access_token(LISTENER))
    assert [one["name"] for one in client.playlists()["items"]].count("x") == 1


def test_adding_that_fails_is_told(spotify, world):
    one = a_world_track(world)
    spotify.fault("unavailable", path=r"/v1/playlists/[^/]+/items", times=1)
    made = maker_of(spotify.room).make(LISTENER, "x", "", [track_of(one.name, one.artists[0].name)])
    assert (made.n_added, made.complete) == (0, False)


def test_a_used_up_quota_is_passed_on_before_anything_is_made(spotify, world):
    one = a_world_track(world)
    spotify.fault("quota", path="/v1/search", times=1)
    with pytest.raises(QuotaExceeded):
        maker_of(spotify.room).make(LISTENER, "x", "", [track_of(one.name, one.artists[0].name)])
    assert "/v1/me/playlists" not in [call["path"] for call in spotify.calls()]


def test_tracks_go_to_the_address_that_new_apps_have(mine, script):
    script.on("/v1/me/playlists", JSONResponse(MADE, 201))
    mine.make("ann", "x", "", [JointTrack("#" + "a" * 22, "", "", ("ann",), {})])
    added = script.seen[-1]
    assert (added.method, added.path) == ("POST", f"/v1/playlists/{MADE['id']}/items")


def test_an_address_that_is_not_spotifys_is_not_passed_on(mine, script):
    script.on("/v1/me/playlists", JSONResponse(MADE, 201))
    assert mine.make("ann", "x", "", []).url == f"{script.base}/open/playlist/{MADE['id']}"


@pytest.mark.parametrize("body", [{}, {"id": "../me"}, {"id": 7}, []])
def test_an_answer_without_a_sound_id_is_malformed(mine, script, body):
    script.on("/v1/me/playlists", JSONResponse(body, 201))
    with pytest.raises(SpotifyMalformed):
        mine.make("ann", "x", "", [])


@pytest.mark.parametrize("name", ["", "   ", "\x00\n"])
def test_a_playlist_without_a_name_is_not_asked_for(mine, script, name):
    with pytest.raises(ValueError, match="name"):
        mine.make("ann", name, "", [])
    assert script.seen == []


def test_a_search_that_finds_nothing_useful_is_a_track_not_found(mine, script):
    script.on("/v1/me/playlists", JSONResponse(MADE, 201))
    script.on("/v1/search", JSONResponse({"tracks": {"items": [None, {"id": 3}, "x"]}}), error(404), cut)
    tracks = [track_of(f"Song {n}", "Somebody", "ann") for n in range(2)]
    assert mine.make("ann", "x", "", tracks).not_found == tuple(one.key for one in tracks)
