"""Whether a listener has closed the note on who sees them."""

import sqlalchemy as sa
from alembic import op

revision = "0022_note_closed"
down_revision = "0021_connecting"
branch_labels = None
depends_on = None


def upgrade() -> None:
    flag = sa.Column("note_closed", sa.Boolean, nullable=False, server_default=sa.false())
    op.add_column("listeners", flag)


def downgrade() -> None:
    op.drop_column("listeners", "note_closed")
