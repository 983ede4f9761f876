"""Current libraries: those of the immutable world, or changed copies."""

import dataclasses
from collections.abc import Callable
from contextlib import suppress

from emulator.errors import ApiError
from emulator.world.ids import base62_id
from emulator.world.music import Library, Listener, Playlist, World


class LibraryStore:
    """Stores changed copies of libraries.

    Every method raises `ApiError` if there is no such listener or playlist.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._changed: dict[str, Library] = {}
        self._created: dict[str, str] = {}
        self._owners = {
            playlist.id: listener.id
            for listener in world.listeners.values()
            for playlist in listener.library.playlists
        }

    def listener(self, listener_id: str) -> Listener:
        listener = self._world.listeners.get(listener_id)
        if listener is None:
            raise ApiError(404, "No such listener")
        return listener

    def library(self, listener_id: str) -> Library:
        return self._changed.get(listener_id) or self.listener(listener_id).library

    def change(self, listener_id: str, change: Callable[[Library], Library]) -> Library:
        """Replace a library by the result of a pure function, which may raise `ApiError`."""
        changed = self._changed[listener_id] = change(self.library(listener_id))
        return changed

    def playlist(self, playlist_id: str) -> Playlist:
        """A current playlist of any owner."""
        owner_id = self._owners.get(playlist_id) or self._created.get(playlist_id)
        playlists = self.library(owner_id).playlists if owner_id is not None else ()
        found = next((playlist for playlist in playlists if playlist.id == playlist_id), None)
        if found is None:
            raise ApiError(404, "Resource not found")
        return found

    def add_playlist(self, playlist: Playlist) -> Playlist:
        """Add a new playlist on top of its owner's, with a deterministic id."""
        key = base62_id("created playlist", playlist.owner_id, len(self._created))
        made = dataclasses.replace(playlist, id=key)
        self._created[key] = playlist.owner_id
        self.change(
            playlist.owner_id,
            lambda library: dataclasses.replace(library, playlists=(made, *library.playlists)),
        )
        return made

    def playlists_of(self, listener_id: str) -> list[Playlist]:
        """A listener's own playlists, then the followed ones that still exist."""
        library = self.library(listener_id)
        followed = []
        for playlist_id in library.followed_ids:
            with suppress(ApiError):
                followed.append(self.playlist(playlist_id))
        return [*library.playlists, *followed]

    def clear(self) -> None:
        self._changed.clear()
        self._created.clear()
