"""Playlists made by Earshot, which are neither read as taste nor made twice."""

import sqlalchemy as sa
from alembic import op

revision = "0009_made_playlists"
down_revision = "0008_item_ids"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "made_playlists",
        sa.Column("listener_id", sa.Uuid, nullable=False),
        sa.Column("playlist_id", sa.Text, nullable=False),
        sa.Column("content_digest", sa.Text, nullable=False),
        sa.Column("n_tracks", sa.Integer),
        sa.Column("made_at_utc", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("listener_id", "playlist_id", name="pk_made_playlists"),
        sa.ForeignKeyConstraint(
            ["listener_id"], ["listeners.id"], name="fk_made_playlists_listener_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_made_playlists_playlist_id", "made_playlists", ["playlist_id"])


def downgrade() -> None:
    op.drop_table("made_playlists")
