"""Making a playlist: the two calls that write, their scopes and their refusals."""

import pytest
import requests
import spotipy

from emulator.server.app import EmulatorSettings
from emulator.world import Track

SCOPES = "playlist-read-private playlist-modify-private"


@pytest.fixture
def maker(start):
    """An emulator of its own, with a token that may make private playlists."""
    client = start()
    return client, client.tokens(scope=SCOPES)["access_token"]


@pytest.fixture
def uris(world):
    return [f"spotify:track:{key}" for key, item in world.items.items() if isinstance(item, Track)][:120]


def post(client, path, token, body):
    return client.http.post(path, json=body, headers={"Authorization": f"Bearer {token}"})


def create(client, token, **changed):
    return post(client, "/v1/me/playlists", token, {"name": "Both of us", "public": False} | changed)


def test_spotipy_makes_a_playlist_and_fills_it(maker, uris):
    client, token = maker
    with requests.Session() as session:
        session.trust_env = False
        spotify = spotipy.Spotify(auth=token, requests_session=session)
        spotify.prefix = f"{client.base}/v1/"
        made = spotify.current_user_playlist_create("Both of us", public=False, description="Ours")
        spotify.playlist_add_items(made["id"], uris[:3])
        rows = spotify.playlist_items(made["id"])["items"]
    assert (made["name"], made["public"], made["items"]["total"]) == ("Both of us", False, 0)
    assert [row["item"]["uri"] for row in rows] == uris[:3]


def test_a_new_playlist_stands_first_in_the_list(maker):
    client, token = maker
    made = create(client, token).json()
    assert client.get("/v1/me/playlists", token).json()["items"][0]["id"] == made["id"]


def test_adding_changes_the_snapshot_and_may_name_a_place(maker, uris):
    client, token = maker
    key = create(client, token).json()["id"]
    first = post(client, f"/v1/playlists/{key}/items", token, {"uris": uris[:2]})
    second = post(client, f"/v1/playlists/{key}/items", token, {"uris": uris[2:3], "position": 0})
    rows = client.all_items(f"/v1/playlists/{key}/items", token)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["snapshot_id"] != second.json()["snapshot_id"]
    assert [row["item"]["uri"] for row in rows] == [uris[2], uris[0], uris[1]]


def test_without_the_scope_nothing_is_made(start):
    client = start()
    token = client.tokens()["access_token"]
    answer = create(client, token)
    assert (answer.status_code, answer.json()["error"]["message"]) == (403, "Insufficient client scope")


def test_a_public_playlist_needs_the_scope_for_public_ones(maker):
    client, token = maker
    assert create(client, token, public=True).status_code == 403


def test_somebody_elses_playlist_takes_nothing(maker, world, uris):
    client, token = maker
    theirs = world.listeners["syn-0002"].library.playlists[0]
    answer = post(client, f"/v1/playlists/{theirs.id}/items", token, {"uris": uris[:1]})
    assert answer.status_code == 403


@pytest.mark.parametrize("body", [{}, {"name": " "}, {"name": 3}, {"name": "x", "description": []}, "x", 7])
def test_a_playlist_without_a_sound_name_is_refused(maker, body):
    client, token = maker
    sound = body | {"public": False} if isinstance(body, dict) else body
    assert post(client, "/v1/me/playlists", token, sound).status_code == 400


@pytest.mark.parametrize(
    "change",
    [{"uris": []}, {"uris": "x"}, {"uris": ["spotify:track:nobody"]}, {"uris": [None]}, {"position": 9}],
)
def test_items_that_cannot_be_added_are_refused_whole(maker, uris, change):
    client, token = maker
    key = create(client, token).json()["id"]
    answer = post(client, f"/v1/playlists/{key}/items", token, {"uris": uris[:1]} | change)
    assert answer.status_code == 400
    assert client.all_items(f"/v1/playlists/{key}/items", token) == []


def test_more_than_a_hundred_at_once_are_refused(maker, uris):
    client, token = maker
    key = create(client, token).json()["id"]
    assert post(client, f"/v1/playlists/{key}/items", token, {"uris": uris[:101]}).status_code == 400
    assert post(client, f"/v1/playlists/{key}/items", token, {"uris": uris[:100]}).status_code == 201


def test_the_older_address_is_closed_to_new_apps(maker, uris):
    client, token = maker
    key = create(client, token).json()["id"]
    assert post(client, f"/v1/playlists/{key}/tracks", token, {"uris": uris[:1]}).status_code == 403


def test_the_older_address_is_open_in_the_extended_dialect(start, uris):
    client = start(EmulatorSettings(dialect="extended"))
    token = client.tokens(scope=SCOPES)["access_token"]
    made = create(client, token).json()
    assert post(client, f"/v1/playlists/{made['id']}/tracks", token, {"uris": uris[:1]}).status_code == 201
    assert made["tracks"] == made["items"]


def test_a_reset_forgets_what_was_made(maker):
    client, token = maker
    key = create(client, token).json()["id"]
    client.http.post("/_emulator/reset").raise_for_status()
    fresh = client.tokens(scope=SCOPES)["access_token"]
    assert client.get(f"/v1/playlists/{key}", fresh).status_code == 404


# ---- what a library holds, and what an owner changes ----------------------------------------------------


def holds(client, token, *uris):
    return client.get("/v1/me/library/contains", token, uris=",".join(uris))


def test_a_library_says_what_it_holds(start, uris):
    client = start()
    token = client.tokens(scope=f"{SCOPES} user-library-read")["access_token"]
    made = create(client, token).json()
    saved = client.get("/v1/me/tracks", token, limit=1).json()["items"][0]["track"]["uri"]
    assert holds(client, token, made["uri"], saved, "spotify:playlist:other").json() == [True, True, False]
    client.http.delete(f"/_emulator/listeners/syn-0001/playlists/{made['id']}").raise_for_status()
    assert holds(client, token, made["uri"]).json() == [False]


@pytest.mark.parametrize(
    ("uris", "status"),
    [([], 400), (["spotify:playlist"], 400), (["spotify:wish:1"], 400), (["spotify:track:1"], 403)],
)
def test_an_unsound_question_to_a_library_is_refused(maker, uris, status):
    assert holds(*maker, *uris).status_code == status


def test_an_owner_renames_and_shares_a_playlist(maker):
    client, token = maker
    made = create(client, token).json()
    path = f"/_emulator/listeners/syn-0001/playlists/{made['id']}"
    body = {"name": "Road", "description": "", "collaborative": True, "followed_by": "syn-0002"}
    client.http.patch(path, json=body).raise_for_status()
    scope = f"{SCOPES} playlist-read-collaborative"
    found = client.get("/v1/me/playlists", client.tokens(scope=scope)["access_token"]).json()["items"][0]
    assert (found["name"], found["description"], found["collaborative"]) == ("Road", "", True)
    other = client.tokens("syn-0002", scope=scope)["access_token"]
    assert made["id"] in [one["id"] for one in client.all_items("/v1/me/playlists", other)]


@pytest.mark.parametrize("body", [{"name": 7}, {"rows": []}, {"collaborative": "yes"}])
def test_an_unsound_change_of_a_playlist_is_refused(maker, body):
    client, token = maker
    made = create(client, token).json()
    path = f"/_emulator/listeners/syn-0001/playlists/{made['id']}"
    assert client.http.patch(path, json=body).status_code == 400
