"""The Web API endpoints that Earshot calls, and those that Spotify has removed."""

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Route

from emulator.errors import ApiError
from emulator.webapi import browsing, writing
from emulator.webapi.caller import Caller, caller_of
from emulator.webapi.fields import keep_fields
from emulator.webapi.paging import cursor_page, page_of, recent_page
from emulator.world.music import TIME_RANGES, Playlist

_MOST_URIS = 40
_MOST_IDS = 100


async def _me(request: Request) -> JSONResponse:
    caller = caller_of(request)
    return JSONResponse(caller.shapes.me(caller.listener))


async def _my_playlists(request: Request) -> JSONResponse:
    caller = caller_of(request, "playlist-read-private")
    together = "playlist-read-collaborative" in caller.consent.scopes
    playlists = caller.emulator.libraries.playlists_of(caller.listener.id)
    shown = [playlist for playlist in playlists if together or not playlist.collaborative]
    return JSONResponse(page_of(shown, caller.shapes.playlist, request))


def _readable(caller: Caller, playlist: Playlist) -> bool:
    followed = playlist.collaborative and playlist.id in caller.library.followed_ids
    return playlist.owner_id == caller.listener.id or followed


async def _playlist(request: Request) -> JSONResponse:
    caller = caller_of(request, "playlist-read-private")
    playlist = caller.emulator.libraries.playlist(request.path_params["key"])
    readable = _readable(caller, playlist)
    if not (readable or playlist.public):
        raise ApiError(404, "Resource not found")
    answer = caller.shapes.full_playlist(playlist, readable)
    return JSONResponse(keep_fields(answer, request.query_params.get("fields", "")))


async def _playlist_items(request: Request) -> JSONResponse:
    caller = caller_of(request, "playlist-read-private")
    playlist = caller.emulator.libraries.playlist(request.path_params["key"])
    if not (_readable(caller, playlist) or caller.extended):
        raise ApiError(403, "Forbidden")
    page = page_of(playlist.rows, lambda row: caller.shapes.playlist_row(row, playlist.owner_id), request)
    return JSONResponse(keep_fields(page, request.query_params.get("fields", "")))


async def _playlist_tracks(request: Request) -> JSONResponse:
    caller_of(request, "playlist-read-private").require_extended()
    return await _playlist_items(request)


def _time_range(request: Request) -> str:
    name = request.query_params.get("time_range", "medium_term")
    if name not in TIME_RANGES:
        raise ApiError(400, "Invalid time range")
    return name


async def _top_tracks(request: Request) -> JSONResponse:
    caller = caller_of(request, "user-top-read")
    ids = caller.library.top_track_ids.get(_time_range(request), ())
    tracks = [track for track in map(caller.track, ids) if track]
    return JSONResponse(page_of(tracks, caller.shapes.track, request))


async def _top_artists(request: Request) -> JSONResponse:
    caller = caller_of(request, "user-top-read")
    ids = caller.library.top_artist_ids.get(_time_range(request), ())
    artists = caller.emulator.world.artists
    return JSONResponse(page_of(ids, lambda key: caller.shapes.artist(artists[key]), request))


async def _saved_tracks(request: Request) -> JSONResponse:
    caller = caller_of(request, "user-library-read")
    return JSONResponse(page_of(caller.library.saved, caller.shapes.saved_row, request))


async def _saved_albums(request: Request) -> JSONResponse:
    caller = caller_of(request, "user-library-read")
    rows = [row for row in caller.library.albums if row.item_id in caller.emulator.world.albums]
    return JSONResponse(page_of(rows, caller.shapes.saved_album_row, request))


async def _followed_artists(request: Request) -> JSONResponse:
    caller = caller_of(request, "user-follow-read")
    if request.query_params.get("type") != "artist":
        raise ApiError(400, "Invalid type")
    artists = caller.emulator.world.artists
    ids = sorted(key for key in caller.library.followed_artist_ids if key in artists)
    page = cursor_page(ids, lambda key: caller.shapes.artist(artists[key]), request)
    return JSONResponse({"artists": page})


async def _recently_played(request: Request) -> JSONResponse:
    caller = caller_of(request, "user-read-recently-played")
    return JSONResponse(recent_page(caller.library.recent, caller.shapes.recent_row, request))


