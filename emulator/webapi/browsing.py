"""The catalogue: albums, an artist's albums, search."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from emulator.errors import ApiError
from emulator.webapi.caller import Caller, caller_of
from emulator.webapi.paging import page_of
from emulator.world.music import Album, Artist, Playlist, Track

TYPES = ("album", "artist", "playlist", "track", "show", "episode", "audiobook")
"""Searchable types; a world has nothing of the last three."""
_FILTER = re.compile(r'(album|artist|track|isrc|year|genre|upc|tag):("[^"]*"|\S*)')
_LONGEST_QUERY = 500
_LAST_OFFSET = 1000


async def _album(request: Request) -> JSONResponse:
    caller = caller_of(request)
    album, tracks = _known_album(caller, request.path_params["key"])
    return JSONResponse(caller.shapes.full_album(album, tracks))


async def _album_tracks(request: Request) -> JSONResponse:
    caller = caller_of(request)
    _, tracks = _known_album(caller, request.path_params["key"])
    return JSONResponse(page_of(tracks, caller.shapes.simple_track, request))


def _known_album(caller: Caller, key: str) -> tuple[Album, Sequence[Track]]:
    tracks = [one for one in _tracks(caller) if one.album is not None and one.album.id == key]
    if not tracks or tracks[0].album is None:
        raise ApiError(404, "Resource not found")
    return tracks[0].album, sorted(tracks, key=lambda track: track.track_number)


async def _artist_albums(request: Request) -> JSONResponse:
    caller, key = caller_of(request), request.path_params["key"]
    if key not in caller.emulator.world.artists:
        raise ApiError(404, "Resource not found")
    albums = [album for album in _albums(caller) if album.artist.id == key]
    limits = {} if caller.extended else {"default": 5, "most": 10}
    return JSONResponse(page_of(albums, caller.shapes.artists_album, request, **limits))


async def _search(request: Request) -> JSONResponse:
    caller = caller_of(request)
    query, kinds = request.query_params.get("q", ""), request.query_params.get("type", "").split(",")
    if not query.strip() or len(query) > _LONGEST_QUERY:
        raise ApiError(400, "No search query")
    if not set(kinds) <= set(TYPES):
        raise ApiError(400, "Bad search type field")
    return JSONResponse({f"{kind}s": _found(request, caller, kind, _Query(query)) for kind in kinds})


class _Query:
    """A query: words that must all match, and field filters."""

    def __init__(self, text: str) -> None:
        found = _FILTER.findall(text)
        self.fields = {name: value.strip('"').casefold() for name, value in found}
        self.words = _FILTER.sub(" ", text).replace('"', " ").casefold().split()

    def fits(self, everything: str, **fields: str) -> bool:
        """Whether a text contains every word, and each field its filter."""
        text = everything.casefold()
        known = all(value in fields.get(name, "").casefold() for name, value in self.fields.items())
        return known and all(word in text for word in self.words)


def _found(request: Request, caller: Caller, kind: str, query: _Query) -> dict[str, Any]:
    items, shape = _SEARCHES.get(kind, _nothing)(caller, query)
    default, most = (20, 50) if caller.extended else (5, 10)
    return page_of(list(items), shape, request, default, most, _LAST_OFFSET)


_Hits = tuple[Iterable[Any], Callable[[Any], Any]]


def _nothing(caller: Caller, query: _Query) -> _Hits:
    return (), caller.shapes.track


def _track_hits(caller: Caller, query: _Query) -> _Hits:
    return (track for track in _tracks(caller) if _fits_track(track, query)), caller.shapes.track


def _fits_track(track: Track, query: _Query) -> bool:
    artists = " ".join(artist.name for artist in track.artists)
    album = track.album.name if track.album else ""
    year = track.album.release_date[:4] if track.album else ""
    tags = " ".join(tag for artist in track.artists for tag in artist.tags)
    text = f"{track.name} {artists} {album}"
    fields = {"track": track.name, "artist": artists, "album": album, "isrc": track.isrc}
    return query.fits(text, **fields, year=year, genre=tags)


def _artist_hits(caller: Caller, query: _Query) -> _Hits:
    artists: Iterable[Artist] = caller.emulator.world.artists.values()
    fits = (one for one in artists if query.fits(one.name, artist=one.name, genre=" ".join(one.tags)))
    return fits, caller.shapes.artist


def _album_hits(caller: Caller, query: _Query) -> _Hits:
    fits = (one for one in _albums(caller) if _fits_album(one, query))
    return fits, caller.shapes.simple_album


def _fits_album(album: Album, query: _Query) -> bool:
    text, artist = f"{album.name} {album.artist.name}", album.artist.name
    return query.fits(text, album=album.name, artist=artist, year=album.release_date[:4])


def _playlist_hits(caller: Caller, query: _Query) -> _Hits:
    libraries = caller.emulator.libraries
    everybody = (libraries.library(key).playlists for key in caller.emulator.world.listeners)
    playlists: Iterable[Playlist] = (one for own in everybody for one in own if one.public)
    return (one for one in playlists if query.fits(one.name)), caller.shapes.playlist


_SEARCHES: dict[str, Callable[[Caller, _Query], _Hits]] = {
    "track": _track_hits,
    "artist": _artist_hits,
    "album": _album_hits,
    "playlist": _playlist_hits,
}


def _tracks(caller: Caller) -> Iterable[Track]:
    return (item for item in caller.emulator.world.items.values() if isinstance(item, Track))


def _albums(caller: Caller) -> Sequence[Album]:
    albums = {track.album.id: track.album for track in _tracks(caller) if track.album is not None}
    return tuple(albums.values())


ROUTES = [
    Route("/v1/search", _search),
    Route("/v1/artists/{key}/albums", _artist_albums),
    Route("/v1/albums/{key}/tracks", _album_tracks),
    Route("/v1/albums/{key}", _album),
]
