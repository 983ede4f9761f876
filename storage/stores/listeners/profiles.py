"""Writes a profile with its vectors: the listener's own, and the shown one."""

import hashlib
from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Text, and_, cast, delete, func, null, select, update
from sqlalchemy.dialects.postgresql import JSONB

from matcher.domain.json_codec import profile_from_json, profile_to_json
from matcher.domain.profile import ListenerProfile
from matcher.ports import Known, NewTaste, Placed, Shown
from storage.sql.schema import listeners, profiles, vectors
from storage.sql.text import from_json_text, to_json_text
from storage.sql.vector_codec import bound, from_sent, sent
from storage.sql.visibility import has_brought
from storage.sql.writing import upsert

ASKED_WITH = func.coalesce(vectors.c.own_embedding, vectors.c.embedding)
"""The listener's query vector: the own one if it differs from the shown one."""


def content_of(profile: ListenerProfile) -> tuple[str, str]:
    """A profile as canonical JSON, and its SHA-256."""
    content = to_json_text(profile_to_json(profile))
    return content, hashlib.sha256(content.encode()).hexdigest()


def read_profile(connection: Connection, key: UUID) -> ListenerProfile | None:
    """The listener's own profile, or None."""
    query = select(cast(profiles.c.content, Text)).where(profiles.c.listener_id == key)
    content = connection.execute(query).scalar()
    return None if content is None else profile_from_json(str(key), from_json_text(content))


def read_known(connection: Connection, key: UUID, model_version: str) -> Known | None:
    """Profile, vector and digests of a listener; None if there is no such listener."""
    mine = and_(vectors.c.listener_id == listeners.c.id, vectors.c.model_version == model_version)
    content = cast(profiles.c.content, Text).label("content")
    stored = sent(ASKED_WITH).label("stored")
    query = (
        select(
            content,
            profiles.c.digest,
            profiles.c.shown_digest,
            profiles.c.synced_at_utc,
            stored,
            has_brought().label("brought"),
        )
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
        shown_digest=row.shown_digest or "",
        brought=row.brought,
    )


def keep_profile(connection: Connection, key: UUID, new: NewTaste, read_at: datetime) -> bool:
    """Write changed columns; return whether more changed than the time of reading.

    The caller holds the listener with `alone`. A changed profile deletes vectors of models that `new` lacks.
    """
    content, digest = content_of(new.profile)
    rows = {"content": content, "digest": digest, **_shown_columns(new.shown, digest)}
    places = _vector_columns(new)
    same_profile, same_vector = _compare(connection, key, rows, places, new.model_version)
    if same_profile:
        kept = update(profiles).where(profiles.c.listener_id == key)
        connection.execute(kept.values(synced_at_utc=read_at))
    else:
        connection.execute(upsert(profiles, listener_id=key, synced_at_utc=read_at, **_stored(rows)))
        _drop_vectors(connection, key, but_of=[new.model_version, *(one.model_version for one in new.also)])
        _follow_source(connection, key, new.profile)
    if not same_vector:
        _write_vector(connection, key, places, new.model_version)
    _write_also(connection, key, new)
    return not (same_profile and same_vector)


def keep_views(connection: Connection, key: UUID, new: NewTaste) -> None:
    """Write own and shown view of the stored profile.

    The caller holds the listener with `alone`. Other model versions' vectors are deleted if the shown view
    changes, and all vectors if there is no query vector.
    """
    query = select(profiles.c.digest, profiles.c.shown_digest).where(profiles.c.listener_id == key)
    digest, before = connection.execute(query).one()
    columns = _shown_columns(new.shown, digest)
    if new.stored is None or columns["shown_digest"] != before:
        _drop_vectors(connection, key, but_of=[])
        connection.execute(update(profiles).where(profiles.c.listener_id == key).values(_stored(columns)))
    if new.stored is not None:
        _write_vector(connection, key, _vector_columns(new), new.model_version)
    _write_also(connection, key, new)


def _write_also(connection: Connection, key: UUID, new: NewTaste) -> None:
    for one in new.also:
        _write_vector(connection, key, _vector_columns(one), one.model_version)


def _vector_columns(new: NewTaste | Placed) -> dict[str, Any]:
    """Columns of `vectors`; without an embedding a listener is in no search."""
    found: NewTaste | Placed | Shown = new if new.shown is None else new.shown
    own = None if new.shown is None else new.stored
    return {
        "embedding": null() if found.stored is None else bound(found.stored),
        "own_embedding": null() if own is None else bound(own),
        "weighed": found.packed.content,
        "rare_items": list(found.packed.rare_items),
    }


def _drop_vectors(connection: Connection, key: UUID, but_of: Collection[str]) -> None:
    others = (vectors.c.listener_id == key, vectors.c.model_version.not_in(but_of))
    connection.execute(delete(vectors).where(*others))


def _shown_columns(shown: Shown | None, digest: str) -> dict[str, Any]:
    """The shown profile, if it differs from the own one, and its digest."""
    if shown is None:
        return {"shown": None, "shown_digest": digest}
    content, shown_digest = content_of(shown.profile)
    return {"shown": None if shown_digest == digest else content, "shown_digest": shown_digest}


def _compare(
    connection: Connection, key: UUID, rows: dict[str, Any], places: dict[str, Any], model_version: str
) -> tuple[bool, bool]:
    mine = and_(vectors.c.listener_id == listeners.c.id, vectors.c.model_version == model_version)
    digests = ("digest", "shown_digest")
    same_profile = and_(*(profiles.c[name].is_not_distinct_from(rows[name]) for name in digests))
    same_vector = and_(
        vectors.c.listener_id.is_not(None),
        *(vectors.c[name].is_not_distinct_from(value) for name, value in places.items()),
    )
    query = (
        select(same_profile, same_vector)
        .select_from(listeners)
        .outerjoin(profiles, profiles.c.listener_id == listeners.c.id)
        .outerjoin(vectors, mine)
        .where(listeners.c.id == key)
    )
    found = connection.execute(query).one()
    return bool(found[0]), bool(found[1])


def _stored(columns: dict[str, Any]) -> dict[str, Any]:
    """The columns with JSON as text, so that it is not serialised again."""
    return {name: _json(value) if name in ("content", "shown") else value for name, value in columns.items()}


def _json(text: str | None) -> ColumnElement[Any]:
    return null() if text is None else cast(cast(text, Text), JSONB)


def _follow_source(connection: Connection, key: UUID, profile: ListenerProfile) -> None:
    source = str(profile.source)
    differs = (listeners.c.id == key, listeners.c.source != source)
    connection.execute(update(listeners).where(*differs).values(source=source))


def _write_vector(connection: Connection, key: UUID, places: dict[str, Any], model_version: str) -> None:
    connection.execute(upsert(vectors, listener_id=key, model_version=model_version, **places))
