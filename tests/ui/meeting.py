"""What pages need of listeners meeting each other: real consent, feedback and history over small fakes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from matcher.domain.exclusions import Kind
from matcher.domain.playlist import JointTrack
from matcher.domain.profile import ListenerProfile
from matcher.errors import EarshotError, NotConnected, NotInLibrary, NotSynced
from matcher.groups.discovery import Find
from matcher.groups.joint_playlist import FairPlaylist
from matcher.groups.near_pairs import NearPair
from matcher.ports import KeptSource, Linkable, MadePlaylist
from matcher.taste.facets import TasteFacet
from matcher.taste.service import TasteLook
from tests.fakes.people import FakePeople
from tests.fakes.records import FakeFeedbackStore, FakeHistoryStore
from tests.fakes.stores import FakeListenerStore, _Row

FIRST_LOOK = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


@dataclass
class FakeTastes:
    """Knows facets, and their profiles by id; counts how often it was asked for all."""

    facets: tuple[TasteFacet, ...] = ()
    profiles: dict[str, ListenerProfile] = field(default_factory=dict)
    n_asked: int = 0
    kept_sources: tuple[KeptSource, ...] = ()
    artists_tagged: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def sources(self, listener_id: str) -> tuple[KeptSource, ...]:
        return self.kept_sources

    def facets_of(self, listener_id: str) -> tuple[TasteFacet, ...]:
        self.n_asked += 1
        return self.facets

    def known_facets(self, listener_id: str) -> tuple[TasteFacet, ...] | None:
        return self.facets if self.n_asked else None

    def look(self, listener_id: str, kind: Kind) -> TasteLook:
        raise NotSynced("no library is kept")

    def tagged(self, listener_id: str, tags: Sequence[str]) -> tuple[str, ...]:
        return tuple(name for tag in tags for name in self.artists_tagged.get(tag, ()))

    def facet(self, listener_id: str, facet_id: str) -> ListenerProfile:
        if facet_id not in self.profiles:
            raise NotInLibrary("there is no such facet")
        return self.profiles[facet_id]


@dataclass
class FakeGroups:
    """Has the same for any two who are connected."""

    kept: FakePeople
    finds: Mapping[str, tuple[Find, ...]] = field(
        default_factory=lambda: {
            "artists": (Find("new", "New Artist", "", 1.0, 0.9, 3),),
            "tracks": (Find("song", "New Song", "New Artist", 1.0, 0.9, 3),),
        }
    )

    pairs: tuple[NearPair, ...] = (NearPair("mc", "Moss Choir", "Volt Club"),)

    def discover_through(
        self, listener_id: str, other_id: str, top_n: int = 20
    ) -> tuple[tuple[Find, ...], tuple[Find, ...]]:
        self._check(listener_id, other_id)
        return self.finds["artists"][:top_n], self.finds["tracks"][:top_n]

    def near_pairs(self, listener_id: str, other_id: str, top_n: int) -> tuple[NearPair, ...]:
        self._check(listener_id, other_id)
        return self.pairs[:top_n]

    def make_playlist(self, listener_id: str, other_ids: Sequence[str]) -> FairPlaylist:
        (other_id,) = other_ids
        self._check(listener_id, other_id)
        tracks = (
            JointTrack("a", "Our Song", "Artist 1", (listener_id, other_id), {}),
            JointTrack("b", "Their Song", "Artist 2", (other_id,), {}),
        )
        return FairPlaylist(tracks, {listener_id: 0.8, other_id: 0.9})

    def _check(self, listener_id: str, other_id: str) -> None:
        asked = self.kept.asked.get(frozenset((listener_id, other_id)))
        if asked is None or asked.agreed_at_utc is None:
            raise NotConnected("not connected")


@dataclass
class FakePlaylists:
    """Makes playlists where that is granted, and remembers them."""

    granted: bool = False
    error: EarshotError | None = None
    made: list[tuple[str, str, int]] = field(default_factory=list)

    def may_make(self, listener_id: str) -> bool:
        return self.granted

    def make(
        self, listener_id: str, name: str, description: str, tracks: Sequence[JointTrack]
    ) -> MadePlaylist:
        if self.error:
            raise self.error
        was_there = (listener_id, name, len(tracks)) in self.made
        self.made += [] if was_there else [(listener_id, name, len(tracks))]
        return MadePlaylist("https://open.spotify.com/playlist/1", len(tracks), (), True, was_there)

    def addresses(self, listener_id: str) -> Mapping[str, str]:
        known = {"ada": {"a1": "artist/one"}, "listener-1": {"new": "artist/new", "song": "track/song"}}
        found = known.get(listener_id, {})
        return {key: f"https://open.spotify.com/{place}" for key, place in found.items()}

    def links(self, items: Sequence[Linkable]) -> Mapping[str, str]:
        return {one.key: f"https://open.spotify.com/{one.kind}/{one.key}" for one in items}


class Meeting:
    """Everything that is kept between listeners."""

    def __init__(self) -> None:
        self.listeners = FakeListenerStore()
        self.kept = FakePeople(self.listeners)
        self.feedback = FakeFeedbackStore(self.listeners.rows)
        self.history = FakeHistoryStore(self.listeners.rows)
        self.tastes, self.playlists = FakeTastes(), FakePlaylists()
        self.groups = FakeGroups(self.kept)
        self.n_looks = 0

    def later(self) -> datetime:
        """Every look at the matches is a day after the one before."""
        self.n_looks += 1
        return FIRST_LOOK + timedelta(days=self.n_looks - 1)

    def with_all(self, service: Any) -> FakePeople:
        """What is kept, once everybody whom a service knows is there."""
        for one in service.listeners.values():
            self.listeners._rows.setdefault(one.listener_id, _Row(one, signed_in=True))
        for match in service.everybody().values():
            one = match.listener
            row = _Row(one, signed_in=False, profile_url=f"https://open.spotify.com/user/{one.listener_id}")
            self.listeners._rows.setdefault(one.listener_id, row)
        return self.kept
