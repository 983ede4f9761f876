"""Sign-ins waiting for Spotify's cooldown, in PostgreSQL; grants are encrypted."""

from dataclasses import dataclass
from datetime import datetime

from cryptography.fernet import InvalidToken
from sqlalchemy import delete, func

from matcher.domain.digests import storable
from matcher.ports import WaitingSignIn
from storage.server.database import Database
from storage.sql.schema import waiting_sign_ins
from storage.sql.text import row_id
from storage.sql.writing import drop_rows, upsert
from storage.stores.signing_in.cipher import GrantCipher


@dataclass(frozen=True, slots=True)
class PostgresWaitingSignInStore:
    """`WaitingSignInStore` on PostgreSQL. Every method is one transaction."""

    database: Database
    cipher: GrantCipher

    def keep(self, browser_hash: str, waiting: WaitingSignIn, expires_at_utc: datetime) -> None:
        """The ciphertext is bound to this browser."""
        row = upsert(
            waiting_sign_ins,
            browser_hash=storable(browser_hash),
            ciphertext=self.cipher.seal(browser_hash, waiting.grant),
            listener_id=row_id(waiting.listener_id) if waiting.listener_id else None,
            expires_at_utc=expires_at_utc,
            connects=waiting.connects,
        )
        with self.database.transaction() as connection:
            drop_rows(connection, waiting_sign_ins, waiting_sign_ins.c.expires_at_utc < func.now())
            connection.execute(row)

    def take(self, browser_hash: str, now: datetime) -> WaitingSignIn | None:
        """None also if no present key decrypts it; the sign-in then starts again."""
        mine = waiting_sign_ins.c.browser_hash == storable(browser_hash)
        with self.database.transaction() as connection:
            row = connection.execute(
                delete(waiting_sign_ins).where(mine).returning(waiting_sign_ins)
            ).one_or_none()
        if row is None or row.expires_at_utc <= now:
            return None
        try:
            grant = self.cipher.open(browser_hash, row.ciphertext)
        except InvalidToken:
            return None
        listener_id = "" if row.listener_id is None else str(row.listener_id)
        return WaitingSignIn(grant, listener_id, row.connects)
