"""Making a playlist in a listener's Spotify library."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from urllib.parse import quote

from matcher.errors import EarshotError, RateLimited, ScopeMissing, SpotifyError, SpotifyMalformed
from matcher.facts import keys_of
from matcher.keys import OPAQUE, artist_key, track_key
from matcher.listening import Hearing
from matcher.playlist import JointTrack
from matcher.ports import ARTIST, TRACK, Clock, ItemIdStore, ItemKey, Linkable, MadePlaylist
from spotify_client.budget import BudgetSpent
from spotify_client.client import SpotifyClient
from spotify_client.clients import SignedInClients
from spotify_client.cooldown import CooldownStore, Gate, Sleep
from spotify_client.fields import identifier, mapping, rows, text
from spotify_client.grants import Grants
from spotify_client.memory import ReadingStore, recalled
from spotify_client.settings import PLAYLIST_SCOPES, SpotifySettings

MOST_TRACKS = 100
"""Tracks of one playlist: as many as one call adds."""
MOST_SEARCHES = 25
"""Tracks that are looked for by name. Spotify counts calls, and shuts an app out that makes too many."""
_LONGEST_NAME = 100
_LONGEST_DESCRIPTION = 300


class SpotifyPlaylists:
    """`PlaylistMaker` over the Web API.

    Ids of tracks are taken from what was last read of their owners' libraries, then from imported tables; the
    rest are looked for by title and artist, as far as `MOST_SEARCHES` goes.
    """

    def __init__(
        self,
        grants: Grants,
        settings: SpotifySettings,
        cooldowns: CooldownStore,
        readings: ReadingStore,
        clock: Clock,
        item_ids: ItemIdStore,
        sleep: Sleep = time.sleep,
    ) -> None:
        self._grants, self._settings, self._readings = grants, settings, readings
        self._item_ids = item_ids
        self._clients = SignedInClients(grants, settings, Gate(settings, cooldowns, clock, sleep))

    def may_make(self, listener_id: str) -> bool:
        """Whether the listener has granted it; if not, they have to be asked first."""
        return self._grants.scopes(listener_id) >= set(PLAYLIST_SCOPES)

    def make(
        self, listener_id: str, name: str, description: str, tracks: Sequence[JointTrack]
    ) -> MadePlaylist:
        """Make a private playlist in the listener's library.

        Nothing is sent twice. Where adding fails after the playlist was made, it stands there empty, and the
        answer says that it is not complete.

        Args:
            listener_id: whose library; the grant must hold `PLAYLIST_SCOPES`.
            name: at most 100 characters are kept; must not be empty.
            description: at most 300 characters are kept.
            tracks: in order; at most `MOST_TRACKS` are added.

        Raises:
            ValueError: there is no name.
            ScopeMissing: the listener has not granted it; nothing was called.
            GrantRevoked, RateLimited, SpotifyUnreachable, SpotifyForbidden, SpotifyMalformed: it is not made.
        """
        title = text(name)[:_LONGEST_NAME].strip()
        if not title:
            raise ValueError("a playlist needs a name")
        if not self.may_make(listener_id):
            raise ScopeMissing("the permission to make playlists was not granted")
        with self._clients.of(listener_id, self._settings.calls_budget) as client:
            ids = self._ids(client, tracks)
            made = mapping(client.create_playlist(title, _one_line(description)))
            key = identifier(made.get("id"))
            if not key:
                raise SpotifyMalformed("Spotify made a playlist without an id")
            found = [ids[one.key] for one in tracks if one.key in ids][:MOST_TRACKS]
            complete = _add(client, key, found)
        missing = tuple(one.key for one in tracks if one.key not in ids)
        return MadePlaylist(self._address(made), len(found) if complete else 0, missing, complete)

    def addresses(self, listener_id: str) -> Mapping[str, str]:
        """Where artists and tracks of a listener's library can be opened, by canonical key, as last read.

        Raises:
            StorageUnreachable: the database does not answer.
        """
        found: dict[str, str] = {}
        for (kind, key), one in _ids_read(self._readings.load(listener_id)):
            if key and one:
                found.setdefault(key, f"{self._settings.open_url}{kind}/{one}")
        return found

    def links(self, items: Sequence[Linkable]) -> Mapping[str, str]:
        """An address for each of these, by key, without asking anybody; see `PlaylistMaker.links`.

        Raises:
            StorageUnreachable: the database does not answer.
        """
        known = self._known_ids(items)
        every = ((one, known.get((one.kind, one.key), "")) for one in items)
        found = {one.key: f"{one.kind}/{key}" if key else _search(one) for one, key in every}
        return {key: self._settings.open_url + path for key, path in found.items() if path}

    def _known_ids(self, items: Sequence[Linkable]) -> dict[ItemKey, str]:
        """Ids: the key itself where it is one, else as the owners' last reading, or an import, has it."""
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

    def _address(self, made: Mapping[str, object]) -> str:
        """The address Spotify gave, if it is one of its own."""
        address = text(mapping(made.get("external_urls")).get("spotify"))
        return address if address.startswith(self._settings.open_url) else ""


def _ids_read(content: Mapping[str, object] | None) -> Iterator[tuple[ItemKey, str]]:
    for row in _rows_read(content):
        for kind, key, one in zip((ARTIST, TRACK), keys_of(row), (row.artist_id, row.track_id), strict=True):
            yield (kind, key), identifier(one)


def _search(item: Linkable) -> str:
    """The path of Spotify's own search for something of unknown id; empty where there are no words for it."""
    words = " ".join(one for one in (item.artist, item.name) if not one.startswith(OPAQUE)).strip()
    return f"search/{quote(words[:_LONGEST_NAME], safe='')}/{item.kind}s" if words else ""


def _rows_read(content: Mapping[str, object] | None) -> Iterator[Hearing]:
    for facet in recalled(content).facets.values():
        yield from (row for row in facet.rows if row is not None)


def _found(client: SpotifyClient, track: JointTrack) -> str:
    """The id of the first hit that is this very recording; empty for none."""
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
    """Whether the tracks were added, as far as Spotify said."""
    if not track_ids:
        return True
    with suppress(EarshotError, BudgetSpent):
        client.add_tracks(playlist_id, track_ids)
        return True
    return False


def _one_line(description: str) -> str:
    return " ".join(text(description).split())[:_LONGEST_DESCRIPTION]
