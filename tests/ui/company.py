"""An Application with listeners around me, for the map, groups and the card: on top of `fakes`."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from types import SimpleNamespace

import numpy as np

from matcher.browsing.feedback import FeedbackAction
from matcher.browsing.map_view import MapView
from matcher.browsing.service import MatchFilters
from matcher.domain.calibration import Band, Halves, Percent
from matcher.domain.consent import Relation, SeenItem, SeenMatch, Sharing
from matcher.domain.listening import Source
from matcher.domain.playlist import JointTrack
from matcher.domain.profile import ListenerProfile
from matcher.errors import EarshotError, NotAsked
from matcher.groups.group import Common, Group, Nearness
from matcher.groups.joint_playlist import FairPlaylist
from matcher.matching.service import MatchList
from matcher.ports import Choices, Contact, Linkable, MadePlaylist
from matcher.scoring.taste_map import Community
from tests.ui.fakes import (
    NOON,
    FakeApplication,
    FakeModels,
    FakeService,
    FakeSessions,
    FakeSyncs,
    a_match_list,
    a_profile,
)
from tests.ui.meeting import FakeTastes


def a_seen(rank: int, alias: str = "", relation: Relation = Relation.STRANGERS) -> SeenMatch:
    """A match as far as a stranger may see it."""
    items = tuple(SeenItem(f"a{n}", alias or f"Artist {n}") for n in range(3))
    return SeenMatch(
        f"listener-{rank}",
        alias or f"Quiet Otter {100 + rank}",
        Source.SYNTHETIC,
        rank,
        relation,
        Band.CLOSE,
        items,
    )


def a_contact(number: int, alias: str = "", in_sight: bool = True) -> Contact:
    """Somebody I am connected with."""
    name = alias or f"Quiet Otter {100 + number}"
    return Contact(f"listener-{number}", name, Source.SYNTHETIC, Relation.CONNECTED, NOON, in_sight)


@dataclass
class FakePeople:
    """Knows matches and contacts; whoever is asked agrees at once, and whoever has asked takes it back."""

    seen: list[SeenMatch] = field(default_factory=list)
    known: list[Contact] = field(default_factory=list)
    sharing: Sharing = field(default_factory=Sharing)
    discoverable: bool = True
    agreed: list[str] = field(default_factory=list)
    on_cards: frozenset[str] = frozenset()

    def n_news(self, listener_id: str) -> int:
        return 0

    def show(self, listener_id: str, found: MatchList) -> tuple[SeenMatch, ...]:
        (key,) = (one.listener.listener_id for one in found.matches)
        connected = a_seen(1, relation=Relation.CONNECTED)
        return (replace(connected, listener_id=key, cards=key in self.on_cards),)

    def contacts(self, listener_id: str) -> list[Contact]:
        return self.known

    def choices(self, listener_id: str) -> Choices:
        return Choices("Velvet Heron 482", self.discoverable, False, self.sharing)

    def ask_to_connect(self, listener_id: str, other_id: str) -> Relation:
        alias = next(one.alias for one in self.seen if one.listener_id == other_id)
        self.known.append(a_contact(int(other_id.rpartition("-")[2]), alias))
        return Relation.CONNECTED

    def agree_to_connect(self, listener_id: str, other_id: str) -> Relation:
        self.agreed.append(other_id)
        raise NotAsked("taken back")


@dataclass
class FakeBrowsing:
    """Gives matches, and remembers what was done with them."""

    people: FakePeople
    noted: list[tuple[str, FeedbackAction]] = field(default_factory=list)

    def nearest(self, listener_id: str, top_n: int) -> tuple[SeenMatch, ...]:
        away = {key for key, action in self.noted if action is FeedbackAction.DISMISSED}
        return tuple(one for one in self.people.seen if one.listener_id not in away)[:top_n]

    def look(self, listener_id: str, match_filters: MatchFilters) -> SimpleNamespace:
        """Of a facet only the last match."""
        seen = self.nearest(listener_id, match_filters.top_n)
        return SimpleNamespace(matches=seen[-1:] if match_filters.facet_id else seen)

    def note(self, listener_id: str, other_id: str, action: FeedbackAction) -> bool:
        self.noted.append((other_id, action))
        return True


@dataclass
class FakeMapViews:
    """Draws one map, or raises one error."""

    error: EarshotError | None = None
    names: tuple[str, ...] = ("Low", "Can", "Neu!")

    me: tuple[float, float] = (0.4, 0.4)
    tags: tuple[str, ...] = ()

    def draw_for(
        self, listener_id: str, match_ids: Sequence[str] = (), part: ListenerProfile | None = None
    ) -> MapView:
        if self.error:
            raise self.error
        places = tuple((key, (0.1 * n, -0.05 * n)) for n, key in enumerate(match_ids, start=1))
        communities = (Community((0.5, 0.5), self.names, 0.6, self.tags), Community((-0.6, -0.4), (), 0.4))
        crowd = np.array([[n / 50 - 1, (n % 7) / 7] for n in range(100)], np.float32)
        return MapView(self.me, places, crowd, communities, "v1", (-0.2, 0.3) if part else None)


@dataclass
class FakeGroups:
    """A group in which everybody hears one artist, and every pair but the last is told."""

    people: FakePeople
    error: EarshotError | None = None
    asked: list[tuple[str, ...]] = field(default_factory=list)
    text: str = "Low"

    def look_at_group(self, listener_id: str, other_ids: Sequence[str]) -> Group:
        self.asked.append(tuple(other_ids))
        if self.error:
            raise self.error
        ids = (listener_id, *other_ids)
        aliases = {one.listener_id: one.alias for one in self.people.known} | {
            listener_id: "Velvet Heron 482"
        }
        near = Nearness(0.6, Percent(82.0, 70.0, 90.0, Halves(50.0, 70.0, 90.0), Band.CLOSE))
        pairs = {(one, other): near for n, one in enumerate(ids) for other in ids[n + 1 :]}
        pairs.pop((ids[-2], ids[-1]))
        bands = {(ids[-2], ids[-1]): Band.CLOSE}
        common = (Common("low", self.text, "", ids), Common("can", self.text, "", ids[:2]))
        return Group(ids, aliases, pairs, bands, common, (), common, (ids[0], ids[1]), ())

    def make_playlist(self, listener_id: str, other_ids: Sequence[str]) -> FairPlaylist:
        ids = (listener_id, *other_ids)
        liking = {key: 1 / (n + 1) for n, key in enumerate(ids)}
        tracks = tuple(JointTrack(f"t{n}", self.text, self.text, ids[:2], liking) for n in range(3))
        return FairPlaylist(tracks, dict.fromkeys(ids, 0.5))


@dataclass
class FakePlaylists:
    """Makes playlists where it may."""

    may: bool = False
    made: list[str] = field(default_factory=list)

    def may_make(self, listener_id: str) -> bool:
        return self.may

    def make(
        self, listener_id: str, name: str, description: str, tracks: Sequence[JointTrack]
    ) -> MadePlaylist:
        self.made.append(name)
        return MadePlaylist("https://open.spotify.com/playlist/1", len(tracks) - 1, ("t0",), True)

    def addresses(self, listener_id: str) -> dict[str, str]:
        return {"low": "https://open.spotify.com/artist/low"}

    def links(self, items: Sequence[Linkable]) -> dict[str, str]:
        return {items[0].key: "https://open.spotify.com/track/1"}


@dataclass
class Company:
    """What the screens of listeners together may ask of the process."""

    service: FakeService
    people: FakePeople
    groups: FakeGroups
    browsing: FakeBrowsing
    syncs: FakeSyncs = field(default_factory=FakeSyncs)
    sessions: FakeSessions = field(default_factory=FakeSessions)
    map_view: FakeMapViews = field(default_factory=FakeMapViews)
    tastes: FakeTastes = field(default_factory=FakeTastes)
    playlists: FakePlaylists = field(default_factory=FakePlaylists)
    models: FakeModels = field(default_factory=FakeModels)
    demo: bool = True
    by_file: bool = False

    settings = FakeApplication.settings
    reads_service = FakeApplication.reads_service
    has_spotify = FakeApplication.has_spotify
    sign_out_path = FakeApplication.sign_out_path


def in_company(
    n_contacts: int = 3, n_matches: int = 4, alias: str = "", profile: ListenerProfile | None = None
) -> Company:
    """An application in which I have that many matches and contacts."""
    people = FakePeople(
        [a_seen(n, alias) for n in range(1, n_matches + 1)],
        [a_contact(n, alias) for n in range(1, n_contacts + 1)],
    )
    made = Company(FakeService(a_match_list([])), people, FakeGroups(people), FakeBrowsing(people))
    made.service.store.profiles["ada"] = profile or a_profile()
    return made
