"""Last.fm's API over the same world, as https://www.last.fm/api describes it and as it answers in JSON."""

import hashlib
import hmac
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote_plus

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from emulator.accounts.routes import texts
from emulator.errors import ApiError, LastFmError
from emulator.scrobbling.history import DAY_S, Play, listener_named, mbid, plays_of
from emulator.state.context import Emulator, emulator_of
from emulator.world.music import EPOCH_S, Artist, Listener, Track

Params = Mapping[str, str]
MOST_ITEMS, _DEFAULT_ITEMS = 200, 50
_MOST_RANKED = 1000
_PERIODS_DAYS = {"overall": 10_000, "7day": 7, "1month": 30, "3month": 91, "6month": 182, "12month": 365}


async def _answer(request: Request) -> Response:
    emulator, params = emulator_of(request), {**request.query_params, **await _form(request)}
    if not emulator.lastfm_rates.count(request.client.host if request.client else "").allowed:
        raise LastFmError(29, "Rate Limit Exceeded - Your IP has made too many requests", 429)
    method = _METHODS.get(params.get("method", "").lower())
    if method is None:
        raise LastFmError(3, "Invalid Method - No method with that name in this package", 400)
    key = emulator.settings.lastfm_key
    if not hmac.compare_digest(params.get("api_key", "").encode(), key.encode()):
        raise LastFmError(10, "Invalid API key - You must be granted a valid key by last.fm")
    return JSONResponse(method(emulator, params))


async def _form(request: Request) -> dict[str, str]:
    return texts(await request.form(max_files=0, max_fields=32)) if request.method == "POST" else {}


def signature_of(params: Params, secret: str) -> str:
    """`api_sig`: MD5 of all parameters by name, but `format` and `callback`, and the secret."""
    signed = sorted((name, value) for name, value in params.items() if name not in _UNSIGNED)
    text = "".join(name + value for name, value in signed) + secret
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


_UNSIGNED = ("api_sig", "format", "callback")


def _require_signature(emulator: Emulator, params: Params) -> None:
    wanted = signature_of(params, emulator.settings.lastfm_secret)
    if not hmac.compare_digest(params.get("api_sig", "").encode(), wanted.encode()):
        raise LastFmError(13, "Invalid method signature supplied")


def _required(params: Params, name: str) -> str:
    if not params.get(name):
        raise LastFmError(6, "Invalid parameters - Your request is missing a required parameter", 400)
    return params[name]


def _user(emulator: Emulator, params: Params) -> tuple[Listener, tuple[Play, ...]]:
    try:
        listener = listener_named(emulator, _required(params, "user"))
    except LastFmError:
        raise
    except ApiError:
        raise LastFmError(6, "User not found", 404) from None
    return listener, plays_of(emulator, listener)


def _whole(params: Params, name: str, default: int) -> int:
    text = params.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 12 else default


