"""Listeners, profiles and vectors in PostgreSQL."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Text, cast, delete, func, select, true

from matcher.domain.json_codec import profile_from_json
from matcher.domain.listening import Source
from matcher.domain.profile import ListenerProfile
from matcher.domain.vectors import Floats
from matcher.ports import (
    Account,
    Candidate,
    ErasureReceipt,
    Known,
    Listener,
    Question,
    Retrieved,
    Seen,
)
from storage.search import indexing, retrieval
from storage.server.database import Database
from storage.sql.arrays import among
from storage.sql.audit import ERASURE, note
from storage.sql.schema import listeners, profiles, vectors
from storage.sql.text import from_json_text, index_key, row_id
from storage.sql.vector_codec import from_sent, sent
from storage.sql.visibility import has_brought, seen_by
from storage.stores.lifetime.erasure import erase, erase_imported
from storage.stores.lifetime.fingerprints import Fingerprints
from storage.stores.lifetime.safeguards import KEPT_FOR
from storage.stores.listeners import accounts
from storage.stores.listeners.accounts import LISTENER, listener_of
from storage.stores.listeners.bulk_import import merge_candidates
from storage.stores.listeners.profiles import ASKED_WITH, read_known


@dataclass(frozen=True, slots=True)
class PostgresListenerStore:
    """`ListenerStore` on PostgreSQL. Every method is one transaction."""

    database: Database
    fingerprints: Fingerprints = field(default_factory=Fingerprints)

    def connect(self, account: Account, source: Source, alias: str, now: datetime) -> Listener:
        with self.database.transaction() as connection:
            return accounts.connect(connection, account, source, alias, now, self.fingerprints)

    def owner_of(self, account: Account) -> str | None:
        query = select(listeners.c.id).where(listeners.c.account_key == index_key(account.key))
        found = self.database.scalar(query)
        return None if found is None else str(found)

    def change_account(self, listener_id: str, account: Account, now: datetime) -> None:
        with self.database.transaction() as connection:
            accounts.change(connection, row_id(listener_id), account, now, self.fingerprints)

    def account_of(self, listener_id: str) -> Account | None:
        """Over-long keys are returned as digests."""
        query = select(listeners.c.account_key, listeners.c.profile_url)
        rows = self.database.rows(query.where(listeners.c.id == row_id(listener_id)))
        return next((Account(key, link or "") for key, link in rows), None)

    def listener(self, listener_id: str) -> Listener | None:
        return self.listeners([listener_id]).get(listener_id)

    def listeners(self, listener_ids: Sequence[str]) -> Mapping[str, Listener]:
        query = select(*LISTENER).where(listeners.c.id.in_(_row_ids(listener_ids)))
        return {str(row.id): listener_of(row) for row in self.database.rows(query)}

    def add_candidates(
        self, candidates: Iterable[Candidate], aliases: Iterable[str], model_version: str, now: datetime
    ) -> int:
        """The last candidate of an account wins; a replaced listener keeps id and alias."""
        with self.database.transaction(patient=True) as connection:
            return merge_candidates(connection, candidates, aliases, model_version, now)

    def profile(self, listener_id: str) -> ListenerProfile | None:
        return self.profiles([listener_id]).get(listener_id)

    def profiles(self, listener_ids: Sequence[str]) -> Mapping[str, ListenerProfile]:
        return self._profiles(profiles.c.content, listener_ids, true())

    def shown_profiles(self, listener_ids: Sequence[str]) -> Mapping[str, ListenerProfile]:
        shown = func.coalesce(profiles.c.shown, profiles.c.content)
        return self._profiles(shown, listener_ids, profiles.c.shown_digest.is_not(None))

    def _profiles(
        self, view: ColumnElement[Any], listener_ids: Sequence[str], where: ColumnElement[bool]
    ) -> Mapping[str, ListenerProfile]:
        theirs = profiles.c.listener_id.in_(_row_ids(listener_ids))
        rows = self.database.rows(select(profiles.c.listener_id, cast(view, Text)).where(theirs, where))
        return {str(key): profile_from_json(str(key), from_json_text(content)) for key, content in rows}

    def own_vector(self, listener_id: str, model_version: str) -> Floats | None:
        return self._vectors(ASKED_WITH, [listener_id], model_version).get(listener_id)

    def vectors(self, listener_ids: Sequence[str], model_version: str) -> Mapping[str, Floats]:
        return self._vectors(vectors.c.embedding, listener_ids, model_version)

    def _vectors(
        self, column: ColumnElement[object], listener_ids: Sequence[str], model_version: str
    ) -> Mapping[str, Floats]:
        theirs = (vectors.c.listener_id.in_(_row_ids(listener_ids)), vectors.c.model_version == model_version)
        query = select(vectors.c.listener_id, sent(column)).where(*theirs, column.is_not(None))
        return {str(key): from_sent(found, 1)[0] for key, found in self.database.rows(query)}

    def synced_at_utc(self, listener_id: str) -> datetime | None:
        query = select(profiles.c.synced_at_utc).where(profiles.c.listener_id == row_id(listener_id))
        found = self.database.scalar(query)
        return None if found is None else found.astimezone(UTC)

    def n_candidates(self, model_version: str) -> int:
        with self.database.transaction() as connection:
            return retrieval.count(connection, model_version)

    def known(self, listener_id: str, model_version: str) -> Known | None:
        with self.database.transaction() as connection:
            return read_known(connection, row_id(listener_id), model_version)

    def retrieve(self, question: Question, k: int, model_version: str) -> Retrieved:
        with self.database.transaction() as connection:
            return retrieval.retrieve(connection, question, k, model_version)

    def kept(self, listener_id: str, model_version: str) -> Retrieved:
        with self.database.transaction() as connection:
            return retrieval.kept(connection, row_id(listener_id), model_version)

    def visible(self, listener_id: str, others: Sequence[str]) -> Mapping[str, Seen]:
        digest = func.coalesce(profiles.c.shown_digest, "").label("digest")
        rows = select(*LISTENER, digest, has_brought().label("brought")).outerjoin_from(listeners, profiles)
        asked = among(listeners.c.id, map(str, _row_ids(others)))
        query = seen_by(rows.where(asked), row_id(listener_id))
        return {
            str(row.id): Seen(listener_of(row), row.digest, row.brought) for row in self.database.rows(query)
        }

    def drop_vectors(self, model_version: str) -> int:
        return self.database.write(delete(vectors).where(vectors.c.model_version == model_version))

    def index_vectors(self, model_version: str) -> bool:
        """Blocks writes of vectors while the index is built; not for pages."""
        # also renews the planner's statistics, without which 2,002 listeners are counted as 500
        with self.database.upkeep() as connection:
            return indexing.build_index(connection, model_version)

    def forget(self, listener_id: str) -> ErasureReceipt:
        """The audit records counts only, not who was erased."""
        account = self.account_of(listener_id)
        with self.database.transaction() as connection:
            counts = erase(connection, row_id(listener_id), self.fingerprints, func.now())
            if counts[listeners.name]:
                note(connection, ERASURE, counts, func.now())
            until = connection.execute(select(func.now() + KEPT_FOR)).scalar_one()
        nothing_kept = account is not None and account.by_key_alone
        return ErasureReceipt(counts, None if nothing_kept else until.astimezone(UTC))

    def n_imported(self, source: Source) -> int:
        query = select(func.count()).where(
            listeners.c.source == str(source), listeners.c.signed_in_at_utc.is_(None)
        )
        return int(self.database.scalar(query) or 0)

    def forget_imported(self, source: Source, n_most: int) -> int:
        with self.database.transaction(patient=True) as connection:
            return erase_imported(connection, source, n_most, self.fingerprints, func.now())


def _row_ids(listener_ids: Sequence[str]) -> list[UUID]:
    return [row_id(one) for one in listener_ids]
