"""Administration under ``/_emulator/``: for tests and demonstrations, from this machine only."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from emulator.accounts.redirects import is_loopback_address
from emulator.errors import ApiError
from emulator.state.changes import add_album, adopt_scene, change_playlist, delete_playlist, follow_playlist
from emulator.state.context import Emulator, emulator_of
from emulator.state.faults import fault_from
from emulator.state.library import LibraryStore
from emulator.webapi.paging import whole_number
from emulator.world.music import Album, Library, Listener

Endpoint = Callable[[Request], Awaitable[JSONResponse]]
_OWN_HOSTS = ("127.0.0.1", "::1", "localhost")


def _local(endpoint: Endpoint) -> Endpoint:
    """Lets in callers on this machine; pages of other origins and other host names stay out."""

    async def guarded(request: Request) -> JSONResponse:
        client, origin = request.client, request.headers.get("origin")
        near = client is not None and is_loopback_address(client.host)
        own = request.url.hostname in _OWN_HOSTS and origin in (None, str(request.base_url).rstrip("/"))
        if not (near and own):
            raise ApiError(403, "The administration answers on this machine only")
        return await endpoint(request)

    return guarded


async def _body(request: Request) -> dict[str, Any]:
    text = await request.body()
    try:
        body = json.loads(text) if text else {}
    except ValueError as error:
        raise ApiError(400, "The body is not JSON") from error
    if not isinstance(body, dict):
        raise ApiError(400, "The body must be a JSON object")
    return body


def _summary(listener: Listener, library: Library) -> dict[str, Any]:
    return {
        "id": listener.id,
        "name": listener.name,
        "scenes": list(listener.scenes),
        "weights": list(listener.weights),
        "niche": listener.niche,
        "n_playlists": len(library.playlists),
        "n_saved": len(library.saved),
        "n_items": len(library.item_ids()),
        "playlists": [{"id": playlist.id, "name": playlist.name} for playlist in library.playlists],
    }


async def _health(request: Request) -> JSONResponse:
    world = emulator_of(request).world
    return JSONResponse({"status": "ok", "world": world.label, "listeners": len(world.listeners)})


async def _listeners(request: Request) -> JSONResponse:
    emulator = emulator_of(request)
    limit = whole_number(request, "limit", 50, 1, 1000)
    found = emulator.directory.find(request.query_params.get("query", ""), limit)
    shown = [_summary(listener, emulator.libraries.library(listener.id)) for listener in found.listeners]
    return JSONResponse({"total": found.total, "listeners": shown})


async def _scenes(request: Request) -> JSONResponse:
    scenes = emulator_of(request).world.scenes.values()
    return JSONResponse({"scenes": [{"name": scene.name, "tags": list(scene.tags)} for scene in scenes]})


def _after(libraries: LibraryStore, listener_id: str) -> dict[str, Any]:
    return _summary(libraries.listener(listener_id), libraries.library(listener_id))


async def _adopt_scene(request: Request) -> JSONResponse:
    emulator, listener_id, body = emulator_of(request), request.path_params["key"], await _body(request)
    scene, share = body.get("scene"), body.get("share")
    if not isinstance(scene, str) or isinstance(share, bool) or not isinstance(share, int | float):
        raise ApiError(400, "scene must be text and share a number")
    emulator.libraries.change(
        listener_id, lambda library: adopt_scene(emulator.world, library, listener_id, scene, share)
    )
    return JSONResponse(_after(emulator.libraries, listener_id))


async def _add_album(request: Request) -> JSONResponse:
    emulator, listener_id, body = emulator_of(request), request.path_params["key"], await _body(request)
    album_id = body.get("album_id")
    if not isinstance(album_id, str | None):
        raise ApiError(400, "album_id must be text")
    album = _save_album(emulator, listener_id, album_id)
    added = {"id": album.id, "name": album.name, "artist": album.artist.name, "n_tracks": album.n_tracks}
    return JSONResponse(_after(emulator.libraries, listener_id) | {"album": added})


def _save_album(emulator: Emulator, listener_id: str, album_id: str | None) -> Album:
    albums: list[Album] = []

    def change(library: Library) -> Library:
        changed, album = add_album(emulator.world, library, listener_id, album_id)
        albums.append(album)
        return changed

    emulator.libraries.change(listener_id, change)
    return albums[0]


async def _delete_playlist(request: Request) -> JSONResponse:
    libraries, listener_id = emulator_of(request).libraries, request.path_params["key"]
    playlist_id = request.path_params["playlist_id"]
    libraries.change(listener_id, lambda library: delete_playlist(library, playlist_id))
    return JSONResponse(_after(libraries, listener_id))


async def _change_playlist(request: Request) -> JSONResponse:
    """Renames a playlist, describes it anew, shares it: what its owner could do in Spotify's own app."""
    libraries, listener_id, body = (
        emulator_of(request).libraries,
        request.path_params["key"],
        await _body(request),
    )
    playlist_id, follower_id = request.path_params["playlist_id"], body.pop("followed_by", None)
    libraries.change(listener_id, lambda library: change_playlist(library, playlist_id, body))
    if follower_id is not None:
        libraries.change(str(follower_id), lambda library: follow_playlist(library, playlist_id))
    return JSONResponse(_after(libraries, listener_id))


async def _expire(request: Request) -> JSONResponse:
    emulator, listener_id = emulator_of(request), request.path_params["key"]
    emulator.libraries.listener(listener_id)
    emulator.grants.expire_access(listener_id)
    return JSONResponse({"status": "ok"})


async def _revoke(request: Request) -> JSONResponse:
    emulator, listener_id = emulator_of(request), request.path_params["key"]
    emulator.libraries.listener(listener_id)
    emulator.grants.revoke(listener_id)
    return JSONResponse({"status": "ok"})


async def _add_fault(request: Request) -> JSONResponse:
    emulator_of(request).faults.add(fault_from(await _body(request)))
    return JSONResponse({"status": "ok"})


async def _clear_faults(request: Request) -> JSONResponse:
    emulator_of(request).faults.clear()
    return JSONResponse({"status": "ok"})


async def _calls(request: Request) -> JSONResponse:
    return JSONResponse({"calls": emulator_of(request).calls.as_json()})


async def _clear_calls(request: Request) -> JSONResponse:
    emulator_of(request).calls.clear()
    return JSONResponse({"status": "ok"})


async def _reset(request: Request) -> JSONResponse:
    emulator_of(request).reset()
    return JSONResponse({"status": "ok"})


_ENDPOINTS: list[tuple[str, str, Endpoint]] = [
    ("GET", "/health", _health),
    ("GET", "/listeners", _listeners),
    ("GET", "/scenes", _scenes),
    ("POST", "/listeners/{key:path}/adopt-scene", _adopt_scene),
    ("POST", "/listeners/{key:path}/add-album", _add_album),
    ("POST", "/listeners/{key:path}/expire-token", _expire),
    ("POST", "/listeners/{key:path}/revoke", _revoke),
    ("DELETE", "/listeners/{key:path}/playlists/{playlist_id}", _delete_playlist),
    ("PATCH", "/listeners/{key:path}/playlists/{playlist_id}", _change_playlist),
    ("POST", "/faults", _add_fault),
    ("DELETE", "/faults", _clear_faults),
    ("GET", "/calls", _calls),
    ("DELETE", "/calls", _clear_calls),
    ("POST", "/reset", _reset),
]
ROUTES = [
    Route(f"/_emulator{path}", _local(endpoint), methods=[method]) for method, path, endpoint in _ENDPOINTS
]
"""The routes of the administration."""
