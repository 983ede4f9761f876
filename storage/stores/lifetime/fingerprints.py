"""Fingerprints of accounts: by them one that was erased is known again if it comes back."""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from secrets import token_bytes

from matcher.errors import SettingsError

SHORTEST_KEY = 32
"""Bytes of a key as it is written: accounts can be guessed, so the key must not be."""


@dataclass(frozen=True, slots=True)
class Fingerprints:
    """HMAC-SHA256 of accounts under the operator's keys. Without a key nobody can tell whose one is.

    To change keys, put a new one in front; drop the old one a year later, when nothing made with it is left.

    Attributes:
        keys: newest first; the first makes fingerprints, all of them recognise. Left out, a random one of
            this process: for tests and benchmarks, as what it made is not recognised by the next process.

    Raises:
        SettingsError: there is no key, or one is too short.
    """

    keys: Sequence[bytes] = field(default_factory=lambda: (token_bytes(SHORTEST_KEY),), repr=False)

    def __post_init__(self) -> None:
        if not self.keys or any(len(key) < SHORTEST_KEY for key in self.keys):
            raise SettingsError(f"a key for accounts has at least {SHORTEST_KEY} characters")

    def of(self, account_key: str) -> str:
        """The fingerprint of an account, in hexadecimal."""
        return self.every(account_key)[0]

    def every(self, account_key: str) -> list[str]:
        """Its fingerprints under all keys, the newest first."""
        text = b"account:" + account_key.encode()
        return [hmac.new(key, text, hashlib.sha256).hexdigest() for key in self.keys]
