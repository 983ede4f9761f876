"""The Web API: shapes of Development Mode, scopes, tokens, paging and hostile parameters."""

import httpx
import pytest
import requests
import spotipy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from emulator.server.app import EmulatorSettings
from emulator.world import EPOCH_S, Library, Listener, Playlist, Row, World, table_world

_LIBRARY = {"deadline": None, "suppress_health_check": [HealthCheck.function_scoped_fixture]}


@pytest.fixture
def spotify(shared, token):
    with requests.Session() as session:
        session.trust_env = False
        client = spotipy.Spotify(auth=token, requests_session=session)
        client.prefix = f"{shared.base}/v1/"
        yield client


def _spotipy_all(client, page):
    items = list(page["items"])
    while page["next"]:
        page = client.next(page)
        items += page["items"]
    return items


def test_spotipy_reads_the_profile(spotify):
    me = spotify.me()
    assert (me["id"], me["account_id"], me["type"]) == ("syn-0001", "syn-0001", "user")
    assert not {"email", "country", "product", "followers"} & set(me)


def test_spotipy_pages_through_saved_tracks(spotify, world):
    rows = _spotipy_all(spotify, spotify.current_user_saved_tracks(limit=7))
    saved = world.listeners["syn-0001"].library.saved
    assert [row["track"]["id"] for row in rows] == [row.item_id for row in saved]


def test_spotipy_pages_through_saved_albums(spotify, world):
    rows = _spotipy_all(spotify, spotify.current_user_saved_albums(limit=3))
    saved = world.listeners["syn-0001"].library.albums
    assert [row["album"]["id"] for row in rows] == [row.item_id for row in saved]
    assert len(rows) > 3
    assert [row["added_at"] for row in rows] == sorted((row["added_at"] for row in rows), reverse=True)


def test_spotipy_walks_through_followed_artists_by_cursor(spotify, world):
    found, after = [], None
    while True:
        page = spotify.current_user_followed_artists(limit=3, after=after)["artists"]
        found += [one["id"] for one in page["items"]]
        after = page["cursors"]["after"]
        assert (after is None) == (page["next"] is None)
        if after is None:
            break
    assert found == list(world.listeners["syn-0001"].library.followed_artist_ids)
    assert len(found) == page["total"] > 3


@settings(max_examples=12, **_LIBRARY)
@given(limit=st.integers(1, 50))
def test_followed_artists_are_whole_whatever_the_limit(shared, token, world, limit):
    found, link = [], f"/v1/me/following?type=artist&limit={limit}"
    while link:
        page = shared.http.get(link, headers={"Authorization": f"Bearer {token}"}).json()["artists"]
        assert len(page["items"]) <= limit
        found += [one["id"] for one in page["items"]]
        link = page["next"]
    assert found == list(world.listeners["syn-0001"].library.followed_artist_ids)


@pytest.mark.parametrize("query", [{}, {"type": "user"}, {"type": "artist", "limit": "51"}])
def test_followed_artists_are_asked_for_by_type_and_limit(shared, token, query):
    assert shared.get("/v1/me/following", token, **query).status_code == 400


def test_spotipy_reads_playlists_and_their_items(spotify, world):
    playlists = _spotipy_all(spotify, spotify.current_user_playlists(limit=2))
    own = world.listeners["syn-0001"].library.playlists
    assert [one["id"] for one in playlists][: len(own)] == [one.id for one in own]
    rows = _spotipy_all(spotify, spotify.playlist_items(own[0].id, limit=5))
    assert [(row["item"] or {}).get("id") for row in rows] == [row.item_id for row in own[0].rows]


def test_spotipy_reads_only_the_fields_it_asks_for(spotify, world):
    playlist_id = world.listeners["syn-0001"].library.playlists[0].id
    page = spotify.playlist_items(playlist_id, fields="items(added_at,item(id,artists.name)),next")
    assert set(page) == {"items", "next"}
    assert set(page["items"][0]["item"]) == {"id", "artists"}
    assert set(page["items"][0]["item"]["artists"][0]) == {"name"}


