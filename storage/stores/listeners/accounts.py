"""Sign-in: from an account to its listener."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, case, delete, select
from sqlalchemy.dialects.postgresql import insert

from matcher.domain.digests import storable
from matcher.domain.listening import Source
from matcher.ports import Account, Listener
from storage.sql.schema import listeners, profiles, vectors
from storage.sql.text import index_key
from storage.stores.lifetime.fingerprints import Fingerprints
from storage.stores.lifetime.safeguards import await_erasures, restore

LISTENER = (listeners.c.id, listeners.c.alias, listeners.c.source, listeners.c.discoverable)
"""Columns for `listener_of`."""


def listener_of(row: Any) -> Listener:
    """Listener from a row with the columns `LISTENER`."""
    return Listener(str(row.id), row.alias, Source(row.source), row.discoverable)


def connect(
    connection: Connection,
    account: Account,
    source: Source,
    alias: str,
    now: datetime,
    fingerprints: Fingerprints,
) -> Listener:
    """Create or update the listener of an account (see `ListenerStore.connect`)."""
    key, link = index_key(account.key), storable(account.profile_url) or None
    # if this account was erased before, its blocks, reports and declined requests are restored below
    await_erasures(connection, key, fingerprints, now)
    new = insert(listeners).values(
        id=uuid4(),
        account_key=key,
        alias=storable(alias),
        source=str(source),
        discoverable=False,
        created_at_utc=now,
        signed_in_at_utc=now,
        profile_url=link,
    )
    # imported, and nobody has signed in as this listener so far: hidden until they choose to be found
    was_imported = listeners.c.signed_in_at_utc.is_(None)
    known = {
        "discoverable": case((was_imported, False), else_=listeners.c.discoverable),
        "signed_in_at_utc": now,
        "profile_url": link,
    }
    statement = new.on_conflict_do_update(index_elements=["account_key"], set_=known)
    _drop_imported(connection, key)
    row = connection.execute(statement.returning(*LISTENER)).one()
    restore(connection, row.id, key, fingerprints, now)
    return listener_of(row)


def _drop_imported(connection: Connection, account_key: str) -> None:
    # the first sync will store the person's own profile; until then there is none
    imported = select(listeners.c.id).where(
        listeners.c.account_key == account_key, listeners.c.signed_in_at_utc.is_(None)
    )
    for table in (vectors, profiles):
        connection.execute(delete(table).where(table.c.listener_id.in_(imported)))