def _page(params: Params, items: Sequence[Any], most: int) -> tuple[Sequence[Any], dict[str, str], int]:
    """The items of a page, its `@attr`, and how many stand before them."""
    limit = min(max(_whole(params, "limit", _DEFAULT_ITEMS), 1), most)
    page = max(_whole(params, "page", 1), 1)
    n_pages = -(-len(items) // limit)
    attr = {"page": str(page), "perPage": str(limit), "totalPages": str(n_pages), "total": str(len(items))}
    before = (page - 1) * limit
    return items[before : before + limit], attr, before


def _recent_tracks(emulator: Emulator, params: Params) -> dict[str, Any]:
    listener, plays = _user(emulator, params)
    if is_private(listener):
        raise LastFmError(17, "Login: User required to be logged in")
    first, last = _whole(params, "from", 0), _whole(params, "to", 10**11)
    fitting = [play for play in plays if first <= play.at_s <= last]
    shown, attr, _ = _page(params, fitting, MOST_ITEMS)
    tracks = [_played(play.track) | {"date": _date(play.at_s)} for play in shown]
    if plays and is_playing(listener):
        # on every page, and beyond the limit
        tracks.insert(0, _played(plays[-1].track) | {"@attr": {"nowplaying": "true"}})
    return {"recenttracks": {"track": tracks, "@attr": {"user": listener.id} | attr}}


def is_private(listener: Listener) -> bool:
    """Whether a listener hides what they play."""
    return listener.id == "syn-odd"


def is_playing(listener: Listener) -> bool:
    """Whether a listener is listening at this moment."""
    return hashlib.sha256(f"playing {listener.id}".encode()).digest()[0] % 3 == 0


def _date(at_s: int) -> dict[str, str]:
    return {"uts": str(at_s), "#text": datetime.fromtimestamp(at_s, UTC).strftime("%d %b %Y, %H:%M")}


def _played(track: Track) -> dict[str, Any]:
    artist, album = track.artists[0] if track.artists else Artist("", ""), track.album
    return {
        "artist": {"mbid": mbid("artist", artist.id), "#text": artist.name},
        "streamable": "0",
        "image": [],
        "mbid": "",
        "album": {"mbid": "", "#text": album.name if album else ""},
        "name": track.name,
        "url": f"https://www.last.fm/music/{quote_plus(artist.name)}/_/{quote_plus(track.name)}",
    }


def _top_artists(emulator: Emulator, params: Params) -> dict[str, Any]:
    def shape(key: str) -> dict[str, Any]:
        return {
            "streamable": "0",
            "image": [],
            "mbid": mbid("artist", key),
            "url": f"https://www.last.fm/music/{quote_plus(emulator.world.artists[key].name)}",
            "name": emulator.world.artists[key].name,
        }

    first = lambda track: track.artists[0].id if track.artists else ""  # noqa: E731
    return {"topartists": _top(emulator, params, "artist", first, shape)}


def _top_tracks(emulator: Emulator, params: Params) -> dict[str, Any]:
    def shape(key: str) -> dict[str, Any]:
        track = emulator.world.tracks[key]
        artist = track.artists[0] if track.artists else Artist("", "")
        return {
            "streamable": {"fulltrack": "0", "#text": "0"},
            "mbid": "",
            "name": track.name,
            "image": [],
            "artist": {"url": "", "name": artist.name, "mbid": mbid("artist", artist.id)},
            "url": "",
            "duration": str(track.duration_ms // 1000),
        }

    return {"toptracks": _top(emulator, params, "track", lambda track: track.id, shape)}


def _top(
    emulator: Emulator,
    params: Params,
    kind: str,
    key_of: Callable[[Track], str],
    shape: Callable[[str], dict[str, Any]],
) -> dict[str, Any]:
    listener, plays = _user(emulator, params)
    since_s = EPOCH_S - _PERIODS_DAYS.get(params.get("period", ""), 10_000) * DAY_S
    counted = Counter(key for play in plays if play.at_s >= since_s and (key := key_of(play.track)))
    shown, attr, before = _page(params, counted.most_common(), _MOST_RANKED)
    rows = [
        shape(key) | {"playcount": str(n), "@attr": {"rank": str(before + place + 1)}}
        for place, (key, n) in enumerate(shown)
    ]
    return {kind: rows, "@attr": {"user": listener.id} | attr}


def _info(emulator: Emulator, params: Params) -> dict[str, Any]:
    listener, plays = _user(emulator, params)
    since_s = plays[-1].at_s if plays else EPOCH_S
    return {
        "user": {
            "name": listener.id,
            "age": "0",
            "subscriber": "0",
            "realname": "",
            "bootstrap": "0",
            "playcount": str(len(plays)),
            "artist_count": str(len({play.track.artists[0].id for play in plays if play.track.artists})),
            "playlists": "0",
            "track_count": str(len({play.track.id for play in plays})),
            "album_count": "0",
            "image": [],
            "registered": {"unixtime": str(since_s), "#text": since_s},
            "country": "None",
            "gender": "n",
            "url": f"https://www.last.fm/user/{quote_plus(listener.id)}",
            "type": "user",
        }
    }


def _top_tags(emulator: Emulator, params: Params) -> dict[str, Any]:
    name = _required(params, "artist")
    found = next((one for one in emulator.world.artists.values() if one.name == name), None)
    if found is None:
        raise LastFmError(6, "The artist you supplied could not be found", 404)
    most = max(found.taggers, default=1)
    tags = [
        {"count": round(100 * n / most), "name": tag, "url": f"https://www.last.fm/tag/{quote_plus(tag)}"}
        for tag, n in sorted(zip(found.tags, found.taggers, strict=True), key=lambda pair: -pair[1])
    ]
    return {"toptags": {"tag": tags, "@attr": {"artist": found.name}}}


def _get_token(emulator: Emulator, params: Params) -> dict[str, Any]:
    _require_signature(emulator, params)
    return {"token": emulator.lastfm_sessions.issue()}


def _get_session(emulator: Emulator, params: Params) -> dict[str, Any]:
    _require_signature(emulator, params)
    listener_id, key = emulator.lastfm_sessions.redeem(_required(params, "token"))
    return {"session": {"subscriber": 0, "name": listener_id, "key": key}}


_METHODS: Mapping[str, Callable[[Emulator, Params], dict[str, Any]]] = {
    "user.getrecenttracks": _recent_tracks,
    "user.gettopartists": _top_artists,
    "user.gettoptracks": _top_tracks,
    "user.getinfo": _info,
    "artist.gettoptags": _top_tags,
    "auth.gettoken": _get_token,
    "auth.getsession": _get_session,
}
ROUTES = [Route("/lastfm/2.0/", _answer, methods=["GET", "POST"])]
