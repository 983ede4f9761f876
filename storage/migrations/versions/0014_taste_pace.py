"""Counts, for a day, of a listener's changes to their taste."""

import sqlalchemy as sa
from alembic import op

revision = "0014_taste_pace"
down_revision = "0013_shown"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "taste_pace",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True)),
        sa.Column("listener_id", sa.Uuid, nullable=False),
        sa.Column("act", sa.Text, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("happened_at_utc", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_taste_pace"),
        sa.ForeignKeyConstraint(
            ["listener_id"], ["listeners.id"], name="fk_taste_pace_listener_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_taste_pace_listener_id", "taste_pace", ["listener_id"])
    op.create_index("ix_taste_pace_happened_at_utc", "taste_pace", ["happened_at_utc"])


def downgrade() -> None:
    op.drop_table("taste_pace")
