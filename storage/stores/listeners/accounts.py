"""Sign-in: from an account to its listener; and changes of the account."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, case, delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from matcher.domain.digests import storable
from matcher.domain.listening import Source
from matcher.errors import AccountTaken, UnknownListener
from matcher.ports import Account, Listener
from storage.sql.audit import ERASURE, note
from storage.sql.locks import take
from storage.sql.schema import listeners, profiles, sharing, vectors
from storage.sql.text import index_key
from storage.sql.writing import upsert
from storage.stores.lifetime.erasure import erase
from storage.stores.lifetime.fingerprints import Fingerprints
from storage.stores.lifetime.safeguards import ERASING, await_erasures, outlast_as_well, rename, restore

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


def change(
    connection: Connection, listener: UUID, account: Account, now: datetime, fingerprints: Fingerprints
) -> None:
    """Change the account that signs in as a listener (see `ListenerStore.change_account`)."""
    take(connection, ERASING)  # before the rows of listeners, in the same order as an erasure
    key, link = index_key(account.key), storable(account.profile_url) or None
    before, taken_by = _locked(connection, listener, key)
    if key == before:
        return
    if taken_by is not None:
        _erase_imported(connection, taken_by, fingerprints, now)
    if not Account(before).by_key_alone:
        outlast_as_well(connection, listener, before, fingerprints, now)
    values = {"account_key": key, "profile_url": link, "signed_in_at_utc": now}
    try:
        connection.execute(update(listeners).where(listeners.c.id == listener).values(values))
    except IntegrityError as error:  # somebody has just signed in with it
        raise AccountTaken("the account is another listener's") from error
    if not account.by_key_alone:  # those who are connected already agreed without knowing of a link
        connection.execute(upsert(sharing, listener_id=listener, profile_link=False))
    restore(connection, listener, key, fingerprints, now)
    rename(connection, listener, key, fingerprints)


def _locked(connection: Connection, listener: UUID, account_key: str) -> tuple[str, UUID | None]:
    """The listener's account key, and who else has the other one; locks both.

    Raises:
        UnknownListener: there is no such listener.
    """
    either = or_(listeners.c.id == listener, listeners.c.account_key == account_key)
    query = select(listeners.c.id, listeners.c.account_key).where(either).order_by(listeners.c.id)
    found = {row.id: row.account_key for row in connection.execute(query.with_for_update())}
    if listener not in found:
        raise UnknownListener("there is no such listener")
    return found.pop(listener), next(iter(found), None)


def _erase_imported(
    connection: Connection, listener: UUID, fingerprints: Fingerprints, now: datetime
) -> None:
    """Erase a listener as whom nobody has signed in; raises AccountTaken if somebody has."""
    # what others did about them is kept by fingerprint, and applies to whose account it is
    counts = erase(connection, listener, fingerprints, now, listeners.c.signed_in_at_utc.is_(None))
    if not counts[listeners.name]:
        raise AccountTaken("the account is another listener's")
    note(connection, ERASURE, counts, now)


def _drop_imported(connection: Connection, account_key: str) -> None:
    # the first sync will store the person's own profile; until then there is none
    imported = select(listeners.c.id).where(
        listeners.c.account_key == account_key, listeners.c.signed_in_at_utc.is_(None)
    )
    for table in (vectors, profiles):
        connection.execute(delete(table).where(table.c.listener_id.in_(imported)))
