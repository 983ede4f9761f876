"""Bulk import: a temporary table, merged in a few statements."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from uuid import uuid4

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Connection,
    Integer,
    LargeBinary,
    Select,
    Text,
    Uuid,
    and_,
    cast,
    delete,
    literal,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB, insert

from matcher.domain.digests import storable
from matcher.ports import Candidate
from storage.sql.schema import listeners, profiles, vectors
from storage.sql.text import index_key
from storage.sql.vector_codec import to_vector_text
from storage.sql.writing import copy_into_temporary, in_place, keep_last, temporary
from storage.stores.listeners.profiles import content_of

_incoming = temporary(
    "incoming_candidates",
    place=Integer,
    listener_id=Uuid,
    account_key=Text,
    alias=Text,
    source=Text,
    content=Text,
    digest=Text,
    embedding=Text,
    weighed=LargeBinary,
    rare_items=ARRAY(BigInteger),
)


def merge_candidates(
    connection: Connection,
    candidates: Iterable[Candidate],
    aliases: Iterable[str],
    model_version: str,
    now: datetime,
) -> int:
    """Insert or replace discoverable listeners; return their number.

    Raises:
        ValueError: there are fewer aliases than candidates.
    """
    copy_into_temporary(connection, _incoming, _rows(candidates, aliases))
    keep_last(connection, _incoming.c.account_key, _incoming.c.place)
    n_kept = _merge_listeners(connection, now)
    _adopt_ids(connection)
    _drop_outdated_vectors(connection, model_version)
    _merge_profiles(connection, now)
    _merge_vectors(connection, model_version)
    return n_kept


def _rows(candidates: Iterable[Candidate], aliases: Iterable[str]) -> Iterator[tuple[object, ...]]:
    names = iter(aliases)
    for place, candidate in enumerate(candidates):
        alias = next(names, None)
        if alias is None:
            raise ValueError("there are fewer aliases than candidates")
        content, digest = content_of(candidate.profile)
        account_key, source = index_key(candidate.account.key), str(candidate.profile.source)
        packed = candidate.packed
        vector = None if candidate.stored is None else to_vector_text(candidate.stored)
        listener = (place, uuid4(), account_key, storable(alias), source, content, digest)
        yield (*listener, vector, packed.content, list(packed.rare_items))


def _merge_listeners(connection: Connection, now: datetime) -> int:
    taken = _incoming.c
    new = select(
        taken.listener_id,
        taken.account_key,
        taken.alias,
        taken.source,
        literal(True),
        literal(now),
        # one order, so that simultaneous imports wait instead of deadlocking
    ).order_by(taken.account_key)
    names = ["id", "account_key", "alias", "source", "discoverable", "created_at_utc"]
    row = insert(listeners).from_select(names, new)
    statement = row.on_conflict_do_update(
        index_elements=["account_key"],
        set_={"source": row.excluded.source, "discoverable": True},
        where=listeners.c.signed_in_at_utc.is_(None),
    )
    counted = statement.execution_options(preserve_rowcount=True)
    return int(connection.execute(counted).rowcount)


def _adopt_ids(connection: Connection) -> None:
    same = listeners.c.account_key == _incoming.c.account_key
    # people who have signed in keep what they have
    connection.execute(delete(_incoming).where(same, listeners.c.signed_in_at_utc.is_not(None)))
    known = and_(same, listeners.c.id != _incoming.c.listener_id)
    connection.execute(update(_incoming).where(known).values(listener_id=listeners.c.id))


def _drop_outdated_vectors(connection: Connection, model_version: str) -> None:
    changed = and_(profiles.c.listener_id == _incoming.c.listener_id, profiles.c.digest != _incoming.c.digest)
    other = and_(vectors.c.listener_id == profiles.c.listener_id, vectors.c.model_version != model_version)
    connection.execute(delete(vectors).where(changed, other))


def _merge_profiles(connection: Connection, now: datetime) -> None:
    same = (profiles.c.listener_id == _incoming.c.listener_id, profiles.c.digest == _incoming.c.digest)
    connection.execute(update(profiles).where(*same).values(synced_at_utc=now))
    new = _without(
        select(
            _incoming.c.listener_id,
            cast(_incoming.c.content, JSONB),
            _incoming.c.digest,
            _incoming.c.digest,  # imported listeners show everything
            literal(now),
            cast(null(), JSONB),
        )
    )
    names = ("listener_id", "content", "digest", "shown_digest", "synced_at_utc", "shown")
    connection.execute(in_place(insert(profiles).from_select(names, new), names))


def _without(rows: Select[tuple[object, ...]]) -> Select[tuple[object, ...]]:
    old = profiles.c
    return rows.outerjoin_from(_incoming, profiles, old.listener_id == _incoming.c.listener_id).where(
        or_(old.listener_id.is_(None), old.digest != _incoming.c.digest)
    )


def _merge_vectors(connection: Connection, model_version: str) -> None:
    kept = {
        "embedding": cast(_incoming.c.embedding, vectors.c.embedding.type),
        "weighed": _incoming.c.weighed,
        "rare_items": _incoming.c.rare_items,
        "own_embedding": cast(null(), vectors.c.embedding.type),
    }
    new = select(_incoming.c.listener_id, literal(model_version), *kept.values())
    names = ["listener_id", "model_version", *kept]
    connection.execute(in_place(insert(vectors).from_select(names, new), names, if_changed=True))
