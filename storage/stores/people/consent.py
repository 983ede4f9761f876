"""Consent of listeners in PostgreSQL."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, and_, delete, not_, select, update
from sqlalchemy.dialects.postgresql import insert

from matcher.domain.consent import Sharing, Switch
from matcher.domain.digests import storable
from matcher.embedding import unplaced
from matcher.errors import AliasTaken, NotProven, UnknownListener
from matcher.ports import Choices, Show
from storage.server.database import Database
from storage.sql.audit import note_choice
from storage.sql.locks import holding, require, take
from storage.sql.schema import facets, listeners, sharing, sources, training_consents
from storage.sql.text import row_id
from storage.stores.listeners.switches import sharing_columns, sharing_of
from storage.stores.listeners.tastes import renew


@dataclass(frozen=True, slots=True)
class PostgresConsentStore:
    """`ConsentStore` on PostgreSQL. Every method is one transaction.

    `show` rebuilds both views when the shown profile changes; the default makes the listener unfindable.
    """

    database: Database
    show: Show = unplaced

    def choices(self, listener_id: str) -> Choices | None:
        seen = (listeners.c.discoverable, listeners.c.paused, listeners.c.note_closed)
        own = (listeners.c.alias, *seen, listeners.c.profile_url)
        query = select(*own, *sharing_columns()).select_from(listeners.outerjoin(sharing))
        rows = self.database.rows(query.where(listeners.c.id == row_id(listener_id)))
        found = (
            Choices(
                *(row.alias, row.discoverable, row.paused, sharing_of(row), row.profile_url or ""),
                note_closed=row.note_closed,
            )
            for row in rows
        )
        return next(found, None)

    def set_discoverable(self, listener_id: str, discoverable: bool, now: datetime) -> bool:
        with holding(self.database, listener_id, alone=True) as (connection, key):
            if discoverable:
                _require_proven(connection, key)
            return _set_column(connection, key, "discoverable", discoverable, now)

    def set_paused(self, listener_id: str, paused: bool, now: datetime) -> bool:
        return self._set_column(listener_id, "paused", paused, now)

    def close_note(self, listener_id: str) -> bool:
        key = row_id(listener_id)
        shown = and_(listeners.c.id == key, not_(listeners.c.note_closed))
        with self.database.transaction() as connection:
            changed = connection.execute(update(listeners).where(shown).values(note_closed=True)).rowcount
            require(connection, key)
        return bool(changed)

    def set_alias(self, listener_id: str, alias: str, now: datetime) -> bool:
        key = row_id(listener_id)
        with self.database.transaction() as connection:
            take(connection, "earshot:aliases")
            others = listeners.c.alias.regexp_match(_in_any_case(alias)), listeners.c.id != key
            if connection.execute(select(listeners.c.id).where(*others).limit(1)).first():
                raise AliasTaken("another listener has this alias")
            return _set_column(connection, key, "alias", alias, now)

    def set_shared(self, listener_id: str, switch: Switch, shared: bool, now: datetime) -> bool:
        return self._change_shown(listener_id, "sharing", now, partial(_turn, switch=switch, shared=shared))

    def share_facet(self, listener_id: str, facet_id: str, shared: bool, now: datetime) -> bool:
        turn = _show_facet if shared else _hide_facet
        return self._change_shown(listener_id, "facet", now, partial(turn, facet_id=storable(facet_id)))

    def training(self, listener_id: str) -> Mapping[str, datetime]:
        columns = (training_consents.c.origin, training_consents.c.agreed_at_utc)
        query = select(*columns).where(training_consents.c.listener_id == row_id(listener_id))
        return {row.origin: row.agreed_at_utc.astimezone(UTC) for row in self.database.rows(query)}

    def set_training(self, listener_id: str, origin: str, agreed: bool, now: datetime) -> bool:
        turn = _agree if agreed else _withdraw
        with holding(self.database, listener_id, alone=True) as (connection, key):
            changed = turn(connection, key, storable(origin), now)
            if changed:
                note_choice(connection, "training", now, key)
        return changed

    def _change_shown(
        self, listener_id: str, what: str, now: datetime, change: Callable[[Connection, UUID], bool]
    ) -> bool:
        """Apply a change; if effective, rebuild both views. Return whether it was."""
        with holding(self.database, listener_id, alone=True) as (connection, key):
            changed = change(connection, key)
            if changed:
                renew(connection, key, self.show)
                note_choice(connection, what, now, key)
        return changed

    def _set_column(self, listener_id: str, name: str, value: bool, now: datetime) -> bool:
        with self.database.transaction() as connection:
            return _set_column(connection, row_id(listener_id), name, value, now)


def _set_column(connection: Connection, key: UUID, name: str, value: bool | str, now: datetime) -> bool:
    kept = storable(value) if isinstance(value, str) else value
    other = and_(listeners.c.id == key, listeners.c[name] != kept)
    if connection.execute(update(listeners).where(other).values({name: kept})).rowcount:
        note_choice(connection, name, now, key)
        return True
    require(connection, key)
    return False


def _turn(connection: Connection, key: UUID, switch: Switch, shared: bool) -> bool:
    column = sharing.c[switch]
    if shared is not getattr(Sharing(), switch):  # without a row, the default applies
        connection.execute(insert(sharing).values(listener_id=key).on_conflict_do_nothing())
    turned = update(sharing).where(sharing.c.listener_id == key, column.is_distinct_from(shared))
    return bool(connection.execute(turned.values({switch: shared})).rowcount)


def _agree(connection: Connection, key: UUID, origin: str, now: datetime) -> bool:
    mine = (sources.c.listener_id == key, sources.c.origin == origin)
    if connection.execute(select(sources.c.origin).where(*mine)).first() is None:
        raise UnknownListener("the listener has no such source")
    _require_proven(connection, key, sources.c.origin == origin)
    row = insert(training_consents).values(listener_id=key, origin=origin, agreed_at_utc=now)
    agreed = row.on_conflict_do_nothing().returning(training_consents.c.origin)
    return connection.execute(agreed).first() is not None


def _require_proven(connection: Connection, key: UUID, *which: ColumnElement[bool]) -> None:
    """Check that the sources, or those meant, are proven to be the listener's."""
    typed = select(sources.c.origin).where(sources.c.listener_id == key, sources.c.proven.is_(False), *which)
    if connection.execute(typed).first():
        raise NotProven("whose name the music was read by is not proven")


