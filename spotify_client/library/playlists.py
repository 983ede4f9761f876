"""Creates playlists in a listener's Spotify library."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from urllib.parse import quote

from matcher.domain.canonical_keys import OPAQUE, artist_key, keys_of, track_key
from matcher.domain.listening import Hearing
from matcher.domain.playlist import JointTrack
from matcher.errors import (
    EarshotError,
    NotAllowListed,
    OwnerNotPremium,
    RateLimited,
    ScopeMissing,
    SpotifyError,
    SpotifyMalformed,
)
from matcher.ports import (
    ARTIST,
    TRACK,
    Clock,
    ItemIdStore,
    ItemKey,
    KeptPlaylist,
    Linkable,
    MadePlaylist,
    MadePlaylistStore,
)
from spotify_client.calls.budget import BudgetSpent
from spotify_client.calls.client import SpotifyClient
from spotify_client.calls.clients import SignedInClients
from spotify_client.calls.cooldown import CooldownStore, Gate, Sleep
from spotify_client.calls.grants import Grants
from spotify_client.library.known_library import ReadingStore, recalled
from spotify_client.parsing.fields import identifier, mapping, rows, text
from spotify_client.parsing.made_playlists import digest_of, marked
from spotify_client.parsing.parse import page_of
from spotify_client.settings import PLAYLIST_SCOPES, SpotifySettings

MOST_TRACKS = 100
"""Most tracks per playlist: one call adds them all."""
MOST_SEARCHES = 25
"""Most tracks searched by name, because Spotify limits the number of calls."""
_LONGEST_NAME = 100


class SpotifyPlaylists:
    """`PlaylistMaker` over the Web API.

    Track ids come from the owners' last readings, then from imported tables; at most `MOST_SEARCHES` of the
    rest are searched by title and artist.
    """

    def __init__(
        self,
        grants: Grants,
        settings: SpotifySettings,
        cooldowns: CooldownStore,
        readings: ReadingStore,
        clock: Clock,
        item_ids: ItemIdStore,
        made: MadePlaylistStore,
        sleep: Sleep = time.sleep,
    ) -> None:
        self._grants, self._settings, self._readings = grants, settings, readings
        self._item_ids, self._made, self._clock = item_ids, made, clock
        self._clients = SignedInClients(grants, settings, Gate(settings, cooldowns, clock, sleep))

    def may_make(self, listener_id: str) -> bool:
        return self._grants.scopes(listener_id) >= set(PLAYLIST_SCOPES)

    def make(
        self, listener_id: str, name: str, description: str, tracks: Sequence[JointTrack]
    ) -> MadePlaylist:
        """Create a playlist, or return the existing one with the same tracks.

        Simultaneous requests get the same playlist. If adding tracks fails, the playlist stays empty and the
        result is marked incomplete. At most `MOST_TRACKS` are added; `name` is cut to 100 characters,
        `description` to 300 with the mark (see `made_playlists`).

        Raises:
            ValueError: `name` is empty.
            ScopeMissing: the grant lacks `PLAYLIST_SCOPES`.
            UnknownListener: the listener was erased meanwhile.
            StorageUnreachable: the database does not respond.
        """
        title = text(name)[:_LONGEST_NAME].strip()
        if not title:
            raise ValueError("a playlist needs a name")
        if not self.may_make(listener_id):
            raise ScopeMissing("the permission to make playlists was not granted")
        content = digest_of(tracks)
        with (
            self._made.locked(listener_id),
            self._clients.of(listener_id, self._settings.calls_budget) as client,
        ):
            known = self._made.made_of(listener_id, content)
            if known is not None and _is_there(client, known.playlist_id):
                return self._again(client, listener_id, known, tracks)
            ids = self._ids(client, tracks)
            key = identifier(mapping(client.create_playlist(title, marked(description))).get("id"))
            if not key:
                raise SpotifyMalformed("Spotify made a playlist without an id")
            self._made.remember(listener_id, key, content, self._clock())
            return self._fill(client, listener_id, key, ids, tracks)

    def _again(
        self, client: SpotifyClient, listener_id: str, known: KeptPlaylist, tracks: Sequence[JointTrack]
    ) -> MadePlaylist:
        key = known.playlist_id
        # otherwise adding the tracks failed, or its answer was lost
        if known.n_tracks is not None:
            return MadePlaylist(self._address(key), known.n_tracks, (), complete=True, was_there=True)
        if n_tracks := page_of(client.playlist_items(key)).total:
            self._made.fill(listener_id, key, n_tracks)
            return MadePlaylist(self._address(key), n_tracks, (), complete=True, was_there=True)
        return self._fill(client, listener_id, key, self._ids(client, tracks), tracks)

    def _fill(
        self,
        client: SpotifyClient,
        listener_id: str,
        playlist_id: str,
        ids: Mapping[str, str],
        tracks: Sequence[JointTrack],
    ) -> MadePlaylist:
        found = [ids[one.key] for one in tracks if one.key in ids][:MOST_TRACKS]
        complete = _add(client, playlist_id, found)
        if complete:
            self._made.fill(listener_id, playlist_id, len(found))
        missing = tuple(one.key for one in tracks if one.key not in ids)
        return MadePlaylist(self._address(playlist_id), len(found) if complete else 0, missing, complete)

    def addresses(self, listener_id: str) -> Mapping[str, str]:
        found: dict[str, str] = {}
        for (kind, key), one in _ids_read(self._readings.load(listener_id)):
            if key and one:
                found.setdefault(key, f"{self._settings.open_url}{kind}/{one}")
        return found

    def links(self, items: Sequence[Linkable]) -> Mapping[str, str]:
        known = self._known_ids(items)
        every = ((one, known.get((one.kind, one.key), "")) for one in items)
        found = {one.key: f"{one.kind}/{key}" if key else _search(one) for one, key in every}
        return {key: self._settings.open_url + path for key, path in found.items() if path}

    def _known_ids(self, items: Sequence[Linkable]) -> dict[ItemKey, str]:
        """Spotify ids: from the key, else the owners' last readings, else an import."""
        wanted = {(one.kind, one.key) for one in items}
        opaque = {one: identifier(one[1].removeprefix(OPAQUE)) for one in wanted if one[1].startswith(OPAQUE)}
        found = {one: key for one, key in opaque.items() if key}
        for owner in dict.fromkeys(owner for one in items for owner in one.owners):
            for one, key in _ids_read(self._readings.load(owner)):
                if one in wanted and key:
                    found.setdefault(one, key)
        rest = self._item_ids.ids_of([one for one in wanted if one not in found])
        return found | {one: known for one, key in rest.items() if (known := identifier(key))}

    def _ids(self, client: SpotifyClient, tracks: Sequence[JointTrack]) -> dict[str, str]:
        known = {key: found for (_, key), found in self._known_ids([*map(Linkable.of, tracks)]).items()}
        unknown = [one for one in tracks if one.key not in known and not one.key.startswith(OPAQUE)]
        # Two calls must be left: for the playlist itself and for what goes into it.
        n_searches = max(0, min(MOST_SEARCHES, client.budget.left - 2))
        for track in unknown[:n_searches]:
            if one := _found(client, track):
                known[track.key] = one
        return known

    def _address(self, playlist_id: str) -> str:
        # built here: an address in a response could lead anywhere
        return f"{self._settings.open_url}playlist/{playlist_id}"


