"""What one listener may do about another, read in one statement.

Hidden, paused, blocking and unknown listeners must be indistinguishable, by answer and by timing. So
everything is read before anything is decided.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, literal, or_, select

from matcher.domain.consent import Relation
from matcher.errors import UnknownListener
from storage.sql.schema import blocks, connections, declined, feedback, listeners, match_history, reports
from storage.sql.visibility import visible_to
from storage.stores.people import relationship_query


@dataclass(frozen=True, slots=True)
class Pair:
    """Relation of the acting listener to another.

    Attributes:
        seen: whether the other is visible now.
        met: whether the acting listener saw the other before, or acted on them.
        n_declined: requests of the acting listener that the other has declined.
        declined_at_utc: time of the last decline, or None.
    """

    relation: Relation
    seen: bool
    met: bool
    blocked: bool
    n_declined: int
    declined_at_utc: datetime | None

    @property
    def within_reach(self) -> bool:
        """Whether the other may be blocked or reported, even if no longer visible."""
        return self.seen or self.met or self.relation is not Relation.STRANGERS


def pair_of(connection: Connection, me: UUID, other: UUID) -> Pair:
    """Read the relation of two listeners.

    Raises:
        UnknownListener: the acting listener does not exist.
    """
    row = connection.execute(_query(me, other)).one()
    if not row.there:
        raise UnknownListener("there is no such listener")
    return Pair(
        relation=relationship_query.relation_of(me, row.asker, row.agreed_at_utc),
        seen=row.seen,
        met=row.met,
        blocked=row.blocked,
        n_declined=row.n_times or 0,
        declined_at_utc=row.declined_at_utc,
    )


def _query(me: UUID, other: UUID) -> Select[Any]:
    one = select(literal(1).label("n")).subquery()
    refused = and_(declined.c.listener_id == me, declined.c.other_id == other)
    return select(
        exists().where(listeners.c.id == me).label("there"),
        visible_to(select(listeners.c.id).where(listeners.c.id == other), me).exists().label("seen"),
        _met(me, other).label("met"),
        exists().where(blocks.c.listener_id == me, blocks.c.blocked_id == other).label("blocked"),
        connections.c.listener_id.label("asker"),
        connections.c.agreed_at_utc,
        declined.c.n_times,
        declined.c.declined_at_utc,
    ).select_from(
        one.outerjoin(connections, relationship_query.between(me, other)).outerjoin(declined, refused)
    )


def _met(me: UUID, other: UUID) -> ColumnElement[bool]:
    return or_(
        exists().where(match_history.c.listener_id == me, match_history.c.other_id == other),
        exists().where(feedback.c.listener_id == me, feedback.c.other_id == other),
        exists().where(blocks.c.listener_id == me, blocks.c.blocked_id == other),
        exists().where(reports.c.listener_id == me, reports.c.reported_id == other),
        exists().where(declined.c.listener_id == me, declined.c.other_id == other),
        exists().where(declined.c.listener_id == other, declined.c.other_id == me),
    )
