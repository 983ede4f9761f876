"""Listeners, profiles, vectors, grants, sessions, log-ins, audio attributes."""

import sqlalchemy as sa
from alembic import op
from pgvector.sqlalchemy import VECTOR
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS vector")
    _listeners()
    _profiles()
    _vectors()
    _grants()
    _sessions()
    _pending_logins()
    _audio_attributes()


def downgrade() -> None:
    for table in (
        "audio_attributes",
        "pending_logins",
        "sessions",
        "grants",
        "vectors",
        "profiles",
        "listeners",
    ):
        op.drop_table(table)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def _listener_id(table: str) -> tuple[sa.Column[object], sa.ForeignKeyConstraint]:
    key = sa.ForeignKeyConstraint(
        ["listener_id"], ["listeners.id"], name=f"fk_{table}_listener_id", ondelete="CASCADE"
    )
    return sa.Column("listener_id", sa.Uuid, nullable=False), key


def _listeners() -> None:
    op.create_table(
        "listeners",
        sa.Column("id", sa.Uuid, nullable=False),
        _text("account_key"),
        _text("alias"),
        _text("source"),
        sa.Column("discoverable", sa.Boolean, nullable=False),
        _moment("created_at_utc"),
        _moment("signed_in_at_utc", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_listeners"),
        sa.UniqueConstraint("account_key", name="uq_listeners_account_key"),
    )


def _profiles() -> None:
    op.create_table(
        "profiles",
        *_listener_id("profiles"),
        sa.Column("content", JSONB, nullable=False),
        _text("digest"),
        _moment("synced_at_utc"),
        sa.PrimaryKeyConstraint("listener_id", name="pk_profiles"),
    )


def _vectors() -> None:
    op.create_table(
        "vectors",
        *_listener_id("vectors"),
        _text("model_version"),
        sa.Column("embedding", VECTOR(), nullable=False),
        sa.PrimaryKeyConstraint("listener_id", "model_version", name="pk_vectors"),
    )
    op.create_index("ix_vectors_model_version", "vectors", ["model_version"])


def _grants() -> None:
    op.create_table(
        "grants",
        *_listener_id("grants"),
        sa.Column("ciphertext", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("listener_id", name="pk_grants"),
    )


def _sessions() -> None:
    op.create_table(
        "sessions",
        _text("session_hash"),
        *_listener_id("sessions"),
        _moment("begun_at_utc"),
        _moment("expires_at_utc"),
        sa.PrimaryKeyConstraint("session_hash", name="pk_sessions"),
    )
    op.create_index("ix_sessions_listener_id", "sessions", ["listener_id"])
    op.create_index("ix_sessions_expires_at_utc", "sessions", ["expires_at_utc"])


def _pending_logins() -> None:
    op.create_table(
        "pending_logins",
        _text("state"),
        _text("verifier"),
        _text("browser_hash"),
        _moment("expires_at_utc"),
        sa.PrimaryKeyConstraint("state", name="pk_pending_logins"),
    )


def _audio_attributes() -> None:
    op.create_table(
        "audio_attributes",
        _text("lookup_key"),
        sa.Column("attributes", JSONB, nullable=False),
        _text("provenance"),
        sa.PrimaryKeyConstraint("lookup_key", name="pk_audio_attributes"),
    )
