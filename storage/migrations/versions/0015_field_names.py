"""The field's names for rare items and exclusions; no row is rewritten."""

from alembic import op

revision = "0015_field_names"
down_revision = "0014_taste_pace"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column("vectors", "telling", new_column_name="rare_items")
    op.execute("ALTER INDEX ix_vectors_telling RENAME TO ix_vectors_rare_items")
    op.rename_table("left_out", "exclusions")
    op.alter_column("exclusions", "left_out_at_utc", new_column_name="excluded_at_utc")
    _rename_constraint("exclusions", "pk_left_out", "pk_exclusions")
    _rename_constraint("exclusions", "fk_left_out_listener_id", "fk_exclusions_listener_id")


def downgrade() -> None:
    _rename_constraint("exclusions", "fk_exclusions_listener_id", "fk_left_out_listener_id")
    _rename_constraint("exclusions", "pk_exclusions", "pk_left_out")
    op.alter_column("exclusions", "excluded_at_utc", new_column_name="left_out_at_utc")
    op.rename_table("exclusions", "left_out")
    op.execute("ALTER INDEX ix_vectors_rare_items RENAME TO ix_vectors_telling")
    op.alter_column("vectors", "rare_items", new_column_name="telling")


def _rename_constraint(table: str, name: str, new_name: str) -> None:
    op.execute(f"ALTER TABLE {table} RENAME CONSTRAINT {name} TO {new_name}")
