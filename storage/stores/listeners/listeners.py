"""Listeners, their profiles and vectors, in PostgreSQL."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Text, cast, exists, func, select

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
    Neighbour,
    Question,
    Retrieved,
    Seen,
    Shown,
)
from matcher.scoring.packed_candidates import BARE, PackedProfile
from storage.search import indexing, neighbours, retrieval
from storage.server.database import Database
from storage.sql.audit import ERASURE, note
from storage.sql.id_arrays import among
from storage.sql.schema import listeners, profiles, vectors
from storage.sql.text import from_json_text, index_key, row_id
from storage.sql.vector_codec import from_sent, sent
from storage.sql.visibility import visible_to
from storage.stores.lifetime.erasure import erase
from storage.stores.lifetime.fingerprints import Fingerprints
from storage.stores.lifetime.safeguards import KEPT_FOR
from storage.stores.listeners import accounts
from storage.stores.listeners.accounts import LISTENER, listener_of
from storage.stores.listeners.bulk_import import merge_candidates
from storage.stores.listeners.profiles import ASKED_WITH, keep_profile, read_known, read_shown


@dataclass(frozen=True, slots=True)
class PostgresListenerStore:
    """The `ListenerStore` on PostgreSQL with pgvector. Every method is one transaction.

    Attributes:
        database: where it all lies.
        fingerprints: by which an account that was erased is known when it comes back.
    """

    database: Database
    fingerprints: Fingerprints = field(default_factory=Fingerprints)

    def connect(self, account: Account, source: Source, alias: str, now: datetime) -> Listener:
        """The listener of an account: the known one, else a new one, hidden, under `alias`.

        A listener who was imported under the same account becomes the person's own: hidden from then on,
        out of reach of later imports, and without the imported profile, as the person's own library is yet
        to be read. Alias and source of a known listener stay as they are; the link to the profile follows the
        account. Blocks, reports and refusals from before an erasure are in force again.

        Raises:
            StorageUnreachable: the database does not answer.
        """
        with self.database.transaction() as connection:
            return accounts.connect(connection, account, source, alias, now, self.fingerprints)

    def owner_of(self, account: Account) -> str | None:
        """The id of the listener whom an account belongs to, or None.

        Raises:
            StorageUnreachable: the database does not answer.
        """
        query = select(listeners.c.id).where(listeners.c.account_key == index_key(account.key))
        with self.database.transaction() as connection:
            found = connection.execute(query).scalar()
        return None if found is None else str(found)

    def account_of(self, listener_id: str) -> Account | None:
        """The account that signs in as a listener; over-long keys come as the digest that is kept of them.

        Raises:
            StorageUnreachable: the database does not answer.
        """
        query = select(listeners.c.account_key, listeners.c.profile_url)
        with self.database.transaction() as connection:
            row = connection.execute(query.where(listeners.c.id == row_id(listener_id))).one_or_none()
        return None if row is None else Account(row.account_key, row.profile_url or "")

    def listener(self, listener_id: str) -> Listener | None:
        """The listener, or None.

        Raises:
            StorageUnreachable: the database does not answer.
        """
        return self.listeners([listener_id]).get(listener_id)

    def listeners(self, listener_ids: Sequence[str]) -> Mapping[str, Listener]:
        """Those that exist, by id.

        Raises:
            StorageUnreachable: the database does not answer.
        """
        query = select(*LISTENER).where(listeners.c.id.in_(_row_ids(listener_ids)))
        with self.database.transaction() as connection:
            return {str(row.id): listener_of(row) for row in connection.execute(query)}

    def add_candidates(
        self, candidates: Iterable[Candidate], aliases: Iterable[str], model_version: str, now: datetime
    ) -> int:
        """Insert or replace discoverable listeners, all or none; how many.

        Accounts whose person has signed in are left as they are, and not counted. Candidates without a vector
        are kept, and nobody finds them. Of candidates with the
        same account the last counts. A replaced listener keeps id and alias.

        Raises:
            ValueError: there are fewer aliases than candidates.
            StorageUnreachable: the database does not answer.
        """
        with self.database.transaction(patient=True) as connection:
            return merge_candidates(connection, candidates, aliases, model_version, now)

    def save_profile(
        self,
        listener_id: str,
        profile: ListenerProfile,
        stored: Floats,
        model_version: str,
        now: datetime,
        packed: PackedProfile = BARE,
        shown: Shown | None = None,
    ) -> bool:
        """Keep a profile with its vector and packed form; False when all are as they were under that version.

        Even then `synced_at_utc` moves on: the library was read, and matches show how fresh they are. A
        profile that changed takes the vectors of other model versions with it, as they no longer fit.

        Raises:
            UnknownListener: it has been erased meanwhile.
            StorageUnreachable: the database does not answer.
        """
        key = row_id(listener_id)
        with self.database.transaction() as connection:
            return keep_profile(connection, key, profile, stored, model_version, now, packed, shown)

    def profile(self, listener_id: str) -> ListenerProfile | None:
        """The profile, or None when none was read yet.

        Raises:
            StorageUnreachable: the database does not answer.
        """
        return self.profiles([listener_id]).get(listener_id)

    def profiles(self, listener_ids: Sequence[str]) -> Mapping[str, ListenerProfile]:
        """Those that exist, by id.

        Raises:
            StorageUnreachable: the database does not answer.
        """
        query = select(profiles.c.listener_id, cast(profiles.c.content, Text)).where(
            profiles.c.listener_id.in_(_row_ids(listener_ids))
        )
        with self.database.transaction() as connection:
            rows = connection.execute(query).all()
        return {str(key): profile_from_json(str(key), from_json_text(content)) for key, content in rows}

    def shown_profiles(self, listener_ids: Sequence[str]) -> Mapping[str, ListenerProfile]:
        """What others may find of those who have a profile, by id; nothing where it is yet to be worked out.

        Raises:
            StorageUnreachable: the database does not answer.
        """
        with self.database.transaction() as connection:
            return read_shown(connection, _row_ids(listener_ids))

    def own_vector(self, listener_id: str, model_version: str) -> Floats | None:
        """[2 * dim] float32 in half precision, what the listener asks with under that version, or None.

        Raises:
            StorageUnreachable: the database does not answer.
        """
        return self._vectors(ASKED_WITH, [listener_id], model_version).get(listener_id)

    def vector(self, listener_id: str, model_version: str) -> Floats | None:
        """[2 * dim] float32 in half precision, by which the listener is found under that version, or None.

        Raises:
            StorageUnreachable: the database does not answer.
        """
        return self.vectors([listener_id], model_version).get(listener_id)

    def vectors(self, listener_ids: Sequence[str], model_version: str) -> Mapping[str, Floats]:
        """[2 * dim] float32 vectors of what is shown, under that version, of those who can be found, by id.

        Raises:
            StorageUnreachable: the database does not answer.
        """
        return self._vectors(vectors.c.embedding, listener_ids, model_version)

    def _vectors(
        self, column: ColumnElement[object], listener_ids: Sequence[str], model_version: str
    ) -> Mapping[str, Floats]:
        theirs = (vectors.c.listener_id.in_(_row_ids(listener_ids)), vectors.c.model_version == model_version)
        query = select(vectors.c.listener_id, sent(column)).where(*theirs, column.is_not(None))
        with self.database.transaction() as connection:
            return {str(key): from_sent(found, 1)[0] for key, found in connection.execute(query)}

    def synced_at_utc(self, listener_id: str) -> datetime | None:
        """When the profile was last read, or None.

        Raises:
            StorageUnreachable: the database does not answer.
        """
        query = select(profiles.c.synced_at_utc).where(profiles.c.listener_id == row_id(listener_id))
        with self.database.transaction() as connection:
            found = connection.execute(query).scalar()
        return None if found is None else found.astimezone(UTC)

    def nearest(self, query: Floats, k: int, model_version: str, exclude: str) -> list[Neighbour]:
        """At most `k` listeners by falling inner product, ties by id, whom `exclude` may see, without it.

        Args:
            query: [2 * dim] float32.
            k: how many at most; 0 gives none.
            model_version: only vectors of this version are looked at.
            exclude: the id of the listener who asks.

        Raises:
            StorageUnreachable: the database does not answer.
        """
        if k <= 0:
            return []
        with self.database.transaction() as connection:
            return neighbours.nearest(connection, query, k, model_version, row_id(exclude))

    def n_candidates(self, model_version: str) -> int:
        """How many listeners can be found under that version; an estimate where they are many.

        Raises:
            StorageUnreachable: the database does not answer.
        """
        with self.database.transaction() as connection:
            return retrieval.count(connection, model_version)

    def known(self, listener_id: str, model_version: str) -> Known | None:
        """What is kept of the one who asks; None when there is no such listener.

        Raises:
            StorageUnreachable: the database does not answer.
        """
        with self.database.transaction() as connection:
            return read_known(connection, row_id(listener_id), model_version)

    def retrieve(self, question: Question, k: int, model_version: str) -> Retrieved:
        """The candidates worth ranking, as they are kept: everybody while they are few.

        Else the `k` nearest by vector and those met who share telling items. Not the one who asks, but
        perhaps some whom they may not see.

        Raises:
            StorageUnreachable: the database does not answer.
        """
        with self.database.transaction() as connection:
            return retrieval.retrieve(connection, question, k, model_version)

    def kept(self, listener_id: str, model_version: str) -> Retrieved:
        """One candidate as `retrieve` gives them: one row, or none where nobody can find them.

        Raises:
            StorageUnreachable: the database does not answer.
        """
        with self.database.transaction() as connection:
            return retrieval.kept(connection, row_id(listener_id), model_version)

    def visible(self, listener_id: str, others: Sequence[str]) -> Mapping[str, Seen]:
        """Those of `others` whom the listener may see at this moment, by id.

        Somebody who has been erased sees nobody: with them their blocks went, theirs and those of others.

        Raises:
            StorageUnreachable: the database does not answer.
        """
        asking = listeners.alias()
        there = exists().where(asking.c.id == row_id(listener_id))
        digest = func.coalesce(profiles.c.shown_digest, "").label("digest")
        rows = select(*LISTENER, digest).outerjoin_from(listeners, profiles)
        asked = among(listeners.c.id, map(str, _row_ids(others)))
        query = visible_to(rows.where(asked, there), row_id(listener_id))
        with self.database.transaction() as connection:
            return {str(row.id): Seen(listener_of(row), row.digest) for row in connection.execute(query)}

    def index_vectors(self, model_version: str) -> bool:
        """Build the search index of a model version where it pays; whether there is one now.

        The planner's statistics are renewed on the way: without them 2,002 listeners are counted as 500.
        Searches are right without it, only slower. Writing vectors waits while it is built: to be called
        after a large import and when a model goes into service, not from a page.

        Raises:
            StorageUnreachable: the database does not answer.
        """
        with self.database.upkeep() as connection:
            return indexing.build_index(connection, model_version)

    def forget(self, listener_id: str) -> ErasureReceipt:
        """Erase everything about a listener, in one transaction. An unknown id erases nothing.

        The audit keeps that somebody was erased, with these counts, and not who. Its moment is by the
        database's clock.

        Returns:
            rows erased by table; every table that can hold something about a listener is named.

        Raises:
            StorageUnreachable: the database does not answer.
        """
        with self.database.transaction() as connection:
            counts = erase(connection, row_id(listener_id), self.fingerprints, func.now())
            if counts[listeners.name]:
                note(connection, ERASURE, counts, func.now())
            until = connection.execute(select(func.now() + KEPT_FOR)).scalar_one()
        return ErasureReceipt(counts, until.astimezone(UTC))


def _row_ids(listener_ids: Sequence[str]) -> list[UUID]:
    return [row_id(one) for one in listener_ids]
