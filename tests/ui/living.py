"""An application with the real use cases over stores in memory: for pages that change something."""

import random
from dataclasses import dataclass, field
from datetime import timedelta
from types import SimpleNamespace

from matcher.browsing.feedback import FeedbackLog
from matcher.browsing.history import MatchHistory
from matcher.browsing.rarity import Heard
from matcher.browsing.service import Browsing
from matcher.browsing.story import Stories
from matcher.domain.listening import Listening, Source
from matcher.groups.access import Access
from matcher.groups.service import Groups
from matcher.matching.service import MatchingService
from matcher.people.service import People
from matcher.ports import Account
from matcher.taste.service import Tastes
from spotify_client.calls.grants import Grants
from tests.fakes.people import FakePeople
from tests.fakes.records import FakeFeedbackStore, FakeHistoryStore
from tests.fakes.stores import (
    FakeAttributeStore,
    FakeGrantStore,
    FakeListenerStore,
    FakeRecoveryKeyStore,
    FakeSessionStore,
)
from tests.fakes.tastes import FakeTasteStore
from tests.matcher.taste.test_service import NOON, PIPELINE, Library, listed, saved
from tests.spotify_client.conftest import make_grant
from tests.ui.fakes import COOKIE_VALUE, FakeModels, FakeSyncs
from towers.serving.kmeans import SeededKMeans
from wiring.bootstrap import Application
from wiring.lookalikes import skeleton
from wiring.signing_in.recovery_keys import RecoveryKeys, new_account
from wiring.signing_in.sessions import Sessions, hash_of

LINK = "https://open.spotify.com/user/ada"
MINE = (
    saved("Low", "Lullaby"),
    saved("Can", "Vitamin C"),
    saved("Neu!", "Hallogallo"),
    *(listed(f"Nursery {n}", "sleep", f"Twinkle {n}") for n in range(6)),
    listed("Low", "loud", "Canada"),
    listed("Can", "loud", "Spoon"),
)
CROWD = {f"grown {n}": ("Low", "Can", "Faust", "Harmonia") for n in range(3)} | {
    f"child {n}": tuple(f"Nursery {m}" for m in range(6)) for n in range(3)
}
"""Three who hear what Ada hears, and three who hear what her playlist “Sleep” holds."""


def noon():
    return NOON


@dataclass
class LivingApplication:
    """What a page may ask of the process; Ada is signed in and was read, and there is a crowd around her."""

    demo: bool = True
    hearings: tuple = MINE
    grants_kept: FakeGrantStore = field(default_factory=FakeGrantStore)
    sessions_kept: FakeSessionStore = field(default_factory=FakeSessionStore)
    syncs: FakeSyncs = field(default_factory=FakeSyncs)

    def __post_init__(self) -> None:
        self.store = FakeListenerStore(self.grants_kept, self.sessions_kept)
        self.taste_store = FakeTasteStore(self.store)
        self.tastes = Tastes(self.taste_store, lambda: PIPELINE, SeededKMeans(), noon, least=1)
        rng, attributes = random.Random(1), FakeAttributeStore()
        self.service = MatchingService(
            self.store, lambda: PIPELINE, attributes, noon, rng, tastes=self.tastes
        )
        self.kept = FakePeople(self.store, self.tastes.show)
        self.people = People(self.kept, self.kept, self.kept, self.service, self.store, noon, skeleton)
        self.browsing = Browsing(
            matching=self.service,
            people=self.people,
            groups=Groups(self.store, Access(self.kept), lambda: PIPELINE),
            tastes=self.tastes,
            feedback=FeedbackLog(FakeFeedbackStore(self.store.rows), noon),
            history=MatchHistory(FakeHistoryStore(self.store.rows), noon),
            profile_of=self.store.profile,
            model=lambda: PIPELINE,
        )
        self.stories = Stories(self.browsing, lambda version: Heard.of([]), self.service.model)
        self.grants = Grants(self.grants_kept, None, noon)
        self.sessions = Sessions(self.sessions_kept, noon)
        self.recovery_keys = RecoveryKeys(FakeRecoveryKeyStore(), noon)
        self._fill()

    def _fill(self) -> None:
        crowd = [Listening(key, Source.TABLE, tuple(map(saved, names))) for key, names in CROWD.items()]
        self.service.import_candidates(crowd, lambda one: Account(f"table:{one.listener_id}"))
        self.ada = self.join("ada", *self.hearings)
        self.grants.keep(self.ada, make_grant())
        self.sessions_kept.begin(hash_of(COOKIE_VALUE), self.ada, NOON, NOON + timedelta(days=1))

    def join(self, name, *hearings):
        """Somebody who has signed in, and was read if there is something to read; hidden."""
        key = self.service.connect_listener(Account(f"spotify:{name}", LINK)).listener_id
        if hearings:
            self.service.refresh_listener(key, Library(*hearings))
        return key

    def come_by_file(self, cookie, *hearings):
        """Somebody with a recovery key who is signed in with a cookie; read if there is something to read."""
        key = self.service.connect_listener(new_account(), Source.SPOTIFY_EXPORT).listener_id
        self.recovery_keys.make(key)
        self.sessions_kept.begin(hash_of(cookie), key, NOON, NOON + timedelta(days=1))
        if hearings:
            self.service.refresh_listener(key, Library(*hearings))
        return key

    def bring(self, name, *hearings):
        """Somebody who can be found."""
        key = self.join(name, *(hearings or (saved("Low"),)))
        self.people.choose_discoverable(key, True)
        return key

    playlists = SimpleNamespace(addresses=lambda listener_id: {"low": "https://open.spotify.com/artist/low"})

    @property
    def choices(self):
        return self.people.choices(self.ada)

    def clock(self):
        return NOON

    @property
    def settings(self):
        return SimpleNamespace(
            demo=self.demo,
            mode="demo" if self.demo else "live",
            secure_cookies=False,
            samples_url="",
            public_url="http://127.0.0.1:8501",
            spotify=True,
        )

    models = FakeModels()
    has_spotify = reads_service = Application.has_spotify
    has_key, disconnect_spotify = Application.has_key, Application.disconnect_spotify
    remove_source, _leave_spotify = Application.remove_source, Application._leave_spotify
    readings = SimpleNamespace(wipe=lambda listener_id: None)
    named_sources = SimpleNamespace(names=SimpleNamespace(drop=lambda listener_id, origin: None))

    def reconnect_soon_by(self, listener_id):
        return None

    def spotify_rests_until(self):
        return None

    def next_refresh_at(self, listener_id):
        return None

    def sign_out_path(self, cookie_value, everywhere=False):
        return f"/logout?token=proof-of-{cookie_value}" + ("&everywhere=1" if everywhere else "")

    def export_path(self, cookie_value):
        return f"/export?token=proof-for-{cookie_value}"