def _withdraw(connection: Connection, key: UUID, origin: str, _: datetime) -> bool:
    mine = (training_consents.c.listener_id == key, training_consents.c.origin == origin)
    return bool(connection.execute(delete(training_consents).where(*mine)).rowcount)


def _hide_facet(connection: Connection, key: UUID, facet_id: str) -> bool:
    row = insert(facets).values(listener_id=key, facet_id=facet_id, shared=False)
    hidden = row.on_conflict_do_update(
        index_elements=["listener_id", "facet_id"], set_={"shared": False}, where=facets.c.shared
    )
    return connection.execute(hidden.returning(facets.c.facet_id)).first() is not None


def _show_facet(connection: Connection, key: UUID, facet_id: str) -> bool:
    hidden = (facets.c.listener_id == key, facets.c.facet_id == facet_id, facets.c.shared.is_(False))
    return bool(connection.execute(delete(facets).where(*hidden)).rowcount)


def _in_any_case(alias: str) -> str:
    """Pattern for an alias in any case; `lower` depends on the server's locale."""
    return "^" + "".join(_either_case(one) for one in storable(alias)) + "$"


def _either_case(one: str) -> str:
    spelt = {one, one.lower(), one.upper(), one.casefold()}
    return "(" + "|".join(re.escape(each) for each in sorted(spelt)) + ")"
