"""Names of listeners at services in PostgreSQL, encrypted."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.fernet import InvalidToken
from sqlalchemy import Row, delete, select

from matcher.domain.listening import Source
from matcher.ports import ServiceName
from storage.server.database import Database
from storage.sql.schema import service_names
from storage.sql.text import row_id
from storage.sql.writing import upsert
from storage.stores.signing_in.cipher import GrantCipher

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PostgresServiceNameStore:
    """`ServiceNameStore` on PostgreSQL. Every method is one transaction."""

    database: Database
    cipher: GrantCipher

    def keep(self, listener_id: str, name: ServiceName) -> None:
        row = {
            "listener_id": row_id(listener_id),
            "origin": str(name.source),
            "ciphertext": self.cipher.seal_name(listener_id, name.name),
            "proven": name.proven,
        }
        self.database.write(upsert(service_names, **row))

    def of(self, listener_id: str) -> Sequence[ServiceName]:
        query = select(service_names).where(service_names.c.listener_id == row_id(listener_id))
        rows = self.database.rows(query.order_by(service_names.c.origin))
        found = [self._opened(listener_id, row) for row in rows]
        return [name for name in found if name is not None]

    def drop(self, listener_id: str, origin: str) -> None:
        mine = (service_names.c.listener_id == row_id(listener_id), service_names.c.origin == origin)
        self.database.write(delete(service_names).where(*mine))

    def _opened(self, listener_id: str, row: Row[tuple[object, ...]]) -> ServiceName | None:
        try:
            name = self.cipher.open_name(listener_id, row.ciphertext)
        except InvalidToken:
            _log.warning("a stored name cannot be opened with the present keys")
            return None
        return ServiceName(Source(row.origin), name, row.proven)
