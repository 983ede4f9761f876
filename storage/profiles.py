"""Writing one profile with its vector."""

import hashlib
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, Text, cast, delete, select, update
from sqlalchemy.dialects.postgresql import JSONB, insert

from matcher.codec import profile_to_json
from matcher.errors import UnknownListener
from matcher.profile import ListenerProfile
from matcher.vectors import Floats
from storage.floats import bound
from storage.schema import listeners, profiles, vectors
from storage.text import to_json_text


def content_of(profile: ListenerProfile) -> tuple[str, str]:
    """The profile as canonical JSON, and the SHA-256 of it."""
    content = to_json_text(profile_to_json(profile))
    return content, hashlib.sha256(content.encode()).hexdigest()


def keep_profile(
    connection: Connection,
    key: UUID,
    profile: ListenerProfile,
    stored: Floats,
    model_version: str,
    now: datetime,
) -> bool:
    """Write what differs from what is kept; whether anything did but the time of reading.

    Raises:
        UnknownListener: there is no such listener.
    """
    _lock_listener(connection, key)
    profile_changed = _write_content(connection, key, profile, now)
    vector_changed = _write_vector(connection, key, stored, model_version)
    if profile_changed:
        others = (vectors.c.listener_id == key, vectors.c.model_version != model_version)
        connection.execute(delete(vectors).where(*others))
        connection.execute(update(listeners).where(listeners.c.id == key).values(source=str(profile.source)))
    return profile_changed or vector_changed


def _lock_listener(connection: Connection, key: UUID) -> None:
    query = select(listeners.c.id).where(listeners.c.id == key).with_for_update()
    if connection.execute(query).one_or_none() is None:
        raise UnknownListener("there is no such listener")


def _write_content(connection: Connection, key: UUID, profile: ListenerProfile, now: datetime) -> bool:
    content, digest = content_of(profile)
    same = (profiles.c.listener_id == key, profiles.c.digest == digest)
    if connection.execute(update(profiles).where(*same).values(synced_at_utc=now)).rowcount:
        return False
    kept = {"content": cast(cast(content, Text), JSONB), "digest": digest, "synced_at_utc": now}
    row = insert(profiles).values(listener_id=key, **kept)
    connection.execute(row.on_conflict_do_update(index_elements=["listener_id"], set_=kept))
    return True


def _write_vector(connection: Connection, key: UUID, stored: Floats, model_version: str) -> bool:
    row = insert(vectors).values(listener_id=key, model_version=model_version, embedding=bound(stored))
    statement = row.on_conflict_do_update(
        index_elements=["listener_id", "model_version"],
        set_={"embedding": row.excluded.embedding},
        where=vectors.c.embedding != row.excluded.embedding,
    )
    written = connection.execute(statement.returning(vectors.c.listener_id))
    return written.first() is not None
