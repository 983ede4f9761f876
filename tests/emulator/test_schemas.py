"""Every answer of the Web API and the token endpoint against schemas after Spotify's own description."""

import jsonschema
import pytest

from emulator.server.app import EmulatorSettings
from emulator.webapi.routes import ROUTES
from tests.emulator import schemas
from tests.emulator.conftest import Client
from tests.emulator.schemas import Shapes, closed, listed, nullable, page

DIALECTS = ("development", "extended")
ME = "syn-0001"


@pytest.fixture(params=DIALECTS)
def dialect(request):
    return request.param


@pytest.fixture
def shapes(dialect):
    return Shapes(dialect == "extended")


@pytest.fixture
def client(start, dialect) -> Client:
    return start(EmulatorSettings(dialect=dialect))


def check(answer, schema, status=200):
    assert answer.status_code == status, answer.text
    jsonschema.Draft202012Validator(schema).validate(answer.json())
    return answer.json()


def answers_of(client, world, shapes):
    """Every path with what its answer must be; `{…}` in a path is filled with an id of the world."""
    track = next(iter(world.tracks.values()))
    album, artist = track.album.id, track.artists[0].id
    playlist = world.listeners[ME].library.playlists[0].id
    name = track.artists[0].name
    searches = {"tracks": shapes.track, "artists": shapes.artist, "albums": shapes.simple_album}
    found = closed({kind: page(row) for kind, row in {**searches, "playlists": shapes.playlist}.items()})
    return {
        "/v1/me": shapes.me,
        "/v1/me/": shapes.me,
        "/v1/me/playlists": page(shapes.playlist),
        "/v1/me/top/tracks": page(shapes.track),
        "/v1/me/top/artists": page(shapes.artist),
        "/v1/me/tracks": page(shapes.saved),
        "/v1/me/albums": page(shapes.saved_album),
        "/v1/me/following?type=artist": shapes.followed,
        f"/v1/me/library/contains?uris=spotify:playlist:{playlist}": listed({"type": "boolean"}),
        "/v1/me/player/recently-played": shapes.recent,
        f"/v1/playlists/{playlist}": shapes.whole_playlist,
        f"/v1/playlists/{playlist}/items": page(shapes.row),
        f"/v1/artists/{artist}": shapes.artist,
        f"/v1/artists/{artist}/albums": page(shapes.artists_album),
        f"/v1/albums/{album}": shapes.album,
        f"/v1/albums/{album}/tracks": page(shapes.simple_track),
        f"/v1/tracks/{track.id}": shapes.track,
        f"/v1/search?q={name}&type=track,artist,album,playlist": found,
    }


def test_every_answer_is_what_spotify_describes(client, world, shapes, dialect):
    token = client.tokens()["access_token"]
    for path, schema in answers_of(client, world, shapes).items():
        check(client.http.get(path, headers={"Authorization": f"Bearer {token}"}), schema)


def test_answers_that_only_extended_quota_gets(client, world, shapes, dialect):
    token, track_id = client.tokens()["access_token"], next(iter(world.tracks))
    playlist = world.listeners[ME].library.playlists[0].id
    many = closed({"audio_features": listed(nullable(shapes.audio_features))})
    answers = {
        f"/v1/audio-features?ids={track_id},{'0' * 22}": many,
        f"/v1/audio-features/{track_id}": shapes.audio_features,
        f"/v1/playlists/{playlist}/tracks": page(shapes.row),
    }
    for path, schema in answers.items():
        answer = client.http.get(path, headers={"Authorization": f"Bearer {token}"})
        if dialect == "extended":
            check(answer, schema)
        else:
            check(answer, schemas.ERROR, 403)