async def _artist(request: Request) -> JSONResponse:
    caller = caller_of(request)
    artist = caller.emulator.world.artists.get(request.path_params["key"])
    if artist is None:
        raise ApiError(404, "Resource not found")
    return JSONResponse(caller.shapes.artist(artist))


async def _track(request: Request) -> JSONResponse:
    caller = caller_of(request)
    track = caller.track(request.path_params["key"])
    if track is None:
        raise ApiError(404, "Resource not found")
    return JSONResponse(caller.shapes.track(track))


_HELD_BY_SCOPE = {"track": "user-library-read", "playlist": "playlist-read-private"}
"""Scope by kind of item."""


async def _library_contains(request: Request) -> JSONResponse:
    caller = caller_of(request)
    uris = [uri.split(":") for uri in request.query_params.get("uris", "").split(",") if uri]
    if not 1 <= len(uris) <= _MOST_URIS or any(len(uri) != 3 or uri[0] != "spotify" for uri in uris):
        raise ApiError(400, "uris must name 1 to 40 items")
    for _, kind, _ in uris:
        if kind not in _HELD_BY_SCOPE:
            raise ApiError(400, "Invalid uri")
        caller_of(request, _HELD_BY_SCOPE[kind])
    held = {("playlist", one.id) for one in caller.emulator.libraries.playlists_of(caller.listener.id)}
    held |= {("track", row.item_id or "") for row in caller.library.saved}
    return JSONResponse([(kind, one) in held for _, kind, one in uris])


async def _audio_features(request: Request) -> JSONResponse:
    caller = caller_of(request)
    caller.require_extended()
    ids = [key for key in request.query_params.get("ids", "").split(",") if key]
    if not 1 <= len(ids) <= _MOST_IDS:
        raise ApiError(400, "ids must name 1 to 100 tracks")
    shaped = [track and caller.shapes.audio_features(track) for track in map(caller.track, ids)]
    return JSONResponse({"audio_features": shaped})


async def _one_audio_features(request: Request) -> JSONResponse:
    caller = caller_of(request)
    caller.require_extended()
    track = caller.track(request.path_params["key"])
    shaped = track and caller.shapes.audio_features(track)
    if shaped is None:
        raise ApiError(404, "analysis not found")
    return JSONResponse(shaped)


async def _removed(request: Request) -> JSONResponse:
    """An endpoint removed for new apps in 2024 or 2026."""
    caller_of(request)
    # for Extended Quota, too: these endpoints are not emulated
    raise ApiError(403, "Forbidden")


_REMOVED = (
    "/v1/tracks",
    "/v1/tracks/",
    "/v1/artists",
    "/v1/artists/",
    "/v1/albums",
    "/v1/albums/",
    "/v1/recommendations",
    "/v1/users/{key:path}",
    "/v1/audio-analysis/{key:path}",
    "/v1/browse/{key:path}",
    "/v1/artists/{key}/related-artists",
    "/v1/artists/{key}/top-tracks",
)
ROUTES: list[BaseRoute] = [
    Route("/v1/me", _me),
    Route("/v1/me/", _me),
    Route("/v1/me/playlists", _my_playlists),
    Route("/v1/me/top/tracks", _top_tracks),
    Route("/v1/me/top/artists", _top_artists),
    Route("/v1/me/tracks", _saved_tracks),
    Route("/v1/me/albums", _saved_albums),
    Route("/v1/me/following", _followed_artists),
    Route("/v1/me/library/contains", _library_contains),
    Route("/v1/me/player/recently-played", _recently_played),
    Route("/v1/audio-features", _audio_features),
    Route("/v1/audio-features/", _audio_features),
    Route("/v1/audio-features/{key}", _one_audio_features),
    *(Route(path, _removed) for path in _REMOVED),
    *browsing.ROUTES,
    *writing.ROUTES,
    Route("/v1/playlists/{key:path}/items", _playlist_items),
    Route("/v1/playlists/{key:path}/tracks", _playlist_tracks),
    Route("/v1/playlists/{key:path}", _playlist),
    Route("/v1/artists/{key:path}", _artist),
    Route("/v1/tracks/{key:path}", _track),
]
"""Routes of the Web API."""
