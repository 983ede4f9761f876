"""Names of listeners at ListenBrainz and Last.fm, whose listening is read by them."""

import sqlalchemy as sa
from alembic import op

revision = "0020_service_names"
down_revision = "0019_training_consents"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "service_names",
        sa.Column("listener_id", sa.Uuid, nullable=False),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("ciphertext", sa.LargeBinary, nullable=False),
        sa.Column("proven", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("listener_id", "origin", name="pk_service_names"),
        sa.ForeignKeyConstraint(
            ["listener_id"], ["listeners.id"], name="fk_service_names_listener_id", ondelete="CASCADE"
        ),
    )


def downgrade() -> None:
    op.drop_table("service_names")
