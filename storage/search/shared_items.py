"""Search by shared items: through an inverted index, the rarest items first, and only so many rows.

Items that stand in very many profiles are passed over: reading who has them is slow, and says little. Which
these are, the statistics of PostgreSQL tell, which also know items that no training listener ever heard.
"""

from sqlalchemy import ARRAY, BigInteger, Connection, bindparam, text

from storage.sql.schema import vectors

PROFILES_PER_PAIR = 250
"""Pairs of an item and a listener who has it are read for every so many profiles."""

FEWEST_PAIRS, MOST_PAIRS = 1_000, 4_000
"""So many are read at least, if there are so many, and at most."""

MOST_EACH = 500
"""Pairs of one item among them."""

_SIZE = text("SELECT greatest(reltuples, 0) FROM pg_class WHERE oid = 'vectors'::regclass")

SHARING = (
    text(
        """
WITH common AS MATERIALIZED (
    SELECT item FROM pg_stats AS s
    CROSS JOIN LATERAL unnest(s.most_common_elems::text::bigint[], s.most_common_elem_freqs)
        AS e (item, share)
    WHERE s.schemaname = current_schema() AND s.tablename = 'vectors' AND s.attname = 'telling'
    AND e.item IS NOT NULL  -- the shares have three more entries than the items: least, most, of NULL
    AND e.share * :n_profiles > :most_pairs
)
SELECT found.listener_id, found.weighed, found.embedding
FROM unnest(:telling) AS mine (item)
CROSS JOIN LATERAL (
    SELECT listener_id, weighed, embedding FROM vectors
    WHERE telling @> ARRAY[mine.item] AND model_version = :version AND embedding IS NOT NULL
    LIMIT :most_each
) AS found
WHERE mine.item NOT IN (SELECT item FROM common) LIMIT :most_pairs
"""
    )
    .bindparams(bindparam("telling", type_=ARRAY(BigInteger)))
    .columns(*(vectors.c[name] for name in ("listener_id", "weighed", "embedding")))
    .subquery("sharing")
)
"""Rows of `vectors` of those who share telling items, one for every pair of an item and who has it.

Seen or not: visibility is checked for the few that are to be shown. Its parameters are `telling`,
digests of the items, the rarest first, `version`, and `limits`.
"""


def limits(connection: Connection) -> dict[str, float]:
    """How much of it is read, by name of the parameter.

    Args:
        connection: in a transaction.
    """
    n_profiles = connection.execute(_SIZE).scalar_one()
    most = min(max(FEWEST_PAIRS, round(n_profiles / PROFILES_PER_PAIR)), MOST_PAIRS)
    return {"most_pairs": most, "most_each": MOST_EACH, "n_profiles": n_profiles}
