"""Search by shared rare items, through an inverted index.

Items of very many profiles are skipped: they are slow to read and say little. PostgreSQL's statistics tell
which, including items that no training listener has.
"""

from sqlalchemy import ARRAY, BigInteger, Connection, bindparam, text

from storage.sql.schema import vectors

PROFILES_PER_PAIR = 250
"""One pair of item and listener is read per so many profiles."""

FEWEST_PAIRS, MOST_PAIRS = 1_000, 4_000
"""Bounds on the number of pairs read."""

MOST_EACH = 500
"""Most pairs per item."""

_SIZE = text("SELECT greatest(reltuples, 0) FROM pg_class WHERE oid = 'vectors'::regclass")

SHARING = (
    text(
        """
WITH common AS MATERIALIZED (
    SELECT item FROM pg_stats AS s
    CROSS JOIN LATERAL unnest(s.most_common_elems::text::bigint[], s.most_common_elem_freqs)
        AS e (item, share)
    WHERE s.schemaname = current_schema() AND s.tablename = 'vectors' AND s.attname = 'rare_items'
    AND e.item IS NOT NULL  -- the shares have three more entries than the items: least, most, of NULL
    AND e.share * :n_profiles > :most_pairs
)
SELECT found.listener_id, found.weighed, found.embedding
FROM unnest(:rare_items) AS mine (item)
CROSS JOIN LATERAL (
    SELECT listener_id, weighed, embedding FROM vectors
    WHERE rare_items @> ARRAY[mine.item] AND model_version = :version AND embedding IS NOT NULL
    LIMIT :most_each
) AS found
WHERE mine.item NOT IN (SELECT item FROM common) LIMIT :most_pairs
"""
    )
    .bindparams(bindparam("rare_items", type_=ARRAY(BigInteger)))
    .columns(*(vectors.c[name] for name in ("listener_id", "weighed", "embedding")))
    .subquery("sharing")
)
"""Rows of `vectors` that share rare items: one per pair of item and listener.

Visibility is checked later, for the few candidates that are shown. Parameters: `rare_items` (digests, rarest
first), `version`, and those of `limits`.
"""


def limits(connection: Connection) -> dict[str, float]:
    """Parameters that bound how much `SHARING` reads."""
    n_profiles = connection.execute(_SIZE).scalar_one()
    most = min(max(FEWEST_PAIRS, round(n_profiles / PROFILES_PER_PAIR)), MOST_PAIRS)
    return {"most_pairs": most, "most_each": MOST_EACH, "n_profiles": n_profiles}
