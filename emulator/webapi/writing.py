"""Creating a playlist, and adding items to it."""

import dataclasses
import json
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from emulator.errors import ApiError
from emulator.webapi.caller import Caller, caller_of
from emulator.world.music import Library, Playlist, Row

PRIVATE, PUBLIC = "playlist-modify-private", "playlist-modify-public"
_MOST_URIS = 100
_MOST_ITEMS = 10_000
_TRACK = "spotify:track:"


async def _create(request: Request) -> JSONResponse:
    caller, body = caller_of(request), await _body(request)
    name, description = body.get("name"), body.get("description", "")
    public, together = body.get("public", True), body.get("collaborative", False)
    _need(caller, PUBLIC if public else PRIVATE)
    named = isinstance(name, str) and name.strip() and isinstance(description, str)
    if not named or not (isinstance(public, bool) and isinstance(together, bool)):
        raise ApiError(400, "Missing required field: name")
    if public and together:
        raise ApiError(400, "Collaborative playlists can not be public")
    made = Playlist("", str(name), caller.listener.id, (), description, public, together)
    playlist = caller.emulator.libraries.add_playlist(made)
    return JSONResponse(caller.shapes.full_playlist(playlist, readable=True), 201)


async def _add(request: Request) -> JSONResponse:
    caller, body = caller_of(request), await _body(request)
    playlist = caller.emulator.libraries.playlist(request.path_params["key"])
    _need(caller, PUBLIC if playlist.public else PRIVATE)
    if playlist.owner_id != caller.listener.id:
        raise ApiError(403, "You cannot add tracks to a playlist you don't own.")
    rows = [Row(key, int(caller.emulator.clock())) for key in _track_ids(caller, body)]
    position = body.get("position", request.query_params.get("position"))
    changed = caller.emulator.libraries.change(
        caller.listener.id, lambda library: _with_rows(library, playlist.id, rows, position)
    )
    now = next(one for one in changed.playlists if one.id == playlist.id)
    return JSONResponse({"snapshot_id": now.snapshot_id}, 201)


async def _add_to_tracks(request: Request) -> JSONResponse:
    """The older address, not available to apps made since February 2026."""
    caller_of(request).require_extended()
    return await _add(request)


async def _body(request: Request) -> dict[str, Any]:
    """The JSON body; a bare array, as spotipy sends it, is read as `uris`."""
    try:
        body = json.loads(await request.body() or b"{}")
    except (ValueError, RecursionError) as error:
        raise ApiError(400, "Error parsing JSON.") from error
    if isinstance(body, list):
        return {"uris": body}
    if not isinstance(body, dict):
        raise ApiError(400, "Error parsing JSON.")
    return body


def _need(caller: Caller, scope: str) -> None:
    if scope not in caller.consent.scopes:
        raise ApiError(403, "Insufficient client scope")


def _track_ids(caller: Caller, body: dict[str, Any]) -> list[str]:
    uris = body.get("uris", [])
    if not isinstance(uris, list) or not 1 <= len(uris) <= _MOST_URIS:
        raise ApiError(400, "uris must name 1 to 100 items")
    found = [uri.removeprefix(_TRACK) for uri in uris if isinstance(uri, str) and uri.startswith(_TRACK)]
    if len(found) != len(uris) or None in map(caller.track, found):
        raise ApiError(400, "Invalid track uri")
    return found


def _with_rows(library: Library, playlist_id: str, rows: list[Row], position: Any) -> Library:
    return dataclasses.replace(
        library,
        playlists=tuple(
            _extended(one, rows, position) if one.id == playlist_id else one for one in library.playlists
        ),
    )


def _extended(playlist: Playlist, rows: list[Row], position: Any) -> Playlist:
    n_rows = len(playlist.rows)
    place = n_rows if position is None else _whole(position)
    if place > n_rows or n_rows + len(rows) > _MOST_ITEMS:
        raise ApiError(400, "Index out of bounds")
    return dataclasses.replace(playlist, rows=(*playlist.rows[:place], *rows, *playlist.rows[place:]))


def _whole(value: Any) -> int:
    text = str(value)
    if not (text.isascii() and text.isdigit() and len(text) < 9):
        raise ApiError(400, "Invalid position")
    return int(text)


ROUTES = [
    Route("/v1/me/playlists", _create, methods=["POST"]),
    Route("/v1/playlists/{key:path}/items", _add, methods=["POST"]),
    Route("/v1/playlists/{key:path}/tracks", _add_to_tracks, methods=["POST"]),
]
