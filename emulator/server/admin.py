"""Administration under ``/_emulator/``, for tests and demos on this machine."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from emulator.accounts.redirects import is_loopback_address
from emulator.errors import ApiError
from emulator.scrobbling.listenbrainz import token_of
from emulator.state.changes import add_album, adopt_scene, change_playlist, delete_playlist, follow_playlist
from emulator.state.context import emulator_of
from emulator.state.faults import Fault
from emulator.webapi.paging import whole_number
from emulator.world.music import Library, Listener

Endpoint = Callable[[Request], Awaitable[JSONResponse]]
_OWN_HOSTS = ("127.0.0.1", "::1", "localhost")


def _local(endpoint: Endpoint) -> Endpoint:
    """Admit callers on this machine; reject other origins and host names."""

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
        "listenbrainz_token": token_of(listener.id),
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


async def _adopt_scene(request: Request) -> JSONResponse:
    body, world, listener_id = await _body(request), emulator_of(request).world, request.path_params["key"]
    scene, share = body.get("scene"), body.get("share")
    if not isinstance(scene, str) or isinstance(share, bool) or not isinstance(share, int | float):
        raise ApiError(400, "scene must be text and share a number")
    return _changed(request, lambda library: adopt_scene(world, library, listener_id, scene, share))


async def _add_album(request: Request) -> JSONResponse:
    body, world, listener_id = await _body(request), emulator_of(request).world, request.path_params["key"]
    album_id = body.get("album_id")
    if not isinstance(album_id, str | None):
        raise ApiError(400, "album_id must be text")
    library, album = add_album(
        world, emulator_of(request).libraries.library(listener_id), listener_id, album_id
    )
    added = {"id": album.id, "name": album.name, "artist": album.artist.name, "n_tracks": album.n_tracks}
    return _changed(request, lambda _: library, album=added)


async def _delete_playlist(request: Request) -> JSONResponse:
    return _changed(request, lambda library: delete_playlist(library, request.path_params["playlist_id"]))


async def _change_playlist(request: Request) -> JSONResponse:
    body, playlist_id = await _body(request), request.path_params["playlist_id"]
    follower_id = body.pop("followed_by", None)
    answer = _changed(request, lambda library: change_playlist(library, playlist_id, body))
    if follower_id is not None:
        libraries = emulator_of(request).libraries
        libraries.change(str(follower_id), lambda library: follow_playlist(library, playlist_id))
    return answer


def _changed(request: Request, change: Callable[[Library], Library], **more: Any) -> JSONResponse:
    libraries, listener_id = emulator_of(request).libraries, request.path_params["key"]
    library = libraries.change(listener_id, change)
    return JSONResponse(_summary(libraries.listener(listener_id), library) | more)


async def _add_fault(request: Request) -> JSONResponse:
    try:
        fault = Fault.model_validate(await _body(request))
    except ValidationError as error:
        wrong = error.errors()[0]
        raise ApiError(400, f"{wrong['loc'][0]}: {wrong['msg']}") from error
    emulator_of(request).faults.append(fault)
    return JSONResponse({"status": "ok"})


async def _calls(request: Request) -> JSONResponse:
    return JSONResponse({"calls": [asdict(call) for call in emulator_of(request).calls]})


def _done(act: Callable[[Request], None]) -> Endpoint:
    async def endpoint(request: Request) -> JSONResponse:
        act(request)
        return JSONResponse({"status": "ok"})

    return endpoint


def _listener_id(request: Request) -> str:
    return emulator_of(request).libraries.listener(request.path_params["key"]).id


_ENDPOINTS: list[tuple[str, str, Endpoint]] = [
    ("GET", "/health", _health),
    ("GET", "/listeners", _listeners),
    ("GET", "/scenes", _scenes),
    ("POST", "/listeners/{key:path}/adopt-scene", _adopt_scene),
    ("POST", "/listeners/{key:path}/add-album", _add_album),
    (
        "POST",
        "/listeners/{key:path}/expire-token",
        _done(lambda request: emulator_of(request).grants.expire_access(_listener_id(request))),
    ),
    (
        "POST",
        "/listeners/{key:path}/revoke",
        _done(lambda request: emulator_of(request).grants.revoke(_listener_id(request))),
    ),
    ("DELETE", "/listeners/{key:path}/playlists/{playlist_id}", _delete_playlist),
    ("PATCH", "/listeners/{key:path}/playlists/{playlist_id}", _change_playlist),
    ("POST", "/faults", _add_fault),
    ("DELETE", "/faults", _done(lambda request: emulator_of(request).faults.clear())),
    ("GET", "/calls", _calls),
    ("DELETE", "/calls", _done(lambda request: emulator_of(request).calls.clear())),
    ("POST", "/reset", _done(lambda request: emulator_of(request).reset())),
]
ROUTES = [
    Route(f"/_emulator{path}", _local(endpoint), methods=[method]) for method, path, endpoint in _ENDPOINTS
]
