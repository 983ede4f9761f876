"""Use cases of groups: discover through another, compare, make a playlist."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from matcher.errors import GroupSize, NotConnected, NotSynced
from matcher.groups.access import Access
from matcher.groups.discovery import Find, ItemSpace, Taste, discover
from matcher.groups.group import FEWEST, MOST, Group, Member, look_at
from matcher.groups.joint_playlist import TRACKS, FairPlaylist, fair_playlist
from matcher.groups.near_pairs import NearPair, near_pairs
from matcher.pipeline import Pipeline
from matcher.ports import ListenerStore
from matcher.scoring.packed_candidates import as_packed


@dataclass(frozen=True, slots=True)
class Groups:
    """Use cases of a listener with connected ones.

    They use the listener's whole profile, and of the others what they show. Every method raises NotConnected
    if somebody is not connected with the listener, and NotSynced if somebody has no profile or no vector of
    the model in service.
    """

    reader: ListenerStore
    access: Access
    model: Callable[[], Pipeline]  # in service; raises ModelMissing or ModelBroken
    _spaces: list[ItemSpace] = field(default_factory=list, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def discover_through(
        self, listener_id: str, other_id: str, top_n: int = 20
    ) -> tuple[tuple[Find, ...], tuple[Find, ...]]:
        """New artists and new tracks for this listener from a connected one."""
        mine, theirs = self._tastes(listener_id, [listener_id, other_id])
        allowed, space = self.access.allowed(listener_id, [other_id]), self._space()
        frequencies = self.model().ranker.frequencies
        artists, tracks = (
            discover(mine, theirs, space, frequencies, kind, top_n, allowed) for kind in ("artists", "tracks")
        )
        return artists, tracks

    def near_pairs(self, listener_id: str, other_id: str, top_n: int) -> tuple[NearPair, ...]:
        """This listener's artists that bring them closest to a connected one, and theirs."""
        mine, theirs = self._tastes(listener_id, [listener_id, other_id])
        allowed = self.access.allowed(listener_id, [other_id])
        return near_pairs(mine, theirs, self._space(), self.model().ranker.frequencies, allowed, top_n)

    def make_playlist(
        self, listener_id: str, other_ids: Sequence[str], n_tracks: int = TRACKS
    ) -> FairPlaylist:
        """Make a playlist with connected listeners, fair to the least satisfied.

        Raises:
            GroupSize: fewer than two or more than ten in all.
        """
        ids = _distinct(listener_id, other_ids)
        if not 2 <= len(ids) <= MOST:
            raise GroupSize("a joint playlist is for two to ten listeners")
        members = self._tastes(listener_id, ids)
        allowed = self.access.allowed(listener_id, ids)
        return fair_playlist(members, self._space(), self.model().ranker.frequencies, n_tracks, allowed)

    def look_at_group(self, listener_id: str, other_ids: Sequence[str]) -> Group:
        """Compare this listener and two to nine connected ones.

        Raises:
            GroupSize: fewer than three or more than ten in all.
        """
        ids = _distinct(listener_id, other_ids)
        if not FEWEST <= len(ids) <= MOST:
            raise GroupSize("a group is three to ten listeners")
        model, tastes = self.model(), self._tastes(listener_id, ids)
        known = self.reader.listeners(ids)
        members = [
            Member(
                one.listener_id,
                known[one.listener_id].alias,
                one.profile,
                as_packed(model.ranker.weigh(one.profile, one.stored)),
            )
            for one in tastes
            if one.listener_id in known
        ]
        allowed = self.access.allowed(listener_id, ids)
        return look_at(members, model, allowed, self.access.told_pairs(listener_id, ids[1:]))

    def _tastes(self, listener_id: str, ids: Sequence[str]) -> list[Taste]:
        """Tastes of these listeners; of the others what they show."""
        connected = self.access.connected_with(listener_id, ids)
        if any(one != listener_id and one not in connected for one in ids):
            raise NotConnected("only listeners who are connected with you can be looked at together")
        version = self.model().embedder.model_version
        mine, asked_with = self.reader.profile(listener_id), self.reader.own_vector(listener_id, version)
        others = [one for one in ids if one != listener_id]
        profiles, vectors = self.reader.shown_profiles(others), self.reader.vectors(others, version)
        unknown = [one for one in others if one not in vectors or one not in profiles]
        if mine is None or asked_with is None or unknown:
            raise NotSynced("somebody's library was not read yet, or they show nothing of it")
        views = {one: (profiles[one], vectors[one]) for one in others} | {listener_id: (mine, asked_with)}
        return [Taste(one, *views[one]) for one in ids]

    def _space(self) -> ItemSpace:
        """Item space of the model in service; replaces that of an earlier one."""
        embedder = self.model().embedder
        with self._lock:
            if not self._spaces or self._spaces[0].model_version != embedder.model_version:
                self._spaces[:] = [ItemSpace(embedder)]
            return self._spaces[0]


def _distinct(listener_id: str, other_ids: Sequence[str]) -> list[str]:
    return list(dict.fromkeys((listener_id, *other_ids)))
