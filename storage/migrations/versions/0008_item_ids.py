"""Spotify ids of artists and tracks from imported tables, for links."""

import sqlalchemy as sa
from alembic import op

revision = "0008_item_ids"
down_revision = "0007_safeguards"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "item_ids",
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("item_key", sa.Text, nullable=False),
        sa.Column("spotify_id", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("kind", "item_key", name="pk_item_ids"),
    )


def downgrade() -> None:
    op.drop_table("item_ids")
