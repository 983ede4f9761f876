"""Shown profiles and their vectors, by which candidates are found.

Listeners who show everything keep their rows. All others leave the search until both views are rebuilt (on
their next visit or reading), so that nothing switched off is found again.
"""

import sqlalchemy as sa
from alembic import op
from pgvector.sqlalchemy import HALFVEC
from sqlalchemy.dialects.postgresql import JSONB

revision = "0013_shown"
down_revision = "0012_grace"
branch_labels = None
depends_on = None

_KEEP_WHO_SHOWS_ALL = """
UPDATE profiles SET shown_digest = digest WHERE listener_id NOT IN (
    SELECT listener_id FROM sharing WHERE NOT (artists AND tracks AND tags)
    UNION SELECT listener_id FROM facets WHERE NOT shared
)
"""
_TAKE_THE_OTHERS_OUT = """
UPDATE vectors SET own_embedding = embedding, embedding = NULL, weighed = NULL, telling = '{}'
WHERE listener_id IN (SELECT listener_id FROM profiles WHERE shown_digest IS NULL)
"""


def upgrade() -> None:
    op.add_column("profiles", sa.Column("shown", JSONB))
    op.add_column("profiles", sa.Column("shown_digest", sa.Text))
    embedding: sa.Column[object] = sa.Column("own_embedding", HALFVEC())
    op.add_column("vectors", embedding)
    op.alter_column("vectors", "embedding", nullable=True)
    op.execute(_KEEP_WHO_SHOWS_ALL)
    op.execute(_TAKE_THE_OTHERS_OUT)


def downgrade() -> None:
    op.execute("UPDATE vectors SET embedding = own_embedding WHERE embedding IS NULL")
    op.execute("DELETE FROM vectors WHERE embedding IS NULL")
    op.alter_column("vectors", "embedding", nullable=False)
    op.drop_column("vectors", "own_embedding")
    op.drop_column("profiles", "shown_digest")
    op.drop_column("profiles", "shown")
