"""Feedback on matches in PostgreSQL."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, func, insert, select

from matcher.domain.digests import storable
from matcher.ports import ScoredPair
from storage.server.database import Database
from storage.sql.locks import holding
from storage.sql.schema import feedback
from storage.sql.text import row_id

_PAGE = 10_000


@dataclass(frozen=True, slots=True)
class PostgresFeedbackStore:
    """`FeedbackStore` on PostgreSQL. Writing is one transaction."""

    database: Database

    def add(self, listener_id: str, other_id: str, score: int, model_version: str, now: datetime) -> bool:
        values = {
            "listener_id": row_id(listener_id),
            "other_id": row_id(other_id),
            "score": score,
            "model_version": storable(model_version),
        }
        same = [feedback.c[name] == value for name, value in values.items()]
        # one action at a time per listener, so that a double click gives one row
        with holding(self.database, listener_id, alone=True) as (connection, _):
            if connection.execute(select(feedback.c.id).where(*same).limit(1)).first() is not None:
                return False
            connection.execute(insert(feedback).values(given_at_utc=now, **values))
        return True

    def strongest(self) -> Iterator[ScoredPair]:
        """Ordered by ids, from one snapshot of the database."""
        pair = (feedback.c.listener_id, feedback.c.other_id)
        query = select(*pair, func.max(feedback.c.score)).group_by(*pair).order_by(*pair)
        with self.database.transaction(patient=True) as connection:
            for row in connection.execution_options(yield_per=_PAGE).execute(query):
                yield ScoredPair(str(row[0]), str(row[1]), float(row[2]))

    def given(self, listener_id: str, score: int, model_version: str) -> frozenset[str]:
        query = select(feedback.c.other_id).where(_such(listener_id, score, model_version))
        return frozenset(str(row.other_id) for row in self.database.rows(query))

    def take_back(self, listener_id: str, score: int, model_version: str) -> int:
        return self.database.write(delete(feedback).where(_such(listener_id, score, model_version)))


def _such(listener_id: str, score: int, model_version: str) -> ColumnElement[bool]:
    return and_(
        feedback.c.listener_id == row_id(listener_id),
        feedback.c.score == score,
        feedback.c.model_version == storable(model_version),
    )
