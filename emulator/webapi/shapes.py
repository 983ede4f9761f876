"""Spotify's JSON, in the dialects of Development Mode and Extended Quota."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from emulator.settings import Dialect
from emulator.world.ids import base62_id
from emulator.world.music import (
    ATTRIBUTES,
    Album,
    Artist,
    Episode,
    Item,
    Listener,
    LocalFile,
    Playlist,
    Row,
    Track,
    World,
)


def timestamp(at_s: int, milliseconds: bool = False) -> str:
    """A time in Spotify's format, for example ``2026-11-01T00:00:00Z``."""
    text = datetime.fromtimestamp(at_s, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return text + (".000Z" if milliseconds else "Z")


def _first_page(address: str, items: list[Any], limit: int) -> dict[str, Any]:
    return {
        "href": f"{address}?offset=0&limit={limit}",
        "items": items[:limit],
        "limit": limit,
        "next": f"{address}?offset={limit}&limit=50" if len(items) > limit else None,
        "offset": 0,
        "previous": None,
        "total": len(items),
    }


class Shapes:
    """JSON of the world's parts. ``base_url`` begins all links and ends in a slash."""

    def __init__(self, world: World, base_url: str, dialect: Dialect) -> None:
        self._world, self._base_url = world, base_url
        self._extended = dialect == "extended"

    def _links(self, kind: str, key: str) -> dict[str, Any]:
        quoted = quote(key, safe="")
        return {
            "id": key,
            "type": kind,
            "uri": f"spotify:{kind}:{key}",
            "href": f"{self._base_url}v1/{kind}s/{quoted}",
            "external_urls": {"spotify": f"{self._base_url}open/{kind}/{quoted}"},
        }

    def _full(self, **fields: Any) -> dict[str, Any]:
        return fields if self._extended else {}

    def user(self, listener: Listener) -> dict[str, Any]:
        return self._links("user", listener.id) | {"display_name": listener.name}

    def me(self, listener: Listener) -> dict[str, Any]:
        full = self._full(
            country="ZZ",
            email="nobody@example.invalid",
            product="premium",
            explicit_content={"filter_enabled": False, "filter_locked": False},
            followers={"href": None, "total": 0},
        )
        return {"account_id": listener.id, **self.user(listener), "images": [], **full}

    def _artist_link(self, artist: Artist) -> dict[str, Any]:
        return self._links("artist", artist.id) | {"name": artist.name}

    def artist(self, artist: Artist) -> dict[str, Any]:
        full = self._full(popularity=0, followers={"href": None, "total": 0})
        return self._artist_link(artist) | {"images": [], "genres": list(artist.tags)} | full

    def _unknown_album(self, name: str = "") -> dict[str, Any]:
        unknown = ("id", "href", "uri", "album_type", "release_date", "release_date_precision")
        return dict.fromkeys(unknown) | {
            "name": name,
            "type": "album",
            "external_urls": {},
            "images": [],
            "artists": [],
            **self._full(available_markets=[]),
        }

    def simple_album(self, album: Album) -> dict[str, Any]:
        return self._links("album", album.id) | {
            "name": album.name,
            "album_type": "album" if album.n_tracks > 3 else "single",
            "release_date": album.release_date,
            "release_date_precision": "day",
            "total_tracks": album.n_tracks,
            "images": [],
            "artists": [self._artist_link(album.artist)],
            **self._full(available_markets=[]),
        }

    def artists_album(self, album: Album) -> dict[str, Any]:
        return self.simple_album(album) | self._full(album_group=self.simple_album(album)["album_type"])

    def full_album(self, album: Album, tracks: Sequence[Track]) -> dict[str, Any]:
        simple = self.simple_album(album)
        shaped = [self.simple_track(track) for track in tracks]
        page = _first_page(f"{simple['href']}/tracks", shaped, 50)
        full = self._full(label="", popularity=0)
        return simple | {"copyrights": [], "external_ids": {}, "genres": [], "tracks": page} | full

    def simple_track(self, track: Track) -> dict[str, Any]:
        dropped = ("album", "external_ids", "popularity")
        return {name: value for name, value in self.track(track).items() if name not in dropped}

    def track(self, track: Track) -> dict[str, Any]:
        full = self._full(popularity=0, available_markets=[], preview_url=None)
        return self._links("track", track.id) | {
            "name": track.name,
            "duration_ms": track.duration_ms,
            "explicit": track.explicit,
            "is_local": False,
            "is_playable": True,
            "disc_number": 1,
            "track_number": track.track_number,
            "external_ids": {"isrc": track.isrc} if track.isrc else {},
            "artists": [self._artist_link(artist) for artist in track.artists],
            "album": self.simple_album(track.album)
            if track.album
            else self._unknown_album() | {"total_tracks": 0},
            **full,
        }

    def _episode(self, episode: Episode) -> dict[str, Any]:
        return self._links("episode", episode.id) | {
            "name": episode.name,
            "duration_ms": episode.duration_ms,
            "explicit": False,
            "release_date": "2026-09-01",
            "release_date_precision": "day",
            "description": "",
            "html_description": "",
            "audio_preview_url": None,
            "is_externally_hosted": False,
            "is_playable": True,
            "languages": ["en"],
            "show": self._show(episode.show),
            "images": [],
        }

    def _show(self, name: str) -> dict[str, Any]:
        return self._links("show", base62_id("show", name)) | {
            "name": name,
            "description": "",
            "html_description": "",
            "explicit": False,
            "images": [],
            "is_externally_hosted": False,
            "languages": ["en"],
            "media_type": "audio",
            "copyrights": [],
            "total_episodes": 1,
            **self._full(publisher="", available_markets=[]),
        }

    def _local_file(self, local: LocalFile) -> dict[str, Any]:
        uri_parts = (quote(part) for part in (local.artist, local.album, local.name))
        return {
            "id": None,
            "type": "track",
            "uri": f"spotify:local:{':'.join(uri_parts)}:{local.duration_ms // 1000}",
            "href": None,
            "external_urls": {},
            "external_ids": {},
            "name": local.name,
            "duration_ms": local.duration_ms,
            "explicit": False,
            "is_local": True,
            "disc_number": 0,
            "track_number": 0,
            "artists": [
                dict.fromkeys(("id", "href", "uri"))
                | {"name": local.artist, "type": "artist", "external_urls": {}}
            ],
            "album": self._unknown_album(local.album),
            **self._full(popularity=0, available_markets=[], preview_url=None),
        }

    def _item(self, item: Item | None) -> dict[str, Any] | None:
        match item:
            case Track():
                return self.track(item)
            case Episode():
                return self._episode(item)
            case LocalFile():
                return self._local_file(item)
            case None:
                return None

    def _row_item(self, item: Item | None) -> dict[str, Any] | None:
        shaped, is_episode = self._item(item), isinstance(item, Episode)
        return shaped and shaped | self._full(track=not is_episode, episode=is_episode)

    def playlist_row(self, row: Row, owner_id: str) -> dict[str, Any]:
        """A playlist row, under ``item`` (in the full dialect also under ``track``)."""
        item = None if row.item_id is None else self._world.items.get(row.item_id)
        shaped = self._row_item(item)
        adder = self._links("user", owner_id)
        return {
            "added_at": timestamp(row.at_s),
            "added_by": adder,
            "is_local": isinstance(item, LocalFile),
            "item": shaped,
            **self._full(track=shaped, primary_color=None, video_thumbnail={"url": None}),
        }

    def saved_row(self, row: Row) -> dict[str, Any]:
        return {
            "added_at": timestamp(row.at_s),
            "track": self._item(self._world.items.get(row.item_id or "")),
        }

    def saved_album_row(self, row: Row) -> dict[str, Any]:
        """A saved album, under ``album``; the row's album must be in the world."""
        tracks = self._world.albums[row.item_id or ""]
        album = tracks[0].album
        return {"added_at": timestamp(row.at_s), "album": album and self.full_album(album, tracks)}

    def recent_row(self, row: Row) -> dict[str, Any]:
        track = self._item(self._world.items.get(row.item_id or ""))
        return {"track": track, "played_at": timestamp(row.at_s, milliseconds=True), "context": None}

    def playlist(self, playlist: Playlist) -> dict[str, Any]:
        """A playlist without its rows; ``items`` has their address and number."""
        links = self._links("playlist", playlist.id)
        rows = {"href": f"{links['href']}/items", "total": len(playlist.rows)}
        return links | {
            "name": playlist.name,
            "description": playlist.description,
            "collaborative": playlist.collaborative,
            "public": playlist.public,
            "snapshot_id": playlist.snapshot_id,
            "images": [],
            "owner": self.user(self._world.listeners[playlist.owner_id]),
            "items": rows,
            **self._full(tracks={"href": f"{links['href']}/tracks", "total": len(playlist.rows)}),
            **self._full(primary_color=None),
        }

    def full_playlist(self, playlist: Playlist, readable: bool) -> dict[str, Any]:
        """A single playlist, with its first rows if they may be read."""
        shaped = self.playlist(playlist) | self._full(followers={"href": None, "total": 0})
        address = shaped.pop("items")["href"]
        if readable or self._extended:
            rows = [self.playlist_row(row, playlist.owner_id) for row in playlist.rows]
            shaped["items"] = _first_page(address, rows, 100)
            shaped |= self._full(tracks=shaped["items"])
        return shaped

    def audio_features(self, track: Track) -> dict[str, Any] | None:
        """A track's audio attributes, or None if unknown."""
        if not track.attributes:
            return None
        values: dict[str, Any] = dict(zip(ATTRIBUTES, track.attributes, strict=True))
        return values | {
            "id": track.id,
            "uri": f"spotify:track:{track.id}",
            "type": "audio_features",
            "analysis_url": f"{self._base_url}v1/audio-analysis/{quote(track.id, safe='')}",
            "track_href": f"{self._base_url}v1/tracks/{quote(track.id, safe='')}",
            "duration_ms": track.duration_ms,
            "time_signature": 4,
        }
