"""Consent, connections, exclusions, feedback, history, audit, models, tracks."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_NEW = (
    "sharing",
    "facets",
    "connections",
    "blocks",
    "reports",
    "libraries",
    "left_out",
    "feedback",
    "match_history",
    "audit",
    "model_versions",
    "attribute_cache",
)


def upgrade() -> None:
    _listeners()
    _consent()
    _between_listeners()
    _taste()
    _record()
    _about_music_and_models()


def downgrade() -> None:
    for table in reversed(_NEW):
        op.drop_table(table)
    for column in ("active_at_utc", "profile_url", "paused"):
        op.drop_column("listeners", column)


def _listeners() -> None:
    op.add_column("listeners", _flag("paused", default=False))
    op.add_column("listeners", sa.Column("profile_url", sa.Text))
    op.add_column("listeners", sa.Column("active_at_utc", sa.DateTime(timezone=True)))


def _consent() -> None:
    flags = [_flag(name, default=True) for name in ("artists", "tracks", "tags", "profile_link")]
    _table("sharing", ["listener_id"], *flags)
    _table(
        "facets",
        ["listener_id", "facet_id"],
        _text("facet_id"),
        sa.Column("shared", sa.Boolean, nullable=False),
    )


def _between_listeners() -> None:
    _table(
        "connections",
        ["listener_id", "other_id"],
        *_other("connections", "other_id"),
        _moment("asked_at_utc"),
        _moment("agreed_at_utc", optional=True),
        sa.CheckConstraint("listener_id <> other_id", name="ck_connections_not_oneself"),
    )
    pair = [sa.text(f"{name}(listener_id, other_id)") for name in ("least", "greatest")]
    op.create_index("uq_connections_pair", "connections", pair, unique=True)
    _table(
        "blocks",
        ["listener_id", "blocked_id"],
        *_other("blocks", "blocked_id"),
        _moment("blocked_at_utc"),
        sa.CheckConstraint("listener_id <> blocked_id", name="ck_blocks_not_oneself"),
    )
    _table(
        "reports",
        ["listener_id", "reported_id"],
        *_other("reports", "reported_id"),
        _text("reason"),
        _moment("reported_at_utc"),
    )
    for table, column in (("connections", "other_id"), ("blocks", "blocked_id"), ("reports", "reported_id")):
        op.create_index(f"ix_{table}_{column}", table, [column])


def _taste() -> None:
    _table("libraries", ["listener_id"], sa.Column("content", sa.LargeBinary, nullable=False))
    _table(
        "left_out",
        ["listener_id", "kind", "value"],
        _text("kind"),
        _text("value"),
        _moment("left_out_at_utc"),
    )


def _record() -> None:
    _table(
        "feedback",
        ["id"],
        _number(),
        *_other("feedback", "other_id"),
        sa.Column("score", sa.SmallInteger, nullable=False),
        _text("model_version"),
        _moment("given_at_utc"),
    )
    _table(
        "match_history",
        ["listener_id", "seen_at_utc", "other_id"],
        _moment("seen_at_utc"),
        *_other("match_history", "other_id"),
        sa.Column("rank", sa.Integer, nullable=False),
        sa.Column("score", sa.Double, nullable=False),
        *[_text(name) for name in ("my_digest", "their_digest", "model_version")],
    )
    details = sa.Column("details", JSONB, nullable=False)
    _table("audit", ["id"], _number(), _moment("happened_at_utc"), _text("action"), details, optional=True)
    op.create_index("ix_feedback_listener_id", "feedback", ["listener_id"])
    op.create_index("ix_feedback_other_id", "feedback", ["other_id"])
    op.create_index("ix_match_history_other_id", "match_history", ["other_id"])
    op.create_index("ix_audit_listener_id", "audit", ["listener_id"])
    op.create_index("ix_audit_happened_at_utc", "audit", ["happened_at_utc"])


def _about_music_and_models() -> None:
    op.create_table(
        "model_versions",
        _text("model_version"),
        _moment("first_served_at_utc"),
        sa.Column("metrics", JSONB, nullable=False),
        sa.PrimaryKeyConstraint("model_version", name="pk_model_versions"),
    )
    op.create_table(
        "attribute_cache",
        _text("lookup_key"),
        sa.Column("attributes", JSONB),
        _text("provenance"),
        _moment("fetched_at_utc"),
        sa.PrimaryKeyConstraint("lookup_key", name="pk_attribute_cache"),
    )
    op.create_index("ix_attribute_cache_fetched_at_utc", "attribute_cache", ["fetched_at_utc"])


def _table(name: str, key: list[str], *columns: sa.schema.SchemaItem, optional: bool = False) -> None:
    """Create a table whose rows are deleted with their listener."""
    op.create_table(
        name,
        sa.Column("listener_id", sa.Uuid, nullable=optional),
        *columns,
        _to_listeners(name, "listener_id"),
        sa.PrimaryKeyConstraint(*key, name=f"pk_{name}"),
    )


def _other(table: str, column: str) -> tuple[sa.schema.SchemaItem, ...]:
    return sa.Column(column, sa.Uuid, nullable=False), _to_listeners(table, column)


def _to_listeners(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], ["listeners.id"], name=f"fk_{table}_{column}", ondelete="CASCADE"
    )


def _number() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger, sa.Identity(always=True), nullable=False)


def _flag(name: str, *, default: bool) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean, nullable=False, server_default=sa.true() if default else sa.false())


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def _moment(name: str, *, optional: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=optional)
