"""Listeners who are really matched and act on each other: over the fakes, or over PostgreSQL."""

from collections.abc import Callable
from dataclasses import dataclass

from cryptography.fernet import Fernet

from matcher.domain.consent import SeenMatch
from matcher.domain.listening import Source
from matcher.matching.service import MatchingService
from matcher.people.service import People
from matcher.ports import Account
from storage.server.database import Database
from storage.sql.schema import metadata
from storage.stores.listeners.listeners import PostgresListenerStore
from storage.stores.listeners.tastes import PostgresTasteStore
from storage.stores.people.consent import PostgresConsentStore
from storage.stores.people.personal_data import PostgresPersonalData
from storage.stores.people.relations import PostgresRelationStore
from storage.stores.signing_in.cipher import GrantCipher
from tests.fakes.people import FakePeople
from tests.fakes.stores import FakeListenerStore
from tests.fakes.tastes import FakeTasteStore
from tests.matcher.matching.test_service import NOW, FakeEmbedder, FakeLibrary, listening, service_over
from wiring.lookalikes import skeleton

CIPHER = GrantCipher([Fernet.generate_key()])
LINK = "https://open.spotify.com/user/"


@dataclass
class World:
    """Earshot without pages and without Spotify; `dump` is everything that is kept, as text."""

    people: People
    service: MatchingService
    dump: Callable[[], str]

    def sign_in(self, name: str) -> str:
        return self.service.connect_listener(Account(f"spotify:{name}", LINK + name)).listener_id

    def refresh(self, listener_id: str, *artists: str) -> None:
        self.service.refresh_listener(listener_id, FakeLibrary(*artists))

    def join(self, name: str, *artists: str) -> str:
        """Somebody who has signed in, was read, and lets themselves be found."""
        key = self.sign_in(name)
        self.refresh(key, *(artists or ("Low", "Can")))
        self.people.choose_discoverable(key, True)
        return key

    def bring_in(self, name: str, source: Source) -> str:
        """Somebody from a table, whom nobody signs in as."""
        rows = [listening(name, "Low", "Can", source=source)]
        self.service.import_candidates(rows, lambda one: Account(f"table:{one.listener_id}"))
        return str(self.service.owner_of(Account(f"table:{name}")))

    def see_matches(self, listener_id: str, top_n: int = 20) -> tuple[SeenMatch, ...]:
        """The nearest, each as far as they allow it."""
        return self.people.show(listener_id, self.service.find_matches(listener_id, top_n))


def world_in_memory() -> World:
    store = FakeListenerStore()
    service = service_over(store, FakeTasteStore(store), FakeEmbedder())
    kept = FakePeople(store, service.tastes.show)

    def dump() -> str:
        return repr(
            (store.rows, kept.sharing, kept.asked, kept.blocked_at, kept.reports, kept.declined, kept.audit)
        )

    return World(People(kept, kept, kept, service, store, lambda: NOW, skeleton), service, dump)


def world_on(database: Database) -> World:
    """A world in an emptied database."""
    with database.upkeep() as connection:
        connection.exec_driver_sql(f"TRUNCATE {', '.join(metadata.tables)} CASCADE")
    store = PostgresListenerStore(database)
    service = service_over(store, PostgresTasteStore(database), FakeEmbedder())
    people = People(
        consent=PostgresConsentStore(database, service.tastes.show),
        relations=PostgresRelationStore(database),
        personal_data=PostgresPersonalData(database, CIPHER),
        matching=service,
        profiles=store,
        clock=lambda: NOW,
        skeleton=skeleton,
    )
    return World(people, service, lambda: everything_in(database))


def everything_in(database: Database) -> str:
    """Every row of every table as text."""
    with database.transaction() as connection:
        tables = [
            connection.exec_driver_sql(f"SELECT t::text FROM {name} t").scalars() for name in metadata.tables
        ]
        return "\n".join(row for rows in tables for row in rows)
