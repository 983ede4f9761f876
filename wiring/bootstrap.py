"""The only place where adapters meet: one Application per process."""

import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Lock

from matcher.browsing.feedback import FeedbackLog
from matcher.browsing.history import MatchHistory
from matcher.browsing.map_view import MapViews, points_in
from matcher.browsing.rarity import Heard, heard_in
from matcher.browsing.service import Browsing
from matcher.browsing.story import Stories
from matcher.domain.listening import Source
from matcher.errors import MatchingError, ModelError, NotSynced, TasteTooSoon
from matcher.groups.access import Access
from matcher.groups.service import Groups
from matcher.matching.service import Glimpse, MatchingService
from matcher.people.service import People
from matcher.ports import (
    AttributeStore,
    ItemIdStore,
    ListeningSource,
    ModelRegistry,
    PendingLoginStore,
    PlaylistMaker,
    RelationStore,
    Report,
    TrainingLibraries,
    WaitingSignInStore,
)
from matcher.taste.change_limit import TastePace
from matcher.taste.service import TasteChange, Tastes
from spotify_client.calls.grants import Grants
from spotify_client.library.fetch import SpotifyListeningSource
from spotify_client.library.playlists import SpotifyPlaylists
from spotify_client.signing_in.auth import SpotifyLogin
from storage.search.map_points import PostgresPositionStore
from storage.server.database import Database, open_database
from storage.server.migrate import require_plain_role, upgrade
from storage.stores.lifetime.retention import PostgresRetention, RetentionTimes
from storage.stores.listeners.listeners import PostgresListenerStore
from storage.stores.listeners.tastes import PostgresTasteStore
from storage.stores.music.attribute_answers import PostgresAttributeCache
from storage.stores.music.attributes import PostgresAttributeStore
from storage.stores.music.cooldowns import PostgresCooldownStore
from storage.stores.music.item_ids import PostgresItemIdStore
from storage.stores.music.made_playlists import PostgresMadePlaylistStore
from storage.stores.music.readings import PostgresReadingStore
from storage.stores.people.consent import PostgresConsentStore
from storage.stores.people.personal_data import PostgresPersonalData
from storage.stores.people.relations import PostgresRelationStore
from storage.stores.people.training import PostgresTrainingLibraries
from storage.stores.records.change_counts import PostgresPaceStore
from storage.stores.records.feedback import PostgresFeedbackStore
from storage.stores.records.history import PostgresHistoryStore
from storage.stores.records.models import PostgresModelRegistry
from storage.stores.signing_in.cipher import GrantCipher
from storage.stores.signing_in.grants import PostgresGrantStore
from storage.stores.signing_in.pending_logins import PostgresPendingLoginStore
from storage.stores.signing_in.recovery_keys import PostgresRecoveryKeyStore
from storage.stores.signing_in.service_names import PostgresServiceNameStore
from storage.stores.signing_in.sessions import PostgresSessionStore
from storage.stores.signing_in.waiting_sign_ins import PostgresWaitingSignInStore
from towers.serving.kmeans import SeededKMeans
from wiring.attributes import attribute_providers
from wiring.checks import make_home
from wiring.daily_cache import DailyCache
from wiring.lookalikes import skeleton
from wiring.models import ModelInService, ModelShelf
from wiring.named_sources import NamedSources
from wiring.refresh_interval import RefreshPace
from wiring.settings import Settings, settings
from wiring.signing_in.keys import fingerprints, grant_cipher
from wiring.signing_in.recovery_keys import RecoveryKeys, new_account
from wiring.signing_in.sessions import Sessions, export_token, sign_out_token
from wiring.spotify import lastfm, listenbrainz, spotify_settings
from wiring.syncs import SyncBoard
from wiring.uploads import Uploads