def test_spotipy_reads_the_top_artists_with_genres(spotify, world):
    top = spotify.current_user_top_artists(limit=3, time_range="long_term")["items"]
    assert [one["id"] for one in top] == list(
        world.listeners["syn-0001"].library.top_artist_ids["long_term"][:3]
    )
    assert top[0]["genres"] == list(world.artists[top[0]["id"]].tags)


def test_spotipy_reads_recent_plays_back_in_time(spotify, world):
    rows = _spotipy_all(spotify, spotify.current_user_recently_played(limit=20))
    assert [row["track"]["id"] for row in rows] == [
        row.item_id for row in world.listeners["syn-0001"].library.recent
    ]


def test_spotipy_finds_audio_features_forbidden(spotify, world):
    with (
        pytest.warns(DeprecationWarning, match="audio"),
        pytest.raises(spotipy.SpotifyException) as caught,
    ):
        spotify.audio_features([next(iter(world.tracks))])
    assert caught.value.http_status == 403


@settings(max_examples=12, **_LIBRARY)
@given(
    limit=st.integers(1, 50),
    path=st.sampled_from(["/v1/me/tracks", "/v1/me/albums", "/v1/me/top/artists", "/v1/me/playlists"]),
)
def test_the_pages_together_are_the_whole_list_whatever_the_limit(shared, token, limit, path):
    whole = shared.all_items(path, token, limit=50)
    paged = shared.all_items(path, token, limit=limit)
    assert paged == whole
    assert len(paged) == shared.get(path, token).json()["total"]


@settings(max_examples=12, **_LIBRARY)
@given(limit=st.integers(1, 50))
def test_recent_plays_walked_by_cursor_are_complete_and_without_repeats(shared, token, limit):
    moments = [
        row["played_at"] for row in shared.all_items("/v1/me/player/recently-played", token, limit=limit)
    ]
    assert len(moments) == len(set(moments)) == 50


def test_recent_plays_after_a_moment_are_walked_towards_now(shared, token):
    rows = shared.all_items("/v1/me/player/recently-played", token, limit=20, after=1)
    assert len({row["played_at"] for row in rows}) == 50


def test_previous_leads_back_to_the_page_before(shared, token):
    first = shared.get("/v1/me/tracks", token, limit=5).json()
    second = shared.get("/v1/me/tracks", token, limit=5, offset=5).json()
    back = shared.http.get(second["previous"], headers={"Authorization": f"Bearer {token}"}).json()
    assert back["items"] == first["items"]
    assert first["previous"] is None


@pytest.mark.parametrize("limit", ["0", "51", "-1", "x", "", "1e3", "9" * 400, "１", "5 "])
def test_a_limit_outside_1_to_50_is_refused(shared, token, limit):
    reply = shared.get("/v1/me/tracks", token, limit=limit)
    assert reply.json() == {"error": {"status": 400, "message": "Invalid limit"}}


def test_an_offset_beyond_the_end_gives_an_empty_page(shared, token):
    page = shared.get("/v1/me/tracks", token, offset=10_000).json()
    assert (page["items"], page["next"]) == ([], None)


def test_an_unknown_time_range_is_refused(shared, token):
    assert shared.get("/v1/me/top/tracks", token, time_range="forever").status_code == 400


@pytest.mark.parametrize(
    ("path", "scope"),
    [
        ("/v1/me/playlists", "playlist-read-private"),
        ("/v1/me/top/tracks", "user-top-read"),
        ("/v1/me/top/artists", "user-top-read"),
        ("/v1/me/tracks", "user-library-read"),
        ("/v1/me/albums", "user-library-read"),
        ("/v1/me/following", "user-follow-read"),
        ("/v1/me/player/recently-played", "user-read-recently-played"),
    ],
)
def test_each_call_demands_its_scope(shared, path, scope):
    with_scope = shared.tokens(scope=scope)["access_token"]
    without = shared.tokens(scope="user-read-email")["access_token"]
    assert shared.get(path, with_scope, type="artist").status_code == 200
    assert shared.get(path, without).json() == {
        "error": {"status": 403, "message": "Insufficient client scope"}
    }


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ({}, "No token provided"),
        ({"Authorization": "Bearer made-up"}, "Invalid access token"),
        ({"Authorization": "Basic abc"}, "Only valid bearer authentication supported"),
    ],
)
def test_a_missing_or_bad_token_is_refused(shared, header, message):
    reply = shared.http.get("/v1/me", headers=header)
    assert reply.json() == {"error": {"status": 401, "message": message}}


