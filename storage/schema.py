"""The tables. What each column is for, and how long it is kept, stands in `docs/data.md`."""

from pgvector.sqlalchemy import VECTOR
from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)


def _moment(name: str, *, optional: bool = False) -> Column[object]:
    return Column(name, DateTime(timezone=True), nullable=optional)


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False)


def _of_listener(*, key: bool) -> Column[object]:
    cascade = ForeignKey("listeners.id", ondelete="CASCADE")
    return Column("listener_id", Uuid, cascade, primary_key=key, nullable=False)


listeners = Table(
    "listeners",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("account_key", Text, nullable=False, unique=True),
    _text("alias"),
    _text("source"),
    Column("discoverable", Boolean, nullable=False),
    _moment("created_at_utc"),
    _moment("signed_in_at_utc", optional=True),
)

profiles = Table(
    "profiles",
    metadata,
    _of_listener(key=True),
    Column("content", JSONB, nullable=False),
    _text("digest"),
    _moment("synced_at_utc"),
)

vectors = Table(
    "vectors",
    metadata,
    _of_listener(key=True),
    Column("model_version", Text, primary_key=True),
    Column("embedding", VECTOR(), nullable=False),
    Index("ix_vectors_model_version", "model_version"),
)

grants = Table("grants", metadata, _of_listener(key=True), Column("ciphertext", LargeBinary, nullable=False))

sessions = Table(
    "sessions",
    metadata,
    Column("session_hash", Text, primary_key=True),
    _of_listener(key=False),
    _moment("begun_at_utc"),
    _moment("expires_at_utc"),
    Index("ix_sessions_listener_id", "listener_id"),
    Index("ix_sessions_expires_at_utc", "expires_at_utc"),
)

pending_logins = Table(
    "pending_logins",
    metadata,
    Column("state", Text, primary_key=True),
    _text("verifier"),
    _text("browser_hash"),
    _moment("expires_at_utc"),
)

audio_attributes = Table(
    "audio_attributes",
    metadata,
    Column("lookup_key", Text, primary_key=True),
    Column("attributes", JSONB, nullable=False),
    _text("provenance"),
)

cooldowns = Table(
    "cooldowns",
    metadata,
    Column("app_key", Text, primary_key=True),
    _moment("until_utc"),
    Column("quota", Boolean, nullable=False),
)

readings = Table("readings", metadata, _of_listener(key=True), Column("content", JSONB, nullable=False))


def tables_of_a_listener() -> tuple[Table, ...]:
    """Every table whose rows belong to one listener; all that must go when the listener goes."""
    return tuple(
        table
        for table in metadata.sorted_tables
        if any(key.column is listeners.c.id for key in table.foreign_keys)
    )
