"""What the screens of listeners together ask for: the map, groups, playlists for several."""

from dataclasses import dataclass

from matcher.browsing.map_view import MapView
from matcher.domain.consent import Relation, SeenMatch
from matcher.groups.group import Group
from matcher.groups.joint_playlist import FairPlaylist
from matcher.ports import Contact, MadePlaylist
from ui.request import Request

ON_MAP = 20
"""Matches drawn on the map."""
ASKED = 6
"""Matches offered to whoever is connected with too few."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The map, and the matches that are on it: those that may be found, best first."""

    view: MapView
    matches: tuple[SeenMatch, ...]


def look_around(request: Request) -> Surroundings:
    """The map with the listener and their matches.

    Raises:
        MapMissing: the model in service has no map.
        NotSynced: the library was not read yet.
        StorageUnreachable: the database does not answer.
    """
    seen = request.nearest(ON_MAP)
    view = request.application.atlas.draw_for(request.listener_id, [one.listener_id for one in seen])
    drawn = {key for key, _ in view.matches}
    return Surroundings(view, tuple(one for one in seen if one.listener_id in drawn))


def connected(request: Request) -> tuple[Contact, ...]:
    """Those the listener is connected with and may see, by alias."""
    contacts = request.application.people.contacts(request.listener_id)
    seen = (one for one in contacts if one.relation is Relation.CONNECTED and one.in_sight)
    return tuple(sorted(seen, key=lambda one: (one.alias.casefold(), one.listener_id)))


def group_with(request: Request, others: tuple[str, ...]) -> Group:
    """The listener and these others side by side; raises what `Together.look_at_group` raises."""
    return request.application.together.look_at_group(request.listener_id, others)


def playlist_with(request: Request, others: tuple[str, ...]) -> FairPlaylist:
    """A playlist fair to all of them; raises what `Together.make_playlist` raises."""
    return request.application.together.make_playlist(request.listener_id, others)


def make_in_library(request: Request, name: str, description: str, playlist: FairPlaylist) -> MadePlaylist:
    """Make a playlist in the listener's own library; raises what `PlaylistMaker.make` raises."""
    return request.application.playlists.make(request.listener_id, name, description, playlist.tracks)