def test_an_expired_token_is_refused_as_expired(start):
    client = start()
    token = client.tokens()["access_token"]
    client.clock.now_s += 3600
    assert client.get("/v1/me", token).json() == {
        "error": {"status": 401, "message": "The access token expired"}
    }


def test_listeners_who_are_not_on_the_allow_list_are_refused_after_login(start):
    client = start(EmulatorSettings(allow_list=("syn-0002",)))
    reply = client.get("/v1/me", client.tokens("syn-0001")["access_token"])
    assert reply.status_code == 403
    assert "the user may not be registered" in reply.json()["error"]["message"]
    assert client.get("/v1/me", client.tokens("syn-0002")["access_token"]).status_code == 200


def test_me_answers_with_and_without_a_slash(shared, token):
    assert shared.get("/v1/me", token).json() == shared.get("/v1/me/", token).json()


def test_an_unknown_path_is_404_in_spotifys_json(shared, token):
    assert shared.get("/v1/nothing", token).json()["error"]["status"] == 404


def test_a_wrong_method_is_405_in_spotifys_json(shared):
    assert shared.http.post("/v1/me", data={}).json()["error"]["status"] == 405


@pytest.mark.parametrize("path", ["/v1/tracks?ids=a,b", "/v1/users/syn-0002", "/v1/recommendations"])
def test_removed_endpoints_are_forbidden(shared, token, path):
    assert shared.http.get(path, headers={"Authorization": f"Bearer {token}"}).status_code == 403


def test_a_followed_playlist_is_listed_but_its_items_are_forbidden(shared):
    token = shared.tokens("syn-odd")["access_token"]
    listed = shared.all_items("/v1/me/playlists", token)
    foreign = next(one for one in listed if one["owner"]["id"] != "syn-odd")
    assert shared.get(f"/v1/playlists/{foreign['id']}/items", token).status_code == 403


def test_a_foreign_public_playlist_shows_metadata_without_items(shared, world):
    token = shared.tokens("syn-odd")["access_token"]
    lists = [one for who in world.listeners.values() for one in who.library.playlists if who.id != "syn-odd"]
    public = next(one for one in lists if one.public)
    private = next(one for one in lists if not one.public)
    assert "items" not in shared.get(f"/v1/playlists/{public.id}", token).json()
    assert shared.get(f"/v1/playlists/{private.id}", token).status_code == 404


def test_a_followed_collaborative_playlist_shows_its_items(start):
    shared_list = Playlist("together", "Ours", "owner", (Row(None, EPOCH_S),), collaborative=True)
    owner = Listener("owner", "Owner", Library(playlists=(shared_list,)))
    guest = Listener("guest", "Guest", Library(followed_ids=("together", "gone")))
    client = start(over=World("made for a test", {"owner": owner, "guest": guest}, {}, {}))
    token = client.tokens("guest")["access_token"]
    assert [one["id"] for one in client.all_items("/v1/me/playlists", token)] == ["together"]
    assert client.get("/v1/playlists/together/items", token).status_code == 200


def test_collaborative_playlists_are_listed_only_with_their_scope(start):
    shared_list = Playlist("together", "Ours", "owner", collaborative=True)
    owner = Listener("owner", "Owner", Library(playlists=(shared_list,)))
    client = start(over=World("made for a test", {"owner": owner}, {}, {}))
    token = client.tokens("owner", scope="playlist-read-private")["access_token"]
    assert client.all_items("/v1/me/playlists", token) == []


def test_an_own_playlist_shows_its_items(shared, token, world):
    playlist = world.listeners["syn-0001"].library.playlists[0]
    answer = shared.get(f"/v1/playlists/{playlist.id}", token).json()
    assert answer["items"]["total"] == len(playlist.rows)
    assert answer["snapshot_id"] == playlist.snapshot_id


