"""The field's names for rare items; no row is rewritten."""

from alembic import op

revision = "0015_field_names"
down_revision = "0014_taste_pace"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column("vectors", "telling", new_column_name="rare_items")
    op.execute("ALTER INDEX ix_vectors_telling RENAME TO ix_vectors_rare_items")


def downgrade() -> None:
    op.execute("ALTER INDEX ix_vectors_rare_items RENAME TO ix_vectors_telling")
    op.alter_column("vectors", "rare_items", new_column_name="telling")
