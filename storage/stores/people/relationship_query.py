"""Relations of others to one listener, read right before anything is shown."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    func,
    or_,
    select,
)

from matcher.domain.consent import Relation, Standing, is_open_data
from matcher.domain.listening import Source
from matcher.ports import Contact
from storage.sql.locks import require
from storage.sql.schema import connections, listeners, sharing
from storage.sql.visibility import findable, seen_by
from storage.stores.listeners.switches import sharing_columns, sharing_of


def between(one: UUID | ColumnElement[Any], other: UUID | ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether a row of `connections` is about these two, in either direction."""
    asked, answers = connections.c.listener_id, connections.c.other_id
    return or_(and_(asked == one, answers == other), and_(asked == other, answers == one))


def relation_of(viewer: UUID, asker: UUID | None, agreed_at_utc: datetime | None) -> Relation:
    """Relation, seen from the viewer.

    `asker` (who sent the request) and `agreed_at_utc` are from a row of `connections`; both are None if there
    is no row.
    """
    if agreed_at_utc is not None:
        return Relation.CONNECTED
    if asker is None:
        return Relation.STRANGERS
    return Relation.ASKED_BY_ME if asker == viewer else Relation.ASKED_BY_THEM


def standings(connection: Connection, viewer: UUID, others: Sequence[UUID]) -> Mapping[str, Standing]:
    """Relation and sharing of each of the others that the viewer may see now, by id.

    Raises:
        UnknownListener: there is no such viewer.
    """
    query = _with_connection(viewer).where(listeners.c.id.in_(others))
    rows = connection.execute(seen_by(query, viewer)).all()
    if not rows:
        require(connection, viewer)
    return {str(row.id): _standing(viewer, row) for row in rows}


def contacts(connection: Connection, viewer: UUID) -> list[Contact]:
    """Everyone who is connected with the viewer, asked them or was asked; newest first."""
    since = func.coalesce(connections.c.agreed_at_utc, connections.c.asked_at_utc).label("since_utc")
    rows = (
        _with_connection(viewer)
        .add_columns(since, findable().label("in_sight"))
        .where(connections.c.listener_id.is_not(None), listeners.c.id != viewer)
        .order_by(since.desc(), listeners.c.id)
    )
    return [_contact(viewer, row) for row in connection.execute(rows)]


def n_news(connection: Connection, viewer: UUID) -> int:
    """Number of requests to the viewer, and of agreements with theirs, since they last looked."""
    pair = connections.c
    asked_by_other = and_(pair.other_id == viewer, pair.agreed_at_utc.is_(None), _is_new(pair.asked_at_utc))
    # who is made up agrees in the moment of the request, before the eyes of who asks
    later = and_(pair.agreed_at_utc > pair.asked_at_utc, _is_new(pair.agreed_at_utc))
    agreed = and_(pair.listener_id == viewer, later)
    news = select(func.count()).select_from(connections.join(listeners, listeners.c.id == viewer))
    return int(connection.execute(news.where(or_(asked_by_other, agreed))).scalar_one())


def _is_new(moment: ColumnElement[Any]) -> ColumnElement[bool]:
    seen = listeners.c.people_seen_at_utc
    return or_(seen.is_(None), moment > seen)


def _with_connection(viewer: UUID) -> Select[Any]:
    """All listeners, each with their connection to the viewer, or NULLs."""
    columns = ("id", "alias", "source", "profile_url", "active_at_utc", "signed_in_at_utc")
    own = tuple(listeners.c[name] for name in columns)
    pair = (connections.c.listener_id.label("asker"), connections.c.agreed_at_utc)
    joined = listeners.outerjoin(sharing, sharing.c.listener_id == listeners.c.id)
    joined = joined.outerjoin(connections, between(viewer, listeners.c.id))
    return select(*own, *pair, *sharing_columns()).select_from(joined)


def is_made_up(source: str, signed_in_at_utc: datetime | None) -> bool:
    """Whether a listener is synthetic and no person has signed in as them."""
    return source == Source.SYNTHETIC and signed_in_at_utc is None


def _standing(viewer: UUID, row: Row[Any]) -> Standing:
    key = str(row.id)
    return Standing(
        listener_id=key,
        alias=row.alias,
        source=Source(row.source),
        relation=relation_of(viewer, row.asker, row.agreed_at_utc),
        sharing=sharing_of(row),
        profile_url=row.profile_url or "",
        active_at_utc=row.active_at_utc.astimezone(UTC) if row.active_at_utc else None,
        is_made_up=is_made_up(row.source, row.signed_in_at_utc),
        is_open_data=is_open_data(Source(row.source), row.signed_in_at_utc is not None),
    )


def _contact(viewer: UUID, row: Row[Any]) -> Contact:
    relation = relation_of(viewer, row.asker, row.agreed_at_utc)
    # `profile_link` is their switch, `profile_url` the address
    linked = relation is Relation.CONNECTED and row.in_sight and row.profile_link
    return Contact(
        listener_id=str(row.id),
        alias=row.alias,
        source=Source(row.source),
        relation=relation,
        since_utc=row.since_utc.astimezone(UTC),
        in_sight=row.in_sight,
        profile_url=(row.profile_url or None) if linked else None,
    )
