"""Cached answers of attribute services, under digests of the track keys."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Text, cast, null, select
from sqlalchemy.dialects.postgresql import insert

from matcher.domain.audio import AudioAttributes
from matcher.domain.digests import storable
from storage.server.database import Database
from storage.sql.arrays import any_of
from storage.sql.schema import attribute_cache
from storage.sql.text import from_json_text, to_jsonb
from storage.sql.writing import in_place


@dataclass(frozen=True, slots=True)
class PostgresAttributeCache:
    """`AttributeCache` on PostgreSQL. Every method is one transaction."""

    database: Database

    def answers(
        self, service: str, keys: Sequence[str], since: datetime
    ) -> Mapping[str, AudioAttributes | None]:
        # digests, so that the table is no catalogue of music
        key_of = {_digest(service, key): key for key in keys}
        if not key_of:
            return {}
        kept = attribute_cache.c
        query = select(kept.lookup_key, cast(kept.attributes, Text), kept.provenance).where(
            kept.lookup_key == any_of(key_of), kept.fetched_at_utc >= since
        )
        return {
            key_of[digest]: None if values is None else AudioAttributes(from_json_text(values), provenance)
            for digest, values, provenance in self.database.rows(query)
        }

    def keep(self, service: str, answers: Mapping[str, AudioAttributes | None], now: datetime) -> None:
        rows = [_row(service, key, answer, now) for key, answer in answers.items()]
        if not rows:
            return
        # in key order, so that two writers wait instead of deadlocking
        in_order = insert(attribute_cache).values(sorted(rows, key=lambda one: one["lookup_key"]))
        self.database.write(in_place(in_order, rows[0]))


def _digest(service: str, key: str) -> str:
    return hashlib.sha256(f"{service} {key}".encode("utf-8", "surrogatepass")).hexdigest()


def _row(service: str, key: str, answer: AudioAttributes | None, now: datetime) -> dict[str, Any]:
    return {
        "lookup_key": _digest(service, key),
        "attributes": null() if answer is None else to_jsonb(dict(answer.values)),
        "provenance": storable(service),
        "fetched_at_utc": now,
    }
