"""Cooldowns of the Spotify app, shared by all processes."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "cooldowns",
        sa.Column("app_key", sa.Text, nullable=False),
        sa.Column("until_utc", sa.DateTime(timezone=True), nullable=False),
        sa.Column("quota", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("app_key", name="pk_cooldowns"),
    )


def downgrade() -> None:
    op.drop_table("cooldowns")
