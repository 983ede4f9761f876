"""Models and their states, in PostgreSQL."""

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Text, Update, cast, func, select, update
from sqlalchemy.dialects.postgresql import insert

from matcher.ports import KnownModel, ModelState
from storage.server.database import Database
from storage.sql.locks import take
from storage.sql.schema import model_versions
from storage.sql.text import from_json_text, index_key, to_jsonb


@dataclass(frozen=True, slots=True)
class PostgresModelRegistry:
    """`ModelRegistry` on PostgreSQL. Every method is one transaction."""

    database: Database

    def propose(self, model_version: str, metrics: Mapping[str, Any], now: datetime) -> bool:
        row = insert(model_versions).values(
            model_version=index_key(model_version),
            state=str(ModelState.PROPOSED),
            changed_at_utc=now,
            metrics=to_jsonb(_finite(dict(metrics))),
        )
        return bool(self.database.write(row.on_conflict_do_nothing()))

    def move(self, model_version: str, before: Collection[ModelState], to: ModelState, now: datetime) -> bool:
        return bool(self.database.write(_moved(model_version, before, to, now)))

    def serve(self, model_version: str, before: Collection[ModelState], now: datetime) -> bool:
        known, serves = model_versions.c, str(ModelState.SERVING)
        retired = {"state": str(ModelState.RETIRED), "changed_at_utc": now}
        others = (known.state == serves, known.model_version != index_key(model_version))
        with self.database.transaction() as connection:
            take(connection, "earshot:models")  # of two at once, the second retires the first
            ready = _one(model_version, before)
            if connection.execute(select(known.model_version).where(*ready)).scalar() is None:
                return False
            connection.execute(update(model_versions).where(*others).values(**retired))
            first = func.coalesce(known.first_served_at_utc, now)
            served = _moved(model_version, before, ModelState.SERVING, now)
            connection.execute(served.values(first_served_at_utc=first))
            return True

    def serving(self) -> str:
        query = select(model_versions.c.model_version)
        serves = model_versions.c.state == str(ModelState.SERVING)
        return str(self.database.scalar(query.where(serves)) or "")

    def models(self) -> tuple[KnownModel, ...]:
        known = model_versions.c
        metrics = cast(known.metrics, Text)
        query = select(
            known.model_version, known.state, known.changed_at_utc, known.first_served_at_utc, metrics
        )
        latest = query.order_by(known.changed_at_utc.desc(), known.model_version)
        return tuple(
            KnownModel(
                version,
                ModelState(state),
                changed.astimezone(UTC),
                first and first.astimezone(UTC),
                from_json_text(text),
            )
            for version, state, changed, first, text in self.database.rows(latest)
        )


def _one(model_version: str, states: Collection[ModelState]) -> tuple[ColumnElement[bool], ...]:
    known = model_versions.c
    return known.model_version == index_key(model_version), known.state.in_(map(str, states))


def _moved(model_version: str, before: Collection[ModelState], to: ModelState, now: datetime) -> Update:
    moved = update(model_versions).where(*_one(model_version, before))
    return moved.values(state=str(to), changed_at_utc=now)


def _finite(value: Any) -> Any:
    """The value with None for numbers that JSON lacks (NaN, infinities)."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): _finite(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(one) for one in value]
    return value
