"""ReccoBeats over the same world: like the real one, it knows only some tracks."""

import hashlib
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote
from uuid import UUID

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from emulator.state.context import Emulator, emulator_of
from emulator.world.music import ATTRIBUTES, Track

COVERAGE = 0.6
"""Share of known tracks."""
_MOST_IDS = 40
_ANONYMOUS = re.compile(r"|python-urllib.*", re.IGNORECASE)


def own_id(track_id: str) -> str:
    """ReccoBeats' own id of a track, a UUID."""
    return str(UUID(bytes=hashlib.sha256(f"reccobeats {track_id}".encode()).digest()[:16], version=4))


def is_known(track: Track) -> bool:
    """Whether ReccoBeats knows a track."""
    place = hashlib.sha256(f"known {track.id}".encode()).digest()[0] / 256
    return bool(track.attributes) and place < COVERAGE


async def _audio_features(request: Request) -> Response:
    return _answer(request, "getAudioFeatures.ids", _features)


async def _tracks(request: Request) -> Response:
    return _answer(request, "getMultipleTrack.ids", _track)


def _answer(request: Request, path: str, shape: Any) -> Response:
    if _ANONYMOUS.fullmatch(request.headers.get("user-agent", "")):
        return PlainTextResponse("error code: 1010", 403)
    ids = [key for value in request.query_params.getlist("ids") for key in value.split(",") if key]
    if not 1 <= len(ids) <= _MOST_IDS:
        message = f"size must be between 1 and {_MOST_IDS}"
        return JSONResponse({"status": 4004, "errors": [{"path": path, "message": message}]}, 400)
    found = [shape(request, track) for track in _known(emulator_of(request), ids)]
    return JSONResponse({"content": found[::-1]})  # no order is promised


def _known(emulator: Emulator, ids: list[str]) -> Iterator[Track]:
    """Known tracks by Spotify's or ReccoBeats' ids; unknown ids are skipped."""
    for key in dict.fromkeys(ids):
        track = emulator.world.items.get(key) or _by_own_id(emulator, key)
        if isinstance(track, Track) and is_known(track):
            yield track


def _by_own_id(emulator: Emulator, key: str) -> Track | None:
    if "-" not in key:
        return None
    return next((track for track in emulator.world.tracks.values() if own_id(track.id) == key), None)


def _features(request: Request, track: Track) -> dict[str, Any]:
    values: dict[str, Any] = dict(zip(ATTRIBUTES, track.attributes, strict=True))
    return {"id": own_id(track.id), "href": _href(request, track), "isrc": track.isrc or None, **values}


def _track(request: Request, track: Track) -> dict[str, Any]:
    artists = [
        {
            "id": own_id(artist.id),
            "name": artist.name,
            "href": f"{request.base_url}open/artist/{quote(artist.id, safe='')}",
        }
        for artist in track.artists
    ]
    return {
        "id": own_id(track.id),
        "trackTitle": track.name,
        "artists": artists,
        "durationMs": track.duration_ms,
        "isrc": track.isrc or None,
        "ean": None,
        "upc": None,
        "href": _href(request, track),
        "availableCountries": None,
        "popularity": 0,
    }


def _href(request: Request, track: Track) -> str:
    return f"{request.base_url}open/track/{quote(track.id, safe='')}"


ROUTES = [
    Route("/reccobeats/v1/audio-features", _audio_features, methods=["GET"]),
    Route("/reccobeats/v1/track", _tracks, methods=["GET"]),
]
