"""ListenBrainz' API over the same world: listens, statistics, tokens.

As https://listenbrainz.readthedocs.io/en/latest/users/api/ describes it, and as its server answers.
"""

import hashlib
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from functools import wraps
from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from emulator.errors import ApiError, ListenBrainzError
from emulator.scrobbling.history import DAY_S, Play, listener_named, mbid, plays_of
from emulator.state.context import Emulator, emulator_of
from emulator.world.music import EPOCH_S, Listener, Track

Endpoint = Callable[[Request], Awaitable[Response]]
MOST_ITEMS, _DEFAULT_ITEMS = 1000, 25
_MOST_RECORDINGS = 1000  # of all time, as the real one counts no more
_RANGES_DAYS = {"week": 7, "month": 30, "quarter": 91, "half_yearly": 182, "year": 365, "all_time": 10_000}
_MAPPED = 178  # of 256 recordings are known to MusicBrainz


def token_of(listener_id: str) -> str:
    """The listener's user token, a UUID."""
    digest = hashlib.sha256(f"listenbrainz token {listener_id}".encode()).digest()
    return str(UUID(bytes=digest[:16], version=4))


def _limited(endpoint: Endpoint) -> Endpoint:
    """Count the call, tell in headers what is left, and shape errors."""

    @wraps(endpoint)
    async def counted(request: Request) -> Response:
        emulator = emulator_of(request)
        rate = emulator.listenbrainz_rates.count(request.client.host if request.client else "")
        headers = {
            "X-RateLimit-Limit": str(rate.limit),
            "X-RateLimit-Remaining": str(rate.remaining),
            "X-RateLimit-Reset-In": str(rate.reset_in_s),
            "X-RateLimit-Reset": str(int(emulator.clock()) + rate.reset_in_s),
        }
        try:
            if not rate.allowed:
                raise ListenBrainzError(429, "You have exceeded your rate limit.")
            response = await endpoint(request)
        except ApiError as error:
            response = error.response()
        response.headers.update(headers)
        return response

    return counted


def _user(request: Request) -> tuple[Emulator, Listener]:
    emulator, name = emulator_of(request), request.path_params["name"]
    try:
        return emulator, listener_named(emulator, name)
    except ApiError:
        raise ListenBrainzError(404, f"Cannot find user: {name}") from None


def _number(request: Request, name: str) -> int | None:
    value = request.query_params.get(name)
    if not value:
        return None
    try:
        return int(value)
    except ValueError:
        raise ListenBrainzError(400, f"Invalid {name} argument: {value}") from None


@_limited
async def _listens(request: Request) -> Response:
    emulator, listener = _user(request)
    plays = plays_of(emulator, listener)
    max_ts, min_ts = _number(request, "max_ts"), _number(request, "min_ts")
    if max_ts is not None and min_ts is not None and max_ts <= min_ts:
        raise ListenBrainzError(400, "max_ts should be greater than min_ts")
    count = min(_DEFAULT_ITEMS if (n := _number(request, "count")) is None else n, MOST_ITEMS)
    if count < 0:
        raise ListenBrainzError(400, "Number of items requested should be positive")
    fitting = [
        play
        for play in plays
        if (max_ts is None or play.at_s < max_ts) and (min_ts is None or play.at_s > min_ts)
    ]
    # with `min_ts`, the oldest of the later listens; still newest first
    shown = fitting[max(0, len(fitting) - count) :] if min_ts is not None else fitting[:count]
    name = request.path_params["name"]
    payload = {
        "count": len(shown),
        "latest_listen_ts": plays[0].at_s if plays else 0,
        "oldest_listen_ts": plays[-1].at_s if plays else 0,
        "listens": [listen_of(play, listener.id) for play in shown],
        "user_id": name,
    }
    return JSONResponse({"payload": payload})


