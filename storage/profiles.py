"""Writing one profile with its vector."""

import hashlib
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import Connection, Text, and_, cast, delete, false, func, select, update
from sqlalchemy.dialects.postgresql import JSONB, insert

from matcher.codec import profile_from_json, profile_to_json
from matcher.errors import UnknownListener
from matcher.packed import PackedProfile
from matcher.ports import Known
from matcher.profile import ListenerProfile
from matcher.vectors import Floats
from storage.floats import bound, from_sent, sent
from storage.schema import listeners, profiles, vectors
from storage.text import from_json_text, to_json_text


def content_of(profile: ListenerProfile) -> tuple[str, str]:
    """The profile as canonical JSON, and the SHA-256 of it."""
    content = to_json_text(profile_to_json(profile))
    return content, hashlib.sha256(content.encode()).hexdigest()


def read_known(connection: Connection, key: UUID, model_version: str) -> Known | None:
    """What is kept of a listener who asks; None when there is no such listener."""
    mine = and_(vectors.c.listener_id == listeners.c.id, vectors.c.model_version == model_version)
    content = cast(profiles.c.content, Text).label("content")
    stored = sent(vectors.c.embedding).label("stored")
    query = (
        select(content, profiles.c.digest, profiles.c.synced_at_utc, stored)
        .select_from(listeners)
        .outerjoin(profiles, profiles.c.listener_id == listeners.c.id)
        .outerjoin(vectors, mine)
        .where(listeners.c.id == key)
    )
    row = connection.execute(query).one_or_none()
    if row is None or row.content is None:
        return None if row is None else Known(None, "", None, None)
    return Known(
        profile=profile_from_json(str(key), from_json_text(row.content)),
        profile_digest=row.digest,
        synced_at_utc=row.synced_at_utc.astimezone(UTC),
        stored=None if row.stored is None else from_sent(row.stored, 1)[0],
    )


def keep_profile(
    connection: Connection,
    key: UUID,
    profile: ListenerProfile,
    stored: Floats,
    model_version: str,
    now: datetime,
    packed: PackedProfile,
) -> bool:
    """Write what differs from what is kept; whether anything did but the time of reading.

    Raises:
        UnknownListener: there is no such listener.
    """
    content, digest = content_of(profile)
    same_profile, same_vector = _compare(connection, key, digest, stored, packed, model_version)
    if same_profile:
        connection.execute(update(profiles).where(profiles.c.listener_id == key).values(synced_at_utc=now))
    else:
        _write_profile(connection, key, content, digest, now)
        _drop_outdated(connection, key, profile, model_version)
    if not same_vector:
        _write_vector(connection, key, stored, packed, model_version)
    return not (same_profile and same_vector)


def keep_vector(
    connection: Connection,
    key: UUID,
    profile_digest: str,
    stored: Floats,
    model_version: str,
    packed: PackedProfile,
) -> bool:
    """Write the vector of the profile with that digest; False, and nothing, when it is another by now."""
    is_it = (profiles.c.listener_id == key, profiles.c.digest == profile_digest)
    query = select(listeners.c.id).join(profiles).where(*is_it).with_for_update(of=listeners)
    found = connection.execute(query).one_or_none()
    if found is not None:
        _write_vector(connection, key, stored, packed, model_version)
    return found is not None


def _compare(
    connection: Connection, key: UUID, digest: str, stored: Floats, packed: PackedProfile, model_version: str
) -> tuple[bool, bool]:
    """Whether profile and vector are kept as they are now; the listener is locked for the transaction."""
    mine = and_(vectors.c.listener_id == listeners.c.id, vectors.c.model_version == model_version)
    same_profile = func.coalesce(profiles.c.digest == digest, false())
    same_vector = and_(
        vectors.c.embedding == bound(stored),
        vectors.c.weighed == packed.content,
        vectors.c.telling == list(packed.telling),
    )
    query = (
        select(same_profile, func.coalesce(same_vector, false()))
        .select_from(listeners)
        .outerjoin(profiles, profiles.c.listener_id == listeners.c.id)
        .outerjoin(vectors, mine)
        .where(listeners.c.id == key)
        .with_for_update(of=listeners)
    )
    found = connection.execute(query).one_or_none()
    if found is None:
        raise UnknownListener("there is no such listener")
    return bool(found[0]), bool(found[1])


def _write_profile(connection: Connection, key: UUID, content: str, digest: str, now: datetime) -> None:
    kept = {"content": cast(cast(content, Text), JSONB), "digest": digest, "synced_at_utc": now}
    row = insert(profiles).values(listener_id=key, **kept)
    connection.execute(row.on_conflict_do_update(index_elements=["listener_id"], set_=kept))


def _drop_outdated(connection: Connection, key: UUID, profile: ListenerProfile, model_version: str) -> None:
    """Vectors of other versions no longer fit a profile that changed; its source may be another."""
    others = (vectors.c.listener_id == key, vectors.c.model_version != model_version)
    connection.execute(delete(vectors).where(*others))
    source = str(profile.source)
    differs = (listeners.c.id == key, listeners.c.source != source)
    connection.execute(update(listeners).where(*differs).values(source=source))


def _write_vector(
    connection: Connection, key: UUID, stored: Floats, packed: PackedProfile, model_version: str
) -> None:
    kept = {"embedding": bound(stored), "weighed": packed.content, "telling": list(packed.telling)}
    row = insert(vectors).values(listener_id=key, model_version=model_version, **kept)
    connection.execute(row.on_conflict_do_update(index_elements=["listener_id", "model_version"], set_=kept))
