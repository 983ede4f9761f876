"""Libraries in PostgreSQL whose listeners agreed to training."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from matcher.domain.listening import Source
from matcher.ports import AgreedLibraries
from storage.server.database import Database
from storage.sql.schema import sources, training_consents
from storage.stores.listeners.tastes import kept_taste


@dataclass(frozen=True, slots=True)
class PostgresTrainingLibraries:
    """`TrainingLibraries` on PostgreSQL; one transaction for each listener."""

    database: Database

    def agreed(self) -> Iterator[AgreedLibraries]:
        query = select(training_consents.c.listener_id).distinct().order_by(training_consents.c.listener_id)
        for row in self.database.rows(query):
            found = self._of(row.listener_id)
            if found.libraries:
                yield found

    def _of(self, key: UUID) -> AgreedLibraries:
        # whoever typed a name cannot agree for whose it is
        mine = (training_consents.c.listener_id == key, sources.c.proven)
        query = select(training_consents.c.origin).join(sources).where(*mine)
        with self.database.transaction() as connection:
            origins = connection.execute(query).scalars().all()
            kept = kept_taste(connection, key)
            known = kept.libraries() if origins else {}
        wanted = (known[one] for one in sorted(origins) if one in known and Source.of_origin(one).trainable)
        # by its content as well, should a library stand under another origin
        libraries = tuple(one for one in wanted if one.source.trainable)
        return AgreedLibraries(libraries, kept.exclusions)
