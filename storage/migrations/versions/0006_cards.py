"""Switch for alias and percentage on cards of connected listeners; off by default."""

import sqlalchemy as sa
from alembic import op

revision = "0006_cards"
down_revision = "0005_retrieval"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sharing", sa.Column("cards", sa.Boolean, nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.drop_column("sharing", "cards")
