"""Libraries by source: one listener can bring music from several."""

import sqlalchemy as sa
from alembic import op

revision = "0018_sources"
down_revision = "0017_recovery_keys"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sources",
        sa.Column("listener_id", sa.Uuid, nullable=False),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("read_at_utc", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proven", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("listener_id", "origin", name="pk_sources"),
        sa.ForeignKeyConstraint(
            ["listener_id"], ["listeners.id"], name="fk_sources_listener_id", ondelete="CASCADE"
        ),
    )
    # also of what has expired: a profile without its library
    op.execute("""
        INSERT INTO sources SELECT id, source, coalesce(synced_at_utc, created_at_utc), true
        FROM listeners LEFT JOIN profiles ON listener_id = id
        WHERE EXISTS (SELECT FROM libraries WHERE libraries.listener_id = id)
            OR (signed_in_at_utc IS NOT NULL AND synced_at_utc IS NOT NULL)
    """)
    op.add_column("libraries", sa.Column("origin", sa.Text))
    op.execute("UPDATE libraries SET origin = source FROM listeners WHERE id = listener_id")
    op.alter_column("libraries", "origin", nullable=False)
    op.drop_constraint("pk_libraries", "libraries", type_="primary")
    op.create_primary_key("pk_libraries", "libraries", ["listener_id", "origin"])


def downgrade() -> None:
    # of several sources the one that was read last stays
    op.execute("""
        DELETE FROM libraries USING sources AS mine
        WHERE (mine.listener_id, mine.origin) = (libraries.listener_id, libraries.origin) AND EXISTS (
            SELECT FROM libraries AS other NATURAL JOIN sources AS theirs
            WHERE other.listener_id = mine.listener_id
                AND (theirs.read_at_utc, theirs.origin) > (mine.read_at_utc, mine.origin))
    """)
    op.drop_constraint("pk_libraries", "libraries", type_="primary")
    op.create_primary_key("pk_libraries", "libraries", ["listener_id"])
    op.drop_column("libraries", "origin")
    op.drop_table("sources")
