"""Vectors in half precision, packed profiles, and rare items.

Search indexes are dropped, because their column changes; the next `index_vectors` builds them again.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005_retrieval"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _drop_search_indexes()
    op.execute("ALTER TABLE vectors ALTER COLUMN embedding TYPE halfvec USING embedding::halfvec")
    op.add_column("vectors", sa.Column("weighed", sa.LargeBinary))
    telling: sa.Column[list[int]] = sa.Column(
        "telling", sa.ARRAY(sa.BigInteger), nullable=False, server_default="{}"
    )
    op.add_column("vectors", telling)
    _keep_rows_whole()
    op.create_index(
        "ix_vectors_telling",
        "vectors",
        ["telling"],
        postgresql_using="gin",
        postgresql_with={"fastupdate": "off"},
    )


def downgrade() -> None:
    _drop_search_indexes()
    op.drop_index("ix_vectors_telling", "vectors")
    op.drop_column("vectors", "telling")
    op.drop_column("vectors", "weighed")
    op.execute("ALTER TABLE vectors RESET (toast_tuple_target)")
    op.execute("ALTER TABLE vectors ALTER COLUMN embedding TYPE vector USING embedding::vector")


def _keep_rows_whole() -> None:
    # Rows are about 2 kB, where PostgreSQL begins to store parts elsewhere (TOAST); reading these
    # takes ten times as long. Digests cannot be compressed.
    op.execute("ALTER TABLE vectors SET (toast_tuple_target = 8160)")
    for column in ("weighed", "telling"):
        op.execute(f"ALTER TABLE vectors ALTER COLUMN {column} SET STORAGE EXTERNAL")


def _drop_search_indexes() -> None:
    known = sa.text("SELECT indexname FROM pg_indexes WHERE indexname LIKE 'ix\\_vectors\\_hnsw\\_%'")
    for name in op.get_bind().scalars(known).all():
        op.execute(f"DROP INDEX {name}")
