"""Grants in PostgreSQL, encrypted."""

import logging
from contextlib import AbstractContextManager
from dataclasses import dataclass

from cryptography.fernet import InvalidToken
from sqlalchemy import delete, select

from matcher.ports import Grant
from storage.server.database import Database
from storage.sql.schema import grants
from storage.sql.text import row_id
from storage.sql.writing import upsert
from storage.stores.signing_in.cipher import GrantCipher

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PostgresGrantStore:
    """`GrantStore` on PostgreSQL."""

    database: Database
    cipher: GrantCipher

    def save(self, listener_id: str, grant: Grant) -> None:
        ciphertext = self.cipher.seal(listener_id, grant)
        self.database.write(upsert(grants, listener_id=row_id(listener_id), ciphertext=ciphertext))

    def load(self, listener_id: str) -> Grant | None:
        """None also if no present key decrypts it; the listener then connects again."""
        query = select(grants.c.ciphertext).where(grants.c.listener_id == row_id(listener_id))
        ciphertext = self.database.scalar(query)
        try:
            return None if ciphertext is None else self.cipher.open(listener_id, ciphertext)
        except InvalidToken:
            _log.warning("a stored grant cannot be opened with the present keys")
            return None

    def wipe(self, listener_id: str) -> None:
        self.database.write(delete(grants).where(grants.c.listener_id == row_id(listener_id)))

    def locked(self, listener_id: str) -> AbstractContextManager[None]:
        """Does not nest.

        Raises:
            StorageUnreachable: on entering: no response, or the lock was not free within a minute.
        """
        return self.database.locked(f"grant:{listener_id}")
