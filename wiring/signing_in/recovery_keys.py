"""Recovery keys: what signs in to an account without a service."""

import base64
import hashlib
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from matcher.errors import KeyMistyped, KeyUnknown
from matcher.ports import KEY_ACCOUNT, Account, Clock, RecoveryKeyStore

N_BYTES = 20  # 160 random bits
N_CHECK = 4  # symbols at the end, of 5 bits each: one typo in a million is missed
_GROUP = 4
_RFC_4648 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # https://www.crockford.com/base32.html
_WRITE = str.maketrans(_RFC_4648, _CROCKFORD)
_READ = str.maketrans(_CROCKFORD + "OIL", _RFC_4648 + "ABB")  # O is 0, I and L are 1


@dataclass(frozen=True, slots=True)
class RecoveryKeys:
    """Makes recovery keys, and recognises them."""

    store: RecoveryKeyStore
    clock: Clock

    def make(self, listener_id: str) -> str:
        """Make a listener's key; an earlier one stops at once. The key is not stored.

        Raises:
            UnknownListener: there is no such listener.
        """
        secret = secrets.token_bytes(N_BYTES)
        self.store.keep(listener_id, _hash(secret), self.clock())
        return written(secret)

    def listener_of(self, typed: str) -> str:
        """The listener of a key, however it is typed.

        Raises:
            KeyMistyped: it is no key.
            KeyUnknown: it is nobody's, perhaps no longer.
        """
        # Looked up by hash: how long that takes tells nothing of the key.
        found = self.store.listener_of(_hash(read(typed)))
        if found is None:
            raise KeyUnknown("the recovery key is nobody's")
        return found

    def made_at_utc(self, listener_id: str) -> datetime | None:
        """When the listener's key was made; None without one."""
        return self.store.made_at_utc(listener_id)


def new_account() -> Account:
    """An account that only a recovery key signs in to."""
    # not made from the key, which can be renewed
    return Account(f"{KEY_ACCOUNT}{uuid4().hex}")


def written(secret: bytes) -> str:
    """Text of a key, in groups of four; `secret` is [N_BYTES]."""
    symbols = _symbols(secret) + _check(secret)
    return "-".join(symbols[n : n + _GROUP] for n in range(0, len(symbols), _GROUP))


def read(typed: str) -> bytes:
    """The secret in a key, whatever its case, spaces, hyphens and widths.

    Raises:
        KeyMistyped: it is no key.
    """
    text = unicodedata.normalize("NFKC", typed[:200]).upper()
    symbols = "".join(char for char in text if char.isalnum()).translate(_READ)
    try:
        secret = base64.b32decode(symbols[:-N_CHECK])
    except ValueError as error:
        raise KeyMistyped("a recovery key has 36 letters and digits") from error
    if len(secret) != N_BYTES or symbols[-N_CHECK:].translate(_WRITE) != _check(secret):
        raise KeyMistyped("the recovery key has a typing error")
    return secret


def _symbols(some: bytes) -> str:
    return base64.b32encode(some).decode("ascii").rstrip("=").translate(_WRITE)


def _check(secret: bytes) -> str:
    return _symbols(hashlib.sha256(b"check:" + secret).digest())[:N_CHECK]


def _hash(secret: bytes) -> str:
    # A fast hash is enough: slow ones protect what people choose, and nobody can try 2^160 keys.
    return hashlib.sha256(secret).hexdigest()
