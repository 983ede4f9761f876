"""The libraries as they are now: the world's, or changed copies of them. The world stays as made."""

import dataclasses
import threading
from collections.abc import Callable

from emulator.errors import ApiError
from emulator.world.ids import base62_id
from emulator.world.music import Library, Listener, Playlist, World


class LibraryStore:
    """Keeps changed copies of libraries beside an immutable world. Safe to use from several threads.

    Args:
        world: The world whose listeners are served.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self._lock = threading.Lock()
        self._changed: dict[str, Library] = {}
        self._created: dict[str, str] = {}
        self._owners = {
            playlist.id: listener.id
            for listener in world.listeners.values()
            for playlist in listener.library.playlists
        }

    def listener(self, listener_id: str) -> Listener:
        """Returns a listener as made.

        Raises:
            ApiError: If there is none of that id.
        """
        listener = self.world.listeners.get(listener_id)
        if listener is None:
            raise ApiError(404, "No such listener")
        return listener

    def library(self, listener_id: str) -> Library:
        """Returns a listener's library as it is now.

        Raises:
            ApiError: If there is no listener of that id.
        """
        with self._lock:
            changed = self._changed.get(listener_id)
        return changed or self.listener(listener_id).library

    def change(self, listener_id: str, change: Callable[[Library], Library]) -> Library:
        """Replaces a library by what the function makes of it.

        Args:
            listener_id: Whose library.
            change: A pure function from the library as it is to the library as it shall be.

        Returns:
            The new library.

        Raises:
            ApiError: If there is no listener of that id, or the function refuses.
        """
        listener = self.listener(listener_id)
        with self._lock:
            changed = change(self._changed.get(listener_id, listener.library))
            self._changed[listener_id] = changed
        return changed

    def playlist(self, playlist_id: str) -> Playlist:
        """Returns a playlist as it is now, whoever owns it.

        Raises:
            ApiError: If there is none of that id, or it was deleted.
        """
        owner_id = self._owners.get(playlist_id) or self._created.get(playlist_id)
        playlists = self.library(owner_id).playlists if owner_id is not None else ()
        found = next((playlist for playlist in playlists if playlist.id == playlist_id), None)
        if found is None:
            raise ApiError(404, "Resource not found")
        return found

    def add_playlist(self, playlist: Playlist) -> Playlist:
        """Puts a new playlist on top of its owner's, under an id of its own.

        Returns:
            The playlist with its id; the same calls after the same beginning give the same ids.
        """
        with self._lock:
            key = base62_id("created playlist", playlist.owner_id, len(self._created))
            self._created[key] = playlist.owner_id
        made = dataclasses.replace(playlist, id=key)
        self.change(
            playlist.owner_id,
            lambda library: dataclasses.replace(library, playlists=(made, *library.playlists)),
        )
        return made

    def playlists_of(self, listener_id: str) -> list[Playlist]:
        """Returns a listener's own playlists, then the followed ones that still exist."""
        library = self.library(listener_id)
        followed = []
        for playlist_id in library.followed_ids:
            try:
                followed.append(self.playlist(playlist_id))
            except ApiError:
                continue
        return [*library.playlists, *followed]

    def reset(self) -> None:
        """Forgets every change."""
        with self._lock:
            self._changed.clear()
            self._created.clear()
