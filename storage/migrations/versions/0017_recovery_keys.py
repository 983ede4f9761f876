"""Hashes of recovery keys, which sign in to accounts without a service."""

import sqlalchemy as sa
from alembic import op

revision = "0017_recovery_keys"
down_revision = "0016_key_rules"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "recovery_keys",
        sa.Column("listener_id", sa.Uuid, nullable=False),
        sa.Column("key_hash", sa.Text, nullable=False),
        sa.Column("made_at_utc", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("listener_id", name="pk_recovery_keys"),
        sa.UniqueConstraint("key_hash", name="uq_recovery_keys_key_hash"),
        sa.ForeignKeyConstraint(
            ["listener_id"], ["listeners.id"], name="fk_recovery_keys_listener_id", ondelete="CASCADE"
        ),
    )


def downgrade() -> None:
    op.drop_table("recovery_keys")
