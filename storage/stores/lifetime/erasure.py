"""Erasure of a listener from every table, in one transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, delete, select

from matcher.domain.listening import Source
from matcher.ports import Account
from storage.sql.audit import ERASURE, note
from storage.sql.locks import take
from storage.sql.schema import (
    blocks,
    by_others,
    columns_of_a_listener,
    declined,
    listeners,
    reports,
    safeguards,
)
from storage.stores.lifetime.fingerprints import Fingerprints
from storage.stores.lifetime.safeguards import ERASING, drop_kept, outlast


def erase(
    connection: Connection,
    key: UUID,
    fingerprints: Fingerprints,
    now: datetime | ColumnElement[datetime],
    *only_if: ColumnElement[bool],
) -> Mapping[str, int]:
    """Delete every row of and about a listener; return the numbers by table.

    Blocks, reports and declined requests are kept under fingerprints of the accounts (see `safeguards`). If a
    condition in `only_if`, checked under lock, fails, nothing is erased. All tables that can refer to a
    listener have a number. Others' acts, such as blocks, are deleted but not counted: the receipt would
    reveal them. Where only a recovery key signs in nothing is kept: nobody can sign in to it again.
    """
    take(connection, ERASING)  # two listeners who know each other would deadlock
    counts = {table.name: 0 for table in (listeners, *(one.table for one in columns_of_a_listener()))}
    row = select(listeners.c.account_key).where(listeners.c.id == key, *only_if).with_for_update()
    account_key = connection.execute(row).scalar()
    if account_key is None:
        return counts
    if Account(account_key).by_key_alone:
        drop_kept(connection, key)
    else:
        outlast(connection, key, fingerprints, now)
    for column in columns_of_a_listener():
        n_rows = connection.execute(delete(column.table).where(column == key)).rowcount
        counts[column.table.name] += 0 if column in by_others() else n_rows
    counts[listeners.name] = connection.execute(delete(listeners).where(listeners.c.id == key)).rowcount
    return counts


def erase_imported(
    connection: Connection,
    source: Source,
    n_most: int,
    fingerprints: Fingerprints,
    now: datetime | ColumnElement[datetime],
) -> int:
    """Delete some imported listeners of a source, nobody of whom has signed in; return how many.

    As `erase`, for many in a few statements. Acts about them are kept: the person behind may sign in
    one day.
    """
    take(connection, ERASING)
    imported = select(listeners.c.id).where(
        listeners.c.source == str(source), listeners.c.signed_in_at_utc.is_(None)
    )
    keys = connection.scalars(imported.order_by(listeners.c.id).limit(n_most).with_for_update()).all()
    if not keys:
        return 0
    for key in _with_acts(connection, keys):
        outlast(connection, key, fingerprints, now)
    counts = {table.name: 0 for table in (listeners, *(one.table for one in columns_of_a_listener()))}
    for column in columns_of_a_listener():
        n_rows = connection.execute(delete(column.table).where(column.in_(keys))).rowcount
        counts[column.table.name] += 0 if column in by_others() else n_rows
    counts[listeners.name] = connection.execute(delete(listeners).where(listeners.c.id.in_(keys))).rowcount
    note(connection, ERASURE, counts, now)
    return counts[listeners.name]


def _with_acts(connection: Connection, keys: Sequence[UUID]) -> set[UUID]:
    """Those whom somebody has blocked, reported or declined, before their erasure or an earlier one."""
    columns = [column for column in columns_of_a_listener() if column.table in (blocks, reports, declined)]
    columns += [safeguards.c.about_id, safeguards.c.by_id]
    found: set[UUID] = set()
    for column in columns:
        found.update(connection.scalars(select(column).where(column.in_(keys))))
    return found
