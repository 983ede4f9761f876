"""Consent of listeners to training, by source."""

import sqlalchemy as sa
from alembic import op

revision = "0019_training_consents"
down_revision = "0018_sources"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "training_consents",
        sa.Column("listener_id", sa.Uuid, nullable=False),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("agreed_at_utc", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("listener_id", "origin", name="pk_training_consents"),
        sa.ForeignKeyConstraint(
            ["listener_id"], ["listeners.id"], name="fk_training_consents_listener_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["listener_id", "origin"],
            ["sources.listener_id", "sources.origin"],
            name="fk_training_consents_source",
            ondelete="CASCADE",
        ),
    )


def downgrade() -> None:
    op.drop_table("training_consents")