@dataclass(frozen=True, slots=True)
class Application:
    """Everything the pages, the routes and the command line use.

    Every method that asks the database raises StorageUnreachable when it does not answer.

    Attributes:
        people: use cases between listeners; pages see matches through these only.
        listening: reads a signed-in listener's library.
        named_sources: read listening by user name; its services say whose a token is.
        map_view: the taste map.
        heard: what a sample of listeners shows, by model version.
        groups: groups of connected listeners.
        syncs: background refreshes.
        uploads: files that arrive or wait to be read.
        readings: what was read from Spotify.
        pace: minimum interval between refreshes.
        grants, pending_logins, waiting_sign_ins, attribute_store, item_ids: stores without a use case.
    """

    settings: Settings
    database: Database
    service: MatchingService
    tastes: Tastes
    people: People
    login: SpotifyLogin
    listening: ListeningSource
    named_sources: NamedSources
    playlists: PlaylistMaker
    map_view: MapViews
    heard: Callable[[str], Heard]
    groups: Groups
    sessions: Sessions
    recovery_keys: RecoveryKeys
    syncs: SyncBoard
    uploads: Uploads
    readings: PostgresReadingStore
    grants: Grants
    pending_logins: PendingLoginStore
    waiting_sign_ins: WaitingSignInStore
    attribute_store: AttributeStore
    item_ids: ItemIdStore
    models: ModelInService
    registry: ModelRegistry
    pace: RefreshPace
    feedback: FeedbackLog
    history: MatchHistory
    retention: PostgresRetention
    training: TrainingLibraries

    @property
    def browsing(self) -> Browsing:
        """Use cases of the match list."""
        return Browsing(
            matching=self.service,
            people=self.people,
            groups=self.groups,
            tastes=self.tastes,
            feedback=self.feedback,
            history=self.history,
            profile_of=self.service.store.profile,
            model=self.models.pipeline,
        )

    @property
    def stories(self) -> Stories:
        """Stories of listeners' own tastes."""
        return Stories(self.browsing, self.heard, self.models.pipeline)

    def clock(self) -> datetime:
        """Current time, UTC."""
        return now_utc()

    def model_version(self) -> str:
        """Version of the model in service.

        Raises:
            ModelMissing, ModelBroken: there is no usable model.
        """
        return self.models.pipeline().embedder.model_version

    def reads_service(self, listener_id: str) -> bool:
        """Whether a service is asked for the listener's music; else they bring files."""
        return self.has_spotify(listener_id) or bool(self.named_sources.names.of(listener_id))

    def has_spotify(self, listener_id: str) -> bool:
        """Whether the listener signs in with Spotify, alone or beside a recovery key."""
        account = self.service.account_of(listener_id)
        return account is not None and not account.by_key_alone

    def has_key(self, listener_id: str) -> bool:
        """Whether the listener signs in with a recovery key, alone or beside Spotify."""
        if self.recovery_keys.made_at_utc(listener_id) is not None:
            return True
        account = self.service.account_of(listener_id)
        return account is not None and account.by_key_alone

    def disconnect_spotify(self, listener_id: str) -> None:
        """Forget Spotify's permission, and stop a running reading.

        Where a recovery key signs in too, Spotify no longer does, and what was read from it is deleted;
        unless there is nothing else to match on.
        """
        if self._leave_spotify(listener_id):
            with suppress(MatchingError, ModelError, TasteTooSoon):
                self.tastes.remove_source(listener_id, Source.SPOTIFY_API)

    def _leave_spotify(self, listener_id: str) -> bool:
        """Forget Spotify's permission; whether only a recovery key signs in from now on."""
        self.syncs.stop(listener_id)
        self.grants.disconnect(listener_id)
        by_key = self.has_key(listener_id)
        if by_key and self.has_spotify(listener_id):
            self.service.change_account(listener_id, new_account())
            self.readings.wipe(listener_id)
        return by_key

    def remove_source(self, listener_id: str, origin: str) -> TasteChange:
        """Delete what was read from one source, with its name or lists.

        Spotify is disconnected with it where a recovery key signs in too.

        Raises:
            EarshotError: as for `Tastes.remove_source`.
        """
        change = self.tastes.remove_source(listener_id, origin)
        if origin == Source.SPOTIFY_API:
            self.readings.wipe(listener_id)
            if self.has_key(listener_id):
                self._leave_spotify(listener_id)
        self.named_sources.names.drop(listener_id, origin)
        return change

    def next_refresh_at(self, listener_id: str) -> datetime | None:
        """When the library may be read again; None if now."""
        return self.pace.next_at(listener_id)

    def spotify_rests_until(self) -> datetime | None:
        """End of Spotify's rate limit for this app; None if there is none."""
        return self.login.closed_until()

    def reconnect_soon_by(self, listener_id: str) -> datetime | None:
        """When the listener must sign in at Spotify again; None if over a month away."""
        return self.grants.reconnect_soon_by(listener_id)

    def sign_out_path(self, cookie_value: str, everywhere: bool = False) -> str:
        """Path of the sign-out link; `everywhere` signs out all browsers."""
        return f"/logout?token={sign_out_token(cookie_value)}" + ("&everywhere=1" if everywhere else "")

    def export_path(self, cookie_value: str) -> str:
        """Path of the link that exports one's own data, made on request."""
        return f"/export?token={export_token(cookie_value)}"

    def close(self) -> None:
        """Stop running refreshes, discard uploads, and close the database."""
        self.syncs.close()
        self.uploads.close()
        self.database.close()


def now_utc() -> datetime:
    """Current time, aware, UTC."""
    return datetime.now(UTC)


def build(config: Settings) -> Application:
    """Build the application.

    Raises:
        SettingsError: the home folder is not writable, or the database address is invalid.
        StorageUnusable: the database answers, but does not meet Earshot's needs.
    """
    make_home(config)
    database = open_configured(config)
    try:
        require_plain_role(database.engine)
        upgrade(database)
        return _application_on(database, config)
    except BaseException:
        database.close()
        raise


def open_configured(config: Settings) -> Database:
    """Open the database in the settings without migrating its schema.

    Raises:
        SettingsError: its address is invalid.
        StorageUnreachable: the embedded server does not start.
    """
    url, owner_url = (
        one.get_secret_value() if one else None for one in (config.database_url, config.database_owner_url)
    )
    return open_database(url, config.home / "postgres", owner_url)


