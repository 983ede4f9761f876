"""States of models: what serves is told by the database."""

import sqlalchemy as sa
from alembic import op

revision = "0023_model_states"
down_revision = "0022_note_closed"
branch_labels = None
depends_on = None

_TABLE = "model_versions"


def upgrade() -> None:
    # what serves now is a folder, which is adopted at the next start
    op.add_column(_TABLE, sa.Column("state", sa.Text, nullable=False, server_default="retired"))
    op.alter_column(_TABLE, "state", server_default=None)
    moment = sa.DateTime(timezone=True)
    op.add_column(_TABLE, sa.Column("changed_at_utc", moment, nullable=False, server_default=sa.func.now()))
    op.alter_column(_TABLE, "changed_at_utc", server_default=None)
    op.alter_column(_TABLE, "first_served_at_utc", nullable=True)
    serves = sa.text("state = 'serving'")
    op.create_index("ux_model_versions_serving", _TABLE, ["state"], unique=True, postgresql_where=serves)


def downgrade() -> None:
    op.drop_index("ux_model_versions_serving", _TABLE)
    op.execute(sa.text("DELETE FROM model_versions WHERE first_served_at_utc IS NULL"))
    op.alter_column(_TABLE, "first_served_at_utc", nullable=False)
    for column in ("changed_at_utc", "state"):
        op.drop_column(_TABLE, column)
