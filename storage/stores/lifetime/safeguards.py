"""Blocks, reports and refusals that outlast an erasure, under fingerprints of the accounts.

Without them, an erasure would lift every block: a blocked listener could erase everything, sign in again and
be a stranger. Only the two fingerprints and what was done are kept; when both listeners are there again it is
in force again, and the row is gone.
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
"""From the latest erasure of one of the two. `docs/data.md` and the receipt say the same."""
ERASING = "earshot:erasure"
"""The lock that erasures take, one after the other."""

_kept = safeguards.c
_SIDES = (_kept.by_fingerprint, _kept.by_id), (_kept.about_fingerprint, _kept.about_id)


@dataclass(frozen=True, slots=True)
class _Kind:
    """A table between two listeners, and the columns of `safeguards` that its own become."""

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
    """Keep what is between a listener and others, right before the listener is erased.

    Args:
        connection: in a transaction that holds `ERASING`.
        key: who is about to be erased.
        fingerprints: of accounts.
        now: from when on it is kept.
    """
    whose = or_(_kept.by_id == key, _kept.about_id == key)
    connection.execute(update(safeguards).where(whose).values(erased_at_utc=now))
    for name, kind in _KINDS.items():
        rows = connection.execute(_with_accounts(kind, key)).mappings().all()
        if rows:
            kept = [_row(name, kind, row, fingerprints) for row in rows]
            connection.execute(insert(safeguards).values([{**one, "erased_at_utc": now} for one in kept]))


def await_erasures(
    connection: Connection, account_key: str, fingerprints: Fingerprints, now: datetime
) -> None:
    """Let no erasure come between, if something is kept of an account that is about to sign in.

    To be called before the listener's row is locked: an erasure takes the lock first, and then the row.
    """
    if connection.execute(select(_kept.id).where(_waiting(fingerprints.every(account_key), now))).first():
        take(connection, ERASING)


def restore(
    connection: Connection, key: UUID, account_key: str, fingerprints: Fingerprints, now: datetime
) -> None:
    """Put back in force what was kept of an account that signs in, as far as the other is there.

    Args:
        connection: in a transaction that has just written the listener.
        key: the listener of the account.
        account_key: as it stands in `listeners`.
        fingerprints: of accounts.
        now: what is older than `KEPT_FOR` by then is no longer in force.
    """
    mine = fingerprints.every(account_key)
    if connection.execute(select(_kept.id).where(_waiting(mine, now))).first() is None:
        return
    take(connection, ERASING)  # also where an erasure of this very account has just ended
    for fingerprint, named in _SIDES:
        known_again = update(safeguards).where(_waiting(mine, now), fingerprint.in_(mine))
        connection.execute(known_again.values({named.name: key}))
    _back_in_force(connection, key)


def _waiting(mine: Sequence[str], now: datetime) -> ColumnElement[bool]:
    """Rows that lack the listener of an account, and are not too old."""
    sides = (and_(fingerprint.in_(mine), named.is_(None)) for fingerprint, named in _SIDES)
    return and_(or_(*sides), _kept.erased_at_utc >= now - KEPT_FOR)


def _with_accounts(kind: _Kind, key: UUID) -> Any:
    """Rows of a table that name the listener, with the account of either side."""
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
        own = [_own_row(kind, row) for row in rows if row["kind"] == name]
        if own:
            _write(connection, kind, own)


def _own_row(kind: _Kind, row: RowMapping) -> dict[str, Any]:
    values = {own: row[kept] for own, kept in kind.columns.items()}
    return {"listener_id": row["by_id"], kind.about: row["about_id"], **values}


def _write(connection: Connection, kind: _Kind, rows: Sequence[dict[str, Any]]) -> None:
    """Write rows that are in force again; what was done since then counts more, refusals add up."""
    statement = upsert(kind.table).values(rows)
    if kind.table is declined:
        times: Column[Any] = declined.c.n_times
        latest = func.greatest(declined.c.declined_at_utc, statement.excluded.declined_at_utc)
        kept = {"n_times": times + statement.excluded.n_times, "declined_at_utc": latest}
        statement = statement.on_conflict_do_update(index_elements=["listener_id", "other_id"], set_=kept)
    else:
        statement = statement.on_conflict_do_nothing()
    connection.execute(statement)