def test_every_playlist_of_everybody_has_rows_as_described(client, world, shapes):
    """Odd rows too: episodes, files of the listener's own, removed tracks."""
    token = client.tokens()["access_token"]
    owners = [one for one in world.listeners.values() if one.library.playlists][:8]
    for owner in owners:
        token = client.tokens(owner.id)["access_token"]
        for playlist in owner.library.playlists[:6]:
            check(client.get(f"/v1/playlists/{playlist.id}/items", token, limit=50), page(shapes.row))


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/v1/tracks/0000000000000000000000", 404),
        ("/v1/albums/0000000000000000000000", 404),
        ("/v1/artists/nobody/albums", 404),
        ("/v1/nowhere", 404),
        ("/v1/me/tracks?limit=51", 400),
        ("/v1/search?q=x&type=planet", 400),
        ("/v1/search?type=track", 400),
        ("/v1/users/somebody", 403),
    ],
)
def test_refusals_are_as_described(shared, token, path, status):
    check(shared.http.get(path, headers={"Authorization": f"Bearer {token}"}), schemas.ERROR, status)


FAULTS = {
    "unauthorized": 401,
    "not_allow_listed": 403,
    "owner_not_premium": 403,
    "missing_scope": 403,
    "not_found": 404,
    "rate_limited": 429,
    "quota": 429,
    "server_error": 500,
    "unavailable": 503,
}


@pytest.mark.parametrize(("kind", "status"), FAULTS.items())
def test_faults_are_as_described(start, kind, status):
    client = start()
    token = client.tokens()["access_token"]
    client.http.post("/_emulator/faults", json={"kind": kind})
    answer = client.get("/v1/me", token)
    check(answer, schemas.ERROR, status)
    if status == 429:
        assert int(answer.headers["retry-after"]) == (86_400 if kind == "quota" else 2)


def test_tokens_are_as_described(start):
    client = start(EmulatorSettings(rotate_refresh_tokens=True))
    tokens = client.tokens()
    jsonschema.validate(tokens, schemas.TOKEN)
    check(client.refresh(tokens["refresh_token"]), schemas.TOKEN)
    check(client.refresh(tokens["refresh_token"]), schemas.TOKEN_ERROR, 400)


def test_every_route_has_a_schema(world):
    """A route that is added to the Web API has to be added to `answers_of` too, or to the removed ones."""
    checked = answers_of(None, world, Shapes(extended=True))
    patterns = {path.partition("?")[0] for path in checked}
    reading = [route for route in ROUTES if "GET" in route.methods]
    open_routes = [route for route in reading if route.endpoint.__name__ != "_removed"]
    unchecked = [one.path for one in open_routes if not any(map(one.path_regex.match, patterns))]
    extended_only = ["/v1/audio-features", "/v1/audio-features/", "/v1/audio-features/{key}"]
    assert unchecked == [*extended_only, "/v1/playlists/{key:path}/tracks"]


def test_what_writing_answers_is_as_described(client, shapes, dialect, world):
    token = client.tokens(scope="playlist-modify-private playlist-read-private")["access_token"]
    headers, track = {"Authorization": f"Bearer {token}"}, next(iter(world.tracks))
    made = client.http.post("/v1/me/playlists", json={"name": "x", "public": False}, headers=headers)
    check(made, shapes.whole_playlist, 201)
    path, uris = f"/v1/playlists/{made.json()['id']}/items", [f"spotify:track:{track}"]
    check(client.http.post(path, json=uris, headers=headers), closed({"snapshot_id": schemas.TEXT}), 201)


def test_search_is_narrow_in_development_mode(shared, token, world):
    track = next(iter(world.tracks.values()))

    def search(**query):
        return shared.get("/v1/search", token, type="track", **query)

    assert search(q="a").json()["tracks"]["limit"] == 5
    assert search(q="a", limit=11).status_code == 400
    assert search(q="a", offset=1001).status_code == 400
    (hit,) = search(q=f"isrc:{track.isrc}").json()["tracks"]["items"]
    assert hit["id"] == track.id
    quoted = search(q=f'track:"{track.name}" artist:"{track.artists[0].name}"').json()["tracks"]["items"]
    assert track.id in {one["id"] for one in quoted}
    assert search(q="no such words anywhere").json()["tracks"]["total"] == 0
