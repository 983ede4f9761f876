"""Declined requests; blocks, reports and declines that outlast an erasure."""

import sqlalchemy as sa
from alembic import op

revision = "0007_safeguards"
down_revision = "0006_cards"
branch_labels = None
depends_on = None

_LISTENER = "listeners.id"


def upgrade() -> None:
    op.create_table(
        "declined",
        sa.Column("listener_id", sa.Uuid, nullable=False),
        sa.Column("other_id", sa.Uuid, nullable=False),
        sa.Column("n_times", sa.SmallInteger, nullable=False),
        sa.Column("declined_at_utc", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("listener_id", "other_id", name="pk_declined"),
        sa.ForeignKeyConstraint(
            ["listener_id"], [_LISTENER], name="fk_declined_listener_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["other_id"], [_LISTENER], name="fk_declined_other_id", ondelete="CASCADE"),
    )
    op.create_index("ix_declined_other_id", "declined", ["other_id"])
    op.create_table(
        "safeguards",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("by_fingerprint", sa.Text, nullable=False),
        sa.Column("by_id", sa.Uuid),
        sa.Column("about_fingerprint", sa.Text, nullable=False),
        sa.Column("about_id", sa.Uuid),
        sa.Column("happened_at_utc", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("n_times", sa.SmallInteger),
        sa.Column("erased_at_utc", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_safeguards"),
        sa.ForeignKeyConstraint(["by_id"], [_LISTENER], name="fk_safeguards_by_id", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["about_id"], [_LISTENER], name="fk_safeguards_about_id", ondelete="SET NULL"
        ),
    )
    for column in ("by_fingerprint", "by_id", "about_fingerprint", "about_id"):
        op.create_index(f"ix_safeguards_{column}", "safeguards", [column])


def downgrade() -> None:
    op.drop_table("safeguards")
    op.drop_table("declined")