def test_odd_rows_are_null_an_episode_and_a_local_file(shared, world):
    token = shared.tokens("syn-odd")["access_token"]
    playlist_id = world.listeners["syn-odd"].library.playlists[0].id
    removed, episode, local, track = shared.get(f"/v1/playlists/{playlist_id}/items", token).json()["items"][
        :4
    ]
    assert removed["item"] is None
    assert episode["item"]["type"] == "episode"
    assert (local["is_local"], local["item"]["id"]) == (True, None)
    assert track["item"]["type"] == "track"
    assert "track" not in track


def test_a_track_has_the_fields_of_development_mode(shared, token, world):
    track = next(iter(world.tracks.values()))
    answer = shared.get(f"/v1/tracks/{track.id}", token).json()
    assert answer["external_ids"] == {"isrc": track.isrc}
    assert answer["album"]["release_date"] == track.album.release_date
    assert not {"popularity", "available_markets", "linked_from"} & set(answer)


def test_an_artist_is_found_by_id(shared, token, world):
    artist = next(iter(world.artists.values()))
    assert shared.get(f"/v1/artists/{artist.id}", token).json()["name"] == artist.name


def test_the_quiet_listener_has_empty_lists(shared):
    token = shared.tokens("syn-quiet")["access_token"]
    for path in ("playlists", "tracks", "albums", "top/tracks", "top/artists", "player/recently-played"):
        assert shared.get(f"/v1/me/{path}", token).json()["items"] == []
    page = shared.get("/v1/me/following", token, type="artist").json()["artists"]
    assert (page["items"], page["next"], page["total"]) == ([], None, 0)


def test_links_lead_to_a_page_that_names_what_they_mean(shared, token, world):
    track = next(iter(world.tracks.values()))
    link = shared.get(f"/v1/tracks/{track.id}", token).json()["external_urls"]["spotify"]
    assert link.startswith(shared.base)
    assert f"<h1>{track.name}</h1>" in shared.http.get(link).text


@pytest.mark.parametrize("fields", ["items(", "items)", "a;b", "(" * 500, "items(a))"])
def test_unreadable_fields_are_refused(shared, token, world, fields):
    playlist_id = world.listeners["syn-0001"].library.playlists[0].id
    assert shared.get(f"/v1/playlists/{playlist_id}/items", token, fields=fields).status_code == 400


def test_the_extended_dialect_keeps_the_old_names_and_audio_features(start, world):
    client = start(EmulatorSettings(dialect="extended"))
    token = client.tokens()["access_token"]
    playlist = client.get("/v1/me/playlists", token).json()["items"][0]
    row = client.get(f"/v1/playlists/{playlist['id']}/tracks", token).json()["items"][0]
    assert playlist["tracks"]["total"] == playlist["items"]["total"]
    assert row["track"] == row["item"]
    track = next(iter(world.tracks.values()))
    features = client.get("/v1/audio-features/", token, ids=f"{track.id},unknown").json()["audio_features"]
    assert features[0]["danceability"] == track.attributes[0]
    assert features[1] is None


def test_a_table_worlds_awkward_ids_survive_the_journey(start, tmp_path):
    path = tmp_path / "odd.csv"
    path.write_text(
        "listener_id,track_id,playlist_id,artist_id,artist_name\na/b ?ü,,,x/y?z#1,Who\na/b ?ü,aotm:1,p 1,,\n"
    )
    client = start(over=table_world(path))
    token = client.tokens("a/b ?ü")["access_token"]
    assert client.get("/v1/me", token).json()["account_id"] == "a/b ?ü"
    artist = client.get("/v1/me/top/artists", token).json()["items"][0]
    assert httpx.get(artist["href"], headers={"Authorization": f"Bearer {token}"}).json()["name"] == "Who"
    playlist = client.get("/v1/me/playlists", token).json()["items"][0]
    rows = httpx.get(playlist["items"]["href"], headers={"Authorization": f"Bearer {token}"}).json()["items"]
    assert (rows[0]["item"]["id"], rows[0]["item"]["name"], rows[0]["item"]["artists"]) == ("aotm:1", "", [])
