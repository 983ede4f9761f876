"""Blocks, reports and declines that outlast an erasure, by account fingerprint.

Without them, a blocked listener could erase everything, sign in again and be a stranger. Only the two
fingerprints and the act are kept; when both listeners are back, the act is restored and the row deleted.
An account that a listener no longer signs in with could be a way around as well, so acts are kept for it too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    RowMapping,
    Table,
    and_,
    case,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert as upsert

from storage.sql.locks import take
from storage.sql.schema import blocks, declined, listeners, reports, safeguards
from storage.stores.lifetime.fingerprints import Fingerprints

KEPT_FOR = timedelta(days=365)
"""Time after the latest erasure of the two, as in `docs/data.md`."""
ERASING = "earshot:erasure"
"""Lock that erasures take, so that they run one at a time."""

_kept = safeguards.c
_SIDES = (_kept.by_fingerprint, _kept.by_id), (_kept.about_fingerprint, _kept.about_id)


@dataclass(frozen=True, slots=True)
class _Kind:
    """A table of acts between two listeners, and its columns' names in `safeguards`."""

    table: Table
    about: str
    columns: Mapping[str, str]


_KINDS = {
    "block": _Kind(blocks, "blocked_id", {"blocked_at_utc": "happened_at_utc"}),
    "report": _Kind(reports, "reported_id", {"reported_at_utc": "happened_at_utc", "reason": "reason"}),
    "declined": _Kind(declined, "other_id", {"declined_at_utc": "happened_at_utc", "n_times": "n_times"}),
}


def outlast(
    connection: Connection, key: UUID, fingerprints: Fingerprints, now: datetime | ColumnElement[datetime]
) -> None:
    """Save acts of and about a listener before their erasure; `ERASING` must be held."""
    whose = or_(_kept.by_id == key, _kept.about_id == key)
    connection.execute(update(safeguards).where(whose).values(erased_at_utc=now))
    for name, kind in _KINDS.items():
        rows = connection.execute(_with_accounts(kind, key)).mappings().all()
        if rows:
            kept = [_row(name, kind, row, fingerprints) for row in rows]
            connection.execute(insert(safeguards).values([{**one, "erased_at_utc": now} for one in kept]))


def outlast_as_well(
    connection: Connection, key: UUID, account_key: str, fingerprints: Fingerprints, now: datetime
) -> None:
    """Save acts of and about a listener for an account that is about to leave them; `ERASING` must be held.

    The acts stay in force for the listener, who loses nothing. They apply to the account as well, if it comes
    back as another listener.
    """
    kept: list[dict[str, Any]] = []
    for name, kind in _KINDS.items():
        rows = connection.execute(_with_accounts(kind, key)).mappings().all()
        kept += [_row(name, kind, row, fingerprints) for row in rows]
    whose = or_(_kept.by_id == key, _kept.about_id == key)
    columns = [one for one in safeguards.columns if one is not _kept.id]
    kept += map(dict, connection.execute(select(*columns).where(whose)).mappings())
    mine = fingerprints.of(account_key)
    for row in kept:
        side = "by" if row["by_id"] == key else "about"
        row |= {f"{side}_id": None, f"{side}_fingerprint": mine, "erased_at_utc": now}
        connection.execute(insert(safeguards).values(row))


def rename(connection: Connection, key: UUID, account_key: str, fingerprints: Fingerprints) -> None:
    """Keep what waits for others under the fingerprint of a listener's new account, each act once."""
    for fingerprint, named in _SIDES:
        mine = update(safeguards).where(named == key)
        connection.execute(mine.values({fingerprint.name: fingerprints.of(account_key)}))
    # an account that left and is back brings a copy of each; they would double every time
    first = safeguards.alias()
    act = [
        one.name for one in (_kept.kind, _kept.by_fingerprint, _kept.about_fingerprint, _kept.happened_at_utc)
    ]
    same = [safeguards.c[name] == first.c[name] for name in act]
    whose = [or_(one.c.by_id == key, one.c.about_id == key) for one in (safeguards, first)]
    connection.execute(delete(safeguards).where(*whose, *same, first.c.id < _kept.id))


