"""The only place where adapters meet: one Application a process."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Lock

from matcher.atlas import Atlas, crowd_in
from matcher.browsing import Browsing
from matcher.circle import ConsentedCircle
from matcher.feedback import FeedbackLog
from matcher.history import MatchHistory
from matcher.people import People
from matcher.ports import (
    AttributeStore,
    ListeningSource,
    ModelRegistry,
    PendingLoginStore,
    PlaylistMaker,
    RelationStore,
    Report,
)
from matcher.service import Glimpse, MatchingService, RefreshOutcome
from matcher.taste import Tastes
from matcher.together import Together
from spotify_client.auth import SpotifyLogin
from spotify_client.fetch import SpotifyListeningSource
from spotify_client.grants import Grants
from spotify_client.playlists import SpotifyPlaylists
from storage.answers import PostgresAttributeCache
from storage.attributes import PostgresAttributeStore
from storage.cipher import GrantCipher, load_or_create_keys
from storage.consent import PostgresConsentStore
from storage.cooldowns import PostgresCooldownStore
from storage.database import Database, open_database
from storage.feedback import PostgresFeedbackStore
from storage.grants import PostgresGrantStore
from storage.history import PostgresHistoryStore
from storage.listeners import PostgresListenerStore
from storage.migrate import upgrade
from storage.models import PostgresModelRegistry
from storage.pending_logins import PostgresPendingLoginStore
from storage.personal_data import PostgresPersonalData
from storage.positions import PostgresPositionStore
from storage.readings import PostgresReadingStore
from storage.relations import PostgresRelationStore
from storage.retention import PostgresRetention, RetentionTimes
from storage.sessions import PostgresSessionStore
from storage.tastes import PostgresTasteStore
from towers.serving.kmeans import SeededKMeans
from wiring.attributes import attribute_providers
from wiring.crowds import RememberedCrowd
from wiring.models import ModelInService
from wiring.pace import RefreshPace
from wiring.sessions import Sessions, export_token, sign_out_token
from wiring.settings import Settings, settings
from wiring.spotify import spotify_settings
from wiring.syncs import SyncBoard


@dataclass(frozen=True, slots=True)
class Application:
    """Everything the pages, the routes and the command line use.

    Attributes:
        settings: of this process.
        database: to be closed at the end.
        service: the use cases of matching.
        tastes: what of a library counts, and the facets one can be matched on.
        people: the use cases between listeners: pages see matches through these only.
        login: the trip to Spotify.
        listening: reads a signed-in listener's library.
        playlists: makes playlists in a signed-in listener's library.
        atlas: draws the taste map.
        together: looks at listeners who are connected, as far as they let it be seen.
        sessions: signed-in browsers.
        syncs: refreshes in the background.
        grants, pending_logins, attribute_store: stores that have no use case in front of them.
        models: the model in service.
        registry: the models that have served here.
        pace: how often a library may be read again.
        feedback: what listeners do with their matches.
        history: what they saw when they looked.
        retention: deletes what has been kept long enough.
    """

    settings: Settings
    database: Database
    service: MatchingService
    tastes: Tastes
    people: People
    login: SpotifyLogin
    listening: ListeningSource
    playlists: PlaylistMaker
    atlas: Atlas
    together: Together
    sessions: Sessions
    syncs: SyncBoard
    grants: Grants
    pending_logins: PendingLoginStore
    attribute_store: AttributeStore
    models: ModelInService
    registry: ModelRegistry
    pace: RefreshPace
    feedback: FeedbackLog
    history: MatchHistory
    retention: PostgresRetention

    @property
    def browsing(self) -> Browsing:
        """How listeners look at their matches."""
        return Browsing(
            matching=self.service,
            people=self.people,
            tastes=self.tastes,
            feedback=self.feedback,
            history=self.history,
            profile_of=self.service.store.profile,
            model=self.models.pipeline,
        )

    def clock(self) -> datetime:
        """The time now, UTC."""
        return now_utc()

    def model_version(self) -> str:
        """The version of the model in service.

        Raises:
            ModelMissing, ModelBroken: there is none that can be used.
        """
        return self.models.pipeline().embedder.model_version

    def next_refresh_at(self, listener_id: str) -> datetime | None:
        """When the listener's library may be read again; None if now.

        Raises:
            StorageUnreachable: the database does not answer.
        """
        return self.pace.next_at(listener_id)

    def reconnect_soon_by(self, listener_id: str) -> datetime | None:
        """By when the listener has to sign in at Spotify again; None if that is more than a month away.

        Raises:
            StorageUnreachable: the database does not answer.
        """
        return self.grants.reconnect_soon_by(listener_id)

    def sign_out_path(self, cookie_value: str, everywhere: bool = False) -> str:
        """Where a sign-out link leads: a plain navigation in the same tab; `everywhere`, in every browser."""
        return f"/logout?token={sign_out_token(cookie_value)}" + ("&everywhere=1" if everywhere else "")

    def export_path(self, cookie_value: str) -> str:
        """Where the link to everything that is kept of oneself leads; it is made when it is asked for."""
        return f"/export?token={export_token(cookie_value)}"

    def close(self) -> None:
        """Wait for running refreshes and let go of the database."""
        self.syncs.close()
        self.database.close()


def now_utc() -> datetime:
    """The time now, aware, UTC."""
    return datetime.now(UTC)


def build(config: Settings) -> Application:
    """Put everything together.

    Raises:
        StorageUnreachable: the database does not answer.
    """
    config.home.mkdir(parents=True, exist_ok=True)
    url = config.database_url.get_secret_value() if config.database_url else None
    database = open_database(url, config.home / "postgres")
    upgrade(database.engine)
    spotify = spotify_settings(config)
    cooldowns = PostgresCooldownStore(database)
    login = SpotifyLogin(spotify, now_utc, cooldowns)
    cipher = _cipher(config)
    grants = Grants(PostgresGrantStore(database, cipher), login, now_utc)
    registry = PostgresModelRegistry(database)
    models = ModelInService(config.model_folder, registry, now_utc)
    attributes, cache = PostgresAttributeStore(database), PostgresAttributeCache(database)
    tastes = Tastes(PostgresTasteStore(database), models.pipeline, SeededKMeans(), now_utc)
    service = MatchingService(
        store=PostgresListenerStore(database),
        model=models.pipeline,
        attributes=attribute_providers(config, attributes, grants, spotify, cooldowns, cache, now_utc),
        clock=now_utc,
        rng=random.SystemRandom(),
        tastes=tastes,
    )
    positions, relations = PostgresPositionStore(database), PostgresRelationStore(database)
    readings = PostgresReadingStore(database)
    listening = SpotifyListeningSource(grants, spotify, cooldowns, now_utc, readings=readings)
    pace = RefreshPace(service.store, config.refresh_interval, now_utc)
    return Application(
        settings=config,
        database=database,
        service=service,
        tastes=tastes,
        people=_people(relations, database, cipher, service),
        login=login,
        listening=listening,
        atlas=Atlas(service.store, RememberedCrowd(crowd_in(positions), now_utc), models.pipeline),
        together=Together(service.store, ConsentedCircle(relations), models.pipeline),
        playlists=SpotifyPlaylists(grants, spotify, cooldowns, readings, now_utc),
        sessions=Sessions(PostgresSessionStore(database), now_utc),
        syncs=SyncBoard(partial(_refresh, service, listening, pace), now_utc),
        grants=grants,
        pending_logins=PostgresPendingLoginStore(database),
        attribute_store=attributes,
        models=models,
        registry=registry,
        pace=pace,
        feedback=FeedbackLog(PostgresFeedbackStore(database), now_utc),
        history=MatchHistory(PostgresHistoryStore(database), now_utc),
        retention=PostgresRetention(database, RetentionTimes(idle=timedelta(days=config.idle_days))),
    )


def _people(
    relations: RelationStore, database: Database, cipher: GrantCipher, service: MatchingService
) -> People:
    return People(
        consent=PostgresConsentStore(database),
        relations=relations,
        personal_data=PostgresPersonalData(database, cipher),
        matching=service,
        profiles=service.store,
        clock=now_utc,
    )


def _refresh(
    service: MatchingService,
    listening: ListeningSource,
    pace: RefreshPace,
    listener_id: str,
    report: Report,
    glimpse: Glimpse,
) -> RefreshOutcome:
    """Whoever has matches already keeps them until everything was read; others get a glimpse."""
    pace.check(listener_id)
    is_first = service.store.synced_at_utc(listener_id) is None
    return service.refresh_listener(listener_id, listening, report, glimpse if is_first else None)


def _cipher(config: Settings) -> GrantCipher:
    if config.grant_keys:
        keys = config.grant_keys.get_secret_value().split(",")
        return GrantCipher([key.strip().encode() for key in keys])
    return GrantCipher(load_or_create_keys(config.home / "grants.key"))


_application: Application | None = None
_building = Lock()


def application() -> Application:
    """The Application of this process, built on first use.

    Raises:
        EarshotError: it cannot be built; the next call tries again.
    """
    global _application  # noqa: PLW0603
    with _building:
        if _application is None:
            _application = build(settings())
        return _application


def close_application() -> None:
    """Close the Application of this process, if it was built."""
    global _application  # noqa: PLW0603
    with _building:
        if _application is not None:
            _application.close()
        _application = None
