"""Sign-ins waiting for a cooldown of Spotify to end."""

import sqlalchemy as sa
from alembic import op

revision = "0011_waiting_sign_ins"
down_revision = "0010_login_listener"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "waiting_sign_ins",
        sa.Column("browser_hash", sa.Text, nullable=False),
        sa.Column("ciphertext", sa.LargeBinary, nullable=False),
        sa.Column("listener_id", sa.Uuid),
        sa.Column("expires_at_utc", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("browser_hash", name="pk_waiting_sign_ins"),
        sa.ForeignKeyConstraint(
            ["listener_id"], ["listeners.id"], name="fk_waiting_sign_ins_listener_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_waiting_sign_ins_listener_id", "waiting_sign_ins", ["listener_id"])


def downgrade() -> None:
    op.drop_table("waiting_sign_ins")