def listen_of(play: Play, user_name: str) -> dict[str, Any]:
    """A listen as the API, the export and the dumps hold it."""
    track = play.track
    msid = str(UUID(bytes=hashlib.sha256(f"msid {track.id}".encode()).digest()[:16], version=4))
    names = [artist.name for artist in track.artists]
    metadata: dict[str, Any] = {
        "artist_name": ", ".join(names),
        "track_name": track.name,
        "additional_info": {
            "artist_names": names,
            "duration_ms": track.duration_ms,
            "submission_client": "local",
            "recording_msid": msid,
        },
    }
    if track.album:
        metadata["release_name"] = track.album.name
    if _is_mapped(track):
        metadata["mbid_mapping"] = {
            "recording_name": track.name,
            "recording_mbid": mbid("recording", track.id),
            "artist_mbids": [mbid("artist", artist.id) for artist in track.artists],
            "artists": [
                {
                    "artist_credit_name": artist.name,
                    "artist_mbid": mbid("artist", artist.id),
                    "join_phrase": "" if place == len(names) - 1 else ", ",
                }
                for place, artist in enumerate(track.artists)
            ],
        }
    return {
        "inserted_at": play.at_s + 60,
        "listened_at": play.at_s,
        "recording_msid": msid,
        "track_metadata": metadata,
        "user_name": user_name,
    }


def _is_mapped(track: Track) -> bool:
    return hashlib.sha256(f"mapped {track.id}".encode()).digest()[0] < _MAPPED


@_limited
async def _listen_count(request: Request) -> Response:
    return JSONResponse({"payload": {"count": len(plays_of(*_user(request)))}})


@_limited
async def _artists(request: Request) -> Response:
    def shape(key: str, n: int) -> dict[str, Any]:
        artist = emulator_of(request).world.artists[key]
        return {"artist_mbid": mbid("artist", key), "artist_name": artist.name, "listen_count": n}

    return _statistics(request, "artists", lambda track: [artist.id for artist in track.artists], shape)


@_limited
async def _recordings(request: Request) -> Response:
    def shape(key: str, n: int) -> dict[str, Any]:
        track = emulator_of(request).world.tracks[key]
        return {
            "artist_mbids": [],
            "artist_name": ", ".join(artist.name for artist in track.artists),
            "listen_count": n,
            "recording_mbid": mbid("recording", key) if _is_mapped(track) else None,
            "release_mbid": None,
            "release_name": track.album.name if track.album else "",
            "track_name": track.name,
        }

    return _statistics(request, "recordings", lambda track: [track.id], shape, _MOST_RECORDINGS)


def _statistics(
    request: Request,
    kind: str,
    keys: Callable[[Track], list[str]],
    shape: Callable[[str, int], Mapping[str, Any]],
    most: int = 100_000,
) -> Response:
    emulator, listener = _user(request)
    name = request.query_params.get("range", "all_time")
    if name not in _RANGES_DAYS:
        raise ListenBrainzError(400, f"Invalid range: {name}")
    since_s, plays = EPOCH_S - _RANGES_DAYS[name] * DAY_S, plays_of(emulator, listener)
    if not plays:
        return Response(status_code=204)  # not computed yet
    counted = Counter(key for play in plays if play.at_s >= since_s for key in keys(play.track))
    ranked, offset = counted.most_common(most), _number(request, "offset") or 0
    count = min(_DEFAULT_ITEMS if (n := _number(request, "count")) is None else n, MOST_ITEMS)
    if min(count, offset) < 0:
        raise ListenBrainzError(400, "'count' should be a non-negative integer")
    shown = ranked[offset : offset + count]
    payload = {
        "user_id": request.path_params["name"],
        kind: [shape(key, n) for key, n in shown],
        "count": len(shown),
        f"total_{kind[:-1]}_count": len(ranked),
        "offset": offset,
        "range": name,
        "from_ts": since_s,
        "to_ts": EPOCH_S,
        "last_updated": EPOCH_S,
    }
    return JSONResponse({"payload": payload})


@_limited
async def _validate_token(request: Request) -> Response:
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    token = given if scheme.lower() == "token" else request.query_params.get("token", "")
    if not token:
        raise ListenBrainzError(400, "You need to provide an Authorization token.")
    listeners = emulator_of(request).world.listeners
    name = next((key for key in listeners if token_of(key) == token), None)
    if name is None:
        return JSONResponse({"code": 200, "message": "Token invalid.", "valid": False})
    return JSONResponse({"code": 200, "message": "Token valid.", "valid": True, "user_name": name})


ROUTES = [
    Route("/listenbrainz/1/user/{name}/listens", _listens, methods=["GET"]),
    Route("/listenbrainz/1/user/{name}/listen-count", _listen_count, methods=["GET"]),
    Route("/listenbrainz/1/stats/user/{name}/artists", _artists, methods=["GET"]),
    Route("/listenbrainz/1/stats/user/{name}/recordings", _recordings, methods=["GET"]),
    Route("/listenbrainz/1/validate-token", _validate_token, methods=["GET"]),
]
