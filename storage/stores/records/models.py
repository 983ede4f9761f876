"""Models that have served, in PostgreSQL."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Text, cast, select
from sqlalchemy.dialects.postgresql import insert

from matcher.ports import KnownModel
from storage.server.database import Database
from storage.sql.schema import model_versions
from storage.sql.text import from_json_text, index_key, to_jsonb


@dataclass(frozen=True, slots=True)
class PostgresModelRegistry:
    """`ModelRegistry` on PostgreSQL. Every method is one transaction."""

    database: Database

    def register(self, model_version: str, metrics: Mapping[str, Any], now: datetime) -> bool:
        row = insert(model_versions).values(
            model_version=index_key(model_version),
            first_served_at_utc=now,
            metrics=to_jsonb(_finite(dict(metrics))),
        )
        return bool(self.database.write(row.on_conflict_do_nothing()))

    def models(self) -> tuple[KnownModel, ...]:
        known = model_versions.c
        query = select(known.model_version, known.first_served_at_utc, cast(known.metrics, Text))
        latest = query.order_by(known.first_served_at_utc.desc(), known.model_version)
        return tuple(
            KnownModel(version, since.astimezone(UTC), from_json_text(metrics))
            for version, since, metrics in self.database.rows(latest)
        )


def _finite(value: Any) -> Any:
    """The value with None for numbers that JSON lacks (NaN, infinities)."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): _finite(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(one) for one in value]
    return value
