"""Exclusions by today's canonical keys, so that what somebody left out stays out.

Profiles and libraries make their keys anew when they are read, from the names beside them.
"""

import json
import zlib
from collections.abc import Mapping

import sqlalchemy as sa
from alembic import op

from matcher.domain.canonical_keys import artist_of
from matcher.domain.exclusions import value_of
from matcher.domain.json_codec import rekeyed

revision = "0016_key_rules"
down_revision = "0015_field_names"
branch_labels = None
depends_on = None

_EXCLUDED = sa.text("SELECT listener_id, kind, value FROM exclusions WHERE kind IN ('artist', 'track')")
_LIBRARY = sa.text("SELECT content FROM libraries WHERE listener_id = :listener_id")
_TAKE_OVER = sa.text("""
    INSERT INTO exclusions (listener_id, kind, value, excluded_at_utc)
    SELECT listener_id, kind, :new, excluded_at_utc FROM exclusions
    WHERE listener_id = :listener_id AND kind = :kind AND value = :value
    ON CONFLICT DO NOTHING
""")
_DROP = sa.text("""
    DELETE FROM exclusions WHERE listener_id = :listener_id AND kind = :kind AND value = :value
""")


def upgrade() -> None:
    connection = op.get_bind()
    for listener_id, kind, value in connection.execute(_EXCLUDED).all():
        old = {"listener_id": listener_id, "kind": kind, "value": value}
        content = connection.execute(_LIBRARY, {"listener_id": listener_id}).scalar()
        new_values = _new_values(kind, value, content)
        for new in new_values - {value}:
            connection.execute(_TAKE_OVER, {**old, "new": new})
        if value not in new_values:
            connection.execute(_DROP, old)


def downgrade() -> None:
    pass  # older rules are not known any more


def _new_values(kind: str, value: str, content: bytes | None) -> set[str]:
    rows, names = _rows(content)
    keys = {(row[0], row[1]) for row in rows if value_of(row[kind == "track"]) == value}
    if not keys and value.startswith("sha256:"):
        return {value}
    # without a library the key itself is all there is
    keys = keys or {(value, "") if kind == "artist" else (artist_of(value), value)}
    found = {value_of(rekeyed(*key, names)[kind == "track"]) for key in keys} - {""}
    return found or {value}


def _rows(content: bytes | None) -> tuple[list[list[str]], Mapping[str, str]]:
    try:
        found = json.loads(zlib.decompress(content or b""))
        return found["rows"], found["names"]
    except (zlib.error, ValueError, KeyError, TypeError):  # such a library is read from its source again
        return [], {}
