"""When a listener last looked at their requests and agreements."""

import sqlalchemy as sa
from alembic import op

revision = "0024_people_seen"
down_revision = "0023_model_states"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("listeners", sa.Column("people_seen_at_utc", sa.DateTime(timezone=True)))


def downgrade() -> None:
    op.drop_column("listeners", "people_seen_at_utc")