def drop_kept(connection: Connection, key: UUID) -> None:
    """Delete what earlier erasures of others kept of and about a listener; `ERASING` must be held."""
    connection.execute(delete(safeguards).where(or_(_kept.by_id == key, _kept.about_id == key)))


def await_erasures(
    connection: Connection, account_key: str, fingerprints: Fingerprints, now: datetime
) -> None:
    """Exclude erasures if safeguards exist for an account about to sign in."""
    if connection.execute(select(_kept.id).where(_waiting(fingerprints.every(account_key), now))).first():
        # before the listener's row is locked, in the same order as an erasure
        take(connection, ERASING)


def restore(
    connection: Connection, key: UUID, account_key: str, fingerprints: Fingerprints, now: datetime
) -> None:
    """Restore an account's safeguards when it signs in, if the other side exists.

    The transaction has just written the listener. Rows older than `KEPT_FOR` are ignored.
    """
    mine = fingerprints.every(account_key)
    if connection.execute(select(_kept.id).where(_waiting(mine, now))).first() is None:
        return
    take(connection, ERASING)  # also after a just finished erasure of this account
    for fingerprint, named in _SIDES:
        known_again = update(safeguards).where(_waiting(mine, now), fingerprint.in_(mine))
        connection.execute(known_again.values({named.name: key}))
    _back_in_force(connection, key)


def _waiting(mine: Sequence[str], now: datetime) -> ColumnElement[bool]:
    """Unexpired rows of an account that do not refer to its listener."""
    sides = (and_(fingerprint.in_(mine), named.is_(None)) for fingerprint, named in _SIDES)
    return and_(or_(*sides), _kept.erased_at_utc >= now - KEPT_FOR)


def _with_accounts(kind: _Kind, key: UUID) -> Any:
    by, about = listeners.alias(), listeners.alias()
    asks, named = kind.table.c.listener_id, kind.table.c[kind.about]
    return (
        select(kind.table, by.c.account_key.label("by_key"), about.c.account_key.label("about_key"))
        .join(by, by.c.id == asks)
        .join(about, about.c.id == named)
        .where(or_(asks == key, named == key))
        .order_by(asks, named)
    )


def _row(name: str, kind: _Kind, row: RowMapping, fingerprints: Fingerprints) -> dict[str, Any]:
    return {
        "kind": name,
        "by_fingerprint": fingerprints.of(row["by_key"]),
        "by_id": row["listener_id"],
        "about_fingerprint": fingerprints.of(row["about_key"]),
        "about_id": row[kind.about],
        **{kept: row[own] for own, kept in kind.columns.items()},
    }


def _back_in_force(connection: Connection, key: UUID) -> None:
    whose = or_(_kept.by_id == key, _kept.about_id == key)
    both = whose, _kept.by_id.is_not(None), _kept.about_id.is_not(None)
    rows = connection.execute(delete(safeguards).where(*both).returning(safeguards)).mappings().all()
    for name, kind in _KINDS.items():
        # nobody acts on themselves: both were accounts of one person
        own = [_own_row(kind, row) for row in rows if row["kind"] == name and row["by_id"] != row["about_id"]]
        if own:
            _write(connection, kind, own)


def _own_row(kind: _Kind, row: RowMapping) -> dict[str, Any]:
    values = {own: row[kept] for own, kept in kind.columns.items()}
    return {"listener_id": row["by_id"], kind.about: row["about_id"], **values}


def _write(connection: Connection, kind: _Kind, rows: Sequence[dict[str, Any]]) -> None:
    """Write restored rows; newer acts win, numbers of declines add up."""
    statement = upsert(kind.table).values(rows)
    if kind.table is declined:
        times: Column[Any] = declined.c.n_times
        latest = func.greatest(declined.c.declined_at_utc, statement.excluded.declined_at_utc)
        # one request, kept for an account that left this listener and is back, is not two
        is_same = declined.c.declined_at_utc == statement.excluded.declined_at_utc
        n_times = case((is_same, times), else_=times + statement.excluded.n_times)
        kept = {"n_times": n_times, "declined_at_utc": latest}
        statement = statement.on_conflict_do_update(index_elements=["listener_id", "other_id"], set_=kept)
    else:
        statement = statement.on_conflict_do_nothing()
    connection.execute(statement)
