"""When a person became due for erasure; a purge waits a day from then."""

import sqlalchemy as sa
from alembic import op

revision = "0012_grace"
down_revision = "0011_waiting_sign_ins"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("listeners", sa.Column("due_since_utc", sa.DateTime(timezone=True)))


def downgrade() -> None:
    op.drop_column("listeners", "due_since_utc")
