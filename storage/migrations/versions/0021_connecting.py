"""Whether a log-in connects Spotify to an account that is there, or signs in."""

import sqlalchemy as sa
from alembic import op

revision = "0021_connecting"
down_revision = "0020_service_names"
branch_labels = None
depends_on = None

_TABLES = ("pending_logins", "waiting_sign_ins")


def upgrade() -> None:
    for table in _TABLES:
        op.add_column(table, sa.Column("connects", sa.Boolean, nullable=False, server_default=sa.false()))


def downgrade() -> None:
    for table in _TABLES:
        op.drop_column(table, "connects")