def _application_on(database: Database, config: Settings) -> Application:
    spotify = spotify_settings(config)
    cooldowns = PostgresCooldownStore(database)
    login = SpotifyLogin(spotify, now_utc, cooldowns)
    cipher = grant_cipher(config)
    grants = Grants(PostgresGrantStore(database, cipher), login, now_utc)
    registry = PostgresModelRegistry(database)
    shelf = ModelShelf(config.home / "models")
    models = ModelInService(config.model_folder, registry, now_utc, shelf)
    attributes, cache = PostgresAttributeStore(database), PostgresAttributeCache(database)
    limits = config.taste_changes_10_min, config.taste_changes_day
    taste_pace = TastePace(PostgresPaceStore(database), now_utc, *limits)
    taste_store = PostgresTasteStore(database)
    tastes = Tastes(
        taste_store, models.pipeline, SeededKMeans(), now_utc, others=models.others, pace=taste_pace
    )
    known_again = fingerprints(config)
    service = MatchingService(
        store=PostgresListenerStore(database, known_again),
        model=models.pipeline,
        attributes=attribute_providers(config, attributes, grants, spotify, cooldowns, cache, now_utc),
        clock=now_utc,
        rng=random.SystemRandom(),
        tastes=tastes,
    )
    positions, relations = PostgresPositionStore(database), PostgresRelationStore(database)
    access = Access(relations)
    made = PostgresMadePlaylistStore(database)
    readings, item_ids = PostgresReadingStore(database), PostgresItemIdStore(database)
    listening = SpotifyListeningSource(grants, spotify, cooldowns, now_utc, readings=readings, made=made)
    named = NamedSources(
        PostgresServiceNameStore(database, cipher), listenbrainz(config, now_utc), lastfm(config, now_utc)
    )
    pace = RefreshPace(
        service.store, config.refresh_interval, now_utc, login.closed_until, taste_store.read_times
    )
    return Application(
        settings=config,
        database=database,
        service=service,
        tastes=tastes,
        people=_people(relations, database, cipher, service),
        login=login,
        listening=listening,
        named_sources=named,
        map_view=MapViews(service.store, access, DailyCache(points_in(positions), now_utc), models.pipeline),
        heard=DailyCache(heard_in(positions), now_utc),
        groups=Groups(service.store, access, models.pipeline),
        playlists=SpotifyPlaylists(grants, spotify, cooldowns, readings, now_utc, item_ids, made),
        sessions=Sessions(PostgresSessionStore(database), now_utc),
        recovery_keys=RecoveryKeys(PostgresRecoveryKeyStore(database), now_utc),
        syncs=SyncBoard(partial(_refresh, service, listening, named, pace), now_utc),
        uploads=_uploads(config),
        readings=readings,
        grants=grants,
        pending_logins=PostgresPendingLoginStore(database),
        waiting_sign_ins=PostgresWaitingSignInStore(database, cipher),
        attribute_store=attributes,
        item_ids=item_ids,
        models=models,
        registry=registry,
        pace=pace,
        feedback=FeedbackLog(PostgresFeedbackStore(database), now_utc),
        history=MatchHistory(PostgresHistoryStore(database), now_utc),
        retention=PostgresRetention(
            database, RetentionTimes(idle=timedelta(days=config.idle_days)), known_again
        ),
        training=PostgresTrainingLibraries(database),
    )


def _people(
    relations: RelationStore, database: Database, cipher: GrantCipher, service: MatchingService
) -> People:
    return People(
        consent=PostgresConsentStore(database, service.tastes.show),
        relations=relations,
        personal_data=PostgresPersonalData(database, cipher),
        matching=service,
        profiles=service.store,
        clock=now_utc,
        skeleton=skeleton,
    )


def _refresh(
    service: MatchingService,
    listening: ListeningSource,
    named: NamedSources,
    pace: RefreshPace,
    listener_id: str,
    report: Report,
    glimpse: Glimpse,
) -> TasteChange:
    """Read again what services have of a listener."""
    pace.check(listener_id)
    account = service.account_of(listener_id)
    sources: list[ListeningSource] = [*named.of(listener_id)]
    if account is None or not account.by_key_alone:
        sources.insert(0, listening)
    if not sources:
        raise NotSynced("the listener's music is in files")
    # only a first refresh shows partial matches; later ones keep the earlier list until all is read
    is_first = service.store.synced_at_utc(listener_id) is None
    changes = [
        service.refresh_listener(listener_id, one, report, glimpse if is_first else None) for one in sources
    ]
    return TasteChange(any(one.changed for one in changes), changes[-1].profile)


def _uploads(config: Settings) -> Uploads:
    uploads = Uploads(config.home / "uploads", config.upload_mb * 1_000_000, config.uploads_at_once)
    uploads.clean()
    return uploads


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
