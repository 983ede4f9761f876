"""Search by shared items: through an inverted index, the rarest items first, and only so many rows.

Items that stand in very many profiles are passed over: reading who has them is slow, and says little. Which
these are, the statistics of PostgreSQL tell, which also know items that no training listener ever heard.
"""

from collections.abc import Mapping

from sqlalchemy import ARRAY, BigInteger, Connection, Double, bindparam, text

MOST_PAIRS = 2_000
"""Pairs of an item and somebody who has it that one search reads at most."""

MOST_EACH = 500
"""Pairs of one item among them."""

_QUERY = text(
    """
WITH common AS MATERIALIZED (
    SELECT item FROM pg_stats AS s
    CROSS JOIN LATERAL unnest(s.most_common_elems::text::bigint[], s.most_common_elem_freqs)
        AS e (item, share)
    WHERE s.schemaname = current_schema() AND s.tablename = 'vectors' AND s.attname = 'telling'
    AND e.item IS NOT NULL  -- the shares have three more entries than the items: least, most, of NULL
    AND e.share * (SELECT reltuples FROM pg_class WHERE oid = 'vectors'::regclass) > :most_pairs
), pairs AS (
    SELECT found.listener_id, mine.pull
    FROM unnest(:items, :pulls) AS mine (item, pull)
    CROSS JOIN LATERAL (
        SELECT listener_id FROM vectors
        WHERE telling @> ARRAY[mine.item] AND model_version = :version LIMIT :most_each
    ) AS found
    WHERE mine.item NOT IN (SELECT item FROM common) LIMIT :most_pairs
)
SELECT listener_id::text FROM pairs GROUP BY listener_id ORDER BY sum(pull) DESC, pairs.listener_id LIMIT :k
"""
).bindparams(bindparam("items", type_=ARRAY(BigInteger)), bindparam("pulls", type_=ARRAY(Double)))


def sharing(connection: Connection, pulls: Mapping[int, float], k: int, model_version: str) -> list[str]:
    """At most `k` listeners who share telling items, those with the highest sum of pulls first.

    Args:
        connection: in a transaction.
        pulls: by digest of an item, how much sharing it adds to a score; the rarest item first.
        k: how many at most.
        model_version: only what belongs to vectors of this version is looked at.
    """
    asked = {"items": list(pulls), "pulls": list(pulls.values()), "version": model_version, "k": k}
    limits = {"most_pairs": MOST_PAIRS, "most_each": MOST_EACH}
    return list(connection.scalars(_QUERY, asked | limits).all())
