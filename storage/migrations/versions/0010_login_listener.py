"""The listener signed in when a log-in began; only their account may complete it."""

import sqlalchemy as sa
from alembic import op

revision = "0010_login_listener"
down_revision = "0009_made_playlists"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("pending_logins", sa.Column("listener_id", sa.Uuid))
    op.create_foreign_key(
        "fk_pending_logins_listener_id",
        "pending_logins",
        "listeners",
        ["listener_id"],
        ["id"],
        ondelete="CASCADE",
    )
    op.create_index("ix_pending_logins_listener_id", "pending_logins", ["listener_id"])


def downgrade() -> None:
    op.drop_column("pending_logins", "listener_id")