def _ids_read(content: Mapping[str, object] | None) -> Iterator[tuple[ItemKey, str]]:
    for row in _rows_read(content):
        for kind, key, one in zip((ARTIST, TRACK), keys_of(row), (row.artist_id, row.track_id), strict=True):
            yield (kind, key), identifier(one)


def _search(item: Linkable) -> str:
    """Path of a Spotify search by name; "" without a name."""
    words = " ".join(one for one in (item.artist, item.name) if not one.startswith(OPAQUE)).strip()
    return f"search/{quote(words[:_LONGEST_NAME], safe='')}/{item.kind}s" if words else ""


def _rows_read(content: Mapping[str, object] | None) -> Iterator[Hearing]:
    for facet in recalled(content).facets.values():
        yield from (row for row in facet.rows if row is not None)


def _found(client: SpotifyClient, track: JointTrack) -> str:
    """Id of the first hit that is the same recording, or ""."""
    try:
        answer = mapping(client.find_track(track.title, track.artist))
    except RateLimited:
        raise
    except SpotifyError:
        return ""
    for hit in map(mapping, rows(mapping(answer.get("tracks")).get("items"))):
        artists = [mapping(one) for one in rows(hit.get("artists"))]
        keys = {track_key(text(hit.get("name")), artist_key(text(one.get("name")))) for one in artists}
        if track.key in keys:
            return identifier(hit.get("id"))
    return ""


def _add(client: SpotifyClient, playlist_id: str, track_ids: Sequence[str]) -> bool:
    if not track_ids:
        return True
    with suppress(EarshotError, BudgetSpent):
        client.add_tracks(playlist_id, track_ids)
        return True
    return False


def _is_there(client: SpotifyClient, playlist_id: str) -> bool:
    """Whether a playlist is in the library; True if Spotify cannot say."""
    try:
        return rows(client.library_holds(playlist_id)) != [False]
    except (RateLimited, NotAllowListed, OwnerNotPremium):
        raise
    except SpotifyError:
        # a link to a deleted playlist does less harm than a second playlist
        return True
