"""A small Application that pages can be drawn for, without adapters."""

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from types import SimpleNamespace

from matcher.browsing.feedback import FeedbackLog
from matcher.browsing.history import MatchHistory
from matcher.browsing.rarity import Heard
from matcher.browsing.service import Browsing
from matcher.browsing.story import Stories
from matcher.domain.calibration import Calibration, Halves, Percent
from matcher.domain.listening import Part, PartStatus, Source
from matcher.domain.profile import Evidence, Facet, Item, ListenerProfile
from matcher.errors import EarshotError, NotSynced, UnknownListener
from matcher.matching.service import ItemId, Match, MatchList
from matcher.people.service import People
from matcher.ports import Listener
from matcher.scoring.audio_similarity import measure_scale
from matcher.scoring.explain import Explanation, SharedItem
from matcher.scoring.overlap import ItemFrequencies
from matcher.scoring.ranker import Ranker
from tests.ui.meeting import FakeGroups, FakePlaylists, FakeTastes, Meeting
from wiring.lookalikes import skeleton
from wiring.syncs import SyncState, SyncStatus

COOKIE_VALUE = "cookie-of-ada"
ADA = Listener("ada", "Velvet Heron 482", Source.SPOTIFY_API, discoverable=False)
RANKER = Ranker({}, ItemFrequencies(0, {}), measure_scale([]))
NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def a_match(rank: int = 1, score: float = 0.87, alias: str = "", n_shared: int = 3, **more: object) -> Match:
    """A match that shares `n_shared` artists, tracks and tags, unless told otherwise."""
    listener = Listener(
        f"listener-{rank}", alias or f"Quiet Otter {100 + rank}", more.get("source", Source.SYNTHETIC), True
    )
    explanation = more.get("explanation") or Explanation(
        artists=tuple(SharedItem(f"a{n}", f"Artist {n}", "", 1 / n) for n in range(1, n_shared + 1)),
        tracks=tuple(SharedItem(f"t{n}", f"Title {n}", f"Artist {n}", 1 / n) for n in range(1, n_shared + 1)),
        tags=tuple(SharedItem(f"tag {n}", f"tag {n}", "", 1 / n) for n in range(1, n_shared + 1)),
        parts={"towers": score - 0.2, "artists": 0.2},
    )
    halves = Halves(50.0, 70.0, 90.0)
    band = Calibration().band(score * 100, halves)
    percent, n_items = (
        Percent(score * 100, score * 90, 99.0, halves, band),
        more.get("n_items", 2 * n_shared + 120),
    )
    digest = str(more.get("digest", "theirs"))
    n_artists = more.get("n_artists", n_items // 2)
    items = {"artists": explanation.artists, "tags": explanation.tags}
    few = frozenset((kind, one.key) for kind, shared in items.items() for one in shared)
    counts = {"n_items": n_items, "n_artists": n_artists}
    return Match(listener, rank, score, percent, explanation, digest, **counts, few=more.get("few", few))


def a_match_list(matches: list[Match], n_candidates: int = 400) -> MatchList:
    """Matches as the service returns them."""
    return MatchList(tuple(matches), Evidence(812, 210, 14, 40, 0.61), n_candidates, NOON, "v1")


def a_profile(**more: object) -> ListenerProfile:
    """A profile of three artists over two decades; `more` are other fields."""
    items = tuple(Item(f"artist {n}", f"track {n}", 4.0 - n, "saved", 1990 + 20 * (n % 2)) for n in (1, 2, 3))
    fields = {
        "items": items,
        "facets": {"saved": Facet(Part.SAVED)},
        "names": {f"artist {n}": f"Artist {n}" for n in (1, 2, 3)},
        "parts": {Part.SAVED: PartStatus.OK, Part.RECENT: PartStatus.DENIED},
    }
    return ListenerProfile("ada", Source.SPOTIFY_API, **(fields | more))


@dataclass
class FakeStore:
    """Knows profiles."""

    profiles: dict[str, ListenerProfile] = field(default_factory=dict)

    def profile(self, listener_id: str) -> ListenerProfile | None:
        return self.profiles.get(listener_id)

    def synced_at_utc(self, listener_id: str) -> datetime | None:
        return NOON if listener_id in self.profiles else None


@dataclass
class FakeService:
    """Gives one list of matches, or raises one error, and counts how often it was asked."""

    found: MatchList | EarshotError
    listeners: dict[str, Listener] = field(default_factory=lambda: {"ada": ADA})
    asked: list[tuple[str, int]] = field(default_factory=list)
    asked_with: list[ListenerProfile | None] = field(default_factory=list)
    store: FakeStore = field(default_factory=FakeStore)
    found_unread: bool = False  # matches are there only for whoever brings a profile

    def listener(self, listener_id: str) -> Listener | None:
        return self.listeners.get(listener_id)

    def find_matches(
        self, listener_id: str, top_n: int = 20, asking: ListenerProfile | None = None
    ) -> MatchList:
        self.asked.append((listener_id, top_n))
        self.asked_with.append(asking)
        if self.found_unread and asking is None:
            raise NotSynced("not read yet")
        if isinstance(self.found, EarshotError):
            raise self.found
        return replace(self.found, matches=self.found.matches[:top_n])

    def find_match(self, listener_id: str, other_id: str) -> MatchList:
        every = self.everybody()
        if other_id not in every:
            raise UnknownListener("nobody")
        return replace(self.found, matches=(every[other_id],))

    def n_nearer(self, listener_id: str, other_id: str) -> int | None:
        """As many as stand before them in the list."""
        return self.everybody()[other_id].rank - 1

    def effects(
        self, listener_id: str, other_id: str, items: Sequence[ItemId]
    ) -> dict[ItemId, dict[str, float]]:
        """The n-th item adds n points."""
        return {item: {"towers": n / 100} for n, item in enumerate(items, start=1)}

    def shown_profile(self, listener_id: str) -> ListenerProfile | None:
        return self.store.profile(listener_id)

    def shows_enough(self, listener_id: str) -> bool:
        return True

    def everybody(self) -> dict[str, Match]:
        """Who can be found, by id."""
        found = () if isinstance(self.found, EarshotError) else self.found.matches
        return {one.listener.listener_id: one for one in found}


@dataclass
class FakeSyncs:
    """A board on which nothing moves by itself."""

    states: dict[str, SyncState] = field(default_factory=dict)
    started: list[str] = field(default_factory=list)
    stopped: list[str] = field(default_factory=list)

    def state(self, listener_id: str) -> SyncState | None:
        return self.states.get(listener_id)

    def start(self, listener_id: str) -> SyncState:
        self.started.append(listener_id)
        return self.states.setdefault(listener_id, SyncState(SyncStatus.RUNNING, NOON))

    def stop(self, listener_id: str) -> None:
        self.stopped.append(listener_id)

    def dismiss(self, listener_id: str) -> None:
        if (state := self.states.get(listener_id)) and state.status is not SyncStatus.RUNNING:
            del self.states[listener_id]


@dataclass
class FakeSessions:
    """Knows cookies; can be told that the database is away."""

    listener_by_cookie: dict[str, str] = field(default_factory=lambda: {COOKIE_VALUE: "ada"})
    error: EarshotError | None = None

    def listener_of(self, cookie: str | None) -> str | None:
        if self.error:
            raise self.error
        return self.listener_by_cookie.get(cookie or "")

    def is_open(self, cookie: str, listener_id: str) -> bool:
        return self.listener_of(cookie) == listener_id


class FakeModels:
    """One model for ever, without artists to pick from."""

    def pinned(self) -> AbstractContextManager[None]:
        return nullcontext()

    def has_picking(self) -> bool:
        return False


@dataclass
class FakeApplication:
    """What a page may ask of the process."""

    service: FakeService
    syncs: FakeSyncs = field(default_factory=FakeSyncs)
    sessions: FakeSessions = field(default_factory=FakeSessions)
    demo: bool = True
    again_at: datetime | None = None

    reconnect_by: datetime | None = None
    rests_until: datetime | None = None

    by_file: bool = False

    models = FakeModels()

    def reads_service(self, listener_id: str) -> bool:
        return not self.by_file

    def has_spotify(self, listener_id: str) -> bool:
        return not self.by_file

    def spotify_rests_until(self) -> datetime | None:
        return self.rests_until

    def reconnect_soon_by(self, listener_id: str) -> datetime | None:
        return self.reconnect_by

    def next_refresh_at(self, listener_id: str) -> datetime | None:
        return self.again_at

    @property
    def settings(self) -> SimpleNamespace:
        return SimpleNamespace(
            demo=self.demo,
            mode="demo" if self.demo else "live",
            secure_cookies=False,
            samples_url="",
            public_url="http://127.0.0.1:8501",
            spotify=True,
        )

    def sign_out_path(self, cookie_value: str, everywhere: bool = False) -> str:
        return f"/logout?token=proof-of-{cookie_value}" + ("&everywhere=1" if everywhere else "")


@dataclass
class FakeMeeting(FakeApplication):
    """An application with real consent, feedback and history over what a meeting keeps."""

    meeting: Meeting = field(default_factory=Meeting)
    heard: Heard = field(default_factory=lambda: Heard.of([]))

    @property
    def people(self) -> People:
        kept = self.meeting.with_all(self.service)
        return People(kept, kept, kept, self.service, self.service.store, lambda: NOON, skeleton)

    @property
    def browsing(self) -> Browsing:
        people, meeting = self.people, self.meeting
        return Browsing(
            matching=self.service,
            people=people,
            groups=self.groups,
            tastes=self.tastes,
            feedback=FeedbackLog(meeting.feedback, lambda: NOON),
            history=MatchHistory(meeting.history, meeting.later),
            profile_of=self.service.store.profile,
            model=lambda: SimpleNamespace(embedder=SimpleNamespace(model_version="v1"), ranker=RANKER),
        )

    @property
    def stories(self) -> Stories:
        return Stories(self.browsing, lambda version: self.heard, self.browsing.model)

    @property
    def tastes(self) -> FakeTastes:
        return self.meeting.tastes

    @property
    def groups(self) -> FakeGroups:
        return self.meeting.groups

    @property
    def playlists(self) -> FakePlaylists:
        return self.meeting.playlists


def an_application(found: MatchList | EarshotError | None = None, **more: object) -> FakeMeeting:
    """An application whose service answers `found`, three matches by default."""
    answer = a_match_list([a_match(n) for n in (1, 2, 3)]) if found is None else found
    return FakeMeeting(FakeService(answer), **more)
