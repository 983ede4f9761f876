"""Fingerprints of accounts, to recognise an erased account that returns."""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from secrets import token_bytes

from matcher.errors import SettingsError

SHORTEST_KEY = 32
"""Shortest key in bytes; accounts can be guessed, so the key must not be."""


@dataclass(frozen=True, slots=True)
class Fingerprints:
    """HMAC-SHA256 of accounts under the operator's keys, newest first.

    The first key makes fingerprints, all recognise them. To rotate, put a new key first; drop the old one
    after a year, when its fingerprints have expired. The default is a random key, for tests and benchmarks.

    Raises:
        SettingsError: there is no key, or one is too short.
    """

    keys: Sequence[bytes] = field(default_factory=lambda: (token_bytes(SHORTEST_KEY),), repr=False)

    def __post_init__(self) -> None:
        if not self.keys or any(len(key) < SHORTEST_KEY for key in self.keys):
            raise SettingsError(f"a key for accounts has at least {SHORTEST_KEY} characters")

    def of(self, account_key: str) -> str:
        """Fingerprint of an account under the newest key, in hexadecimal."""
        return self.every(account_key)[0]

    def every(self, account_key: str) -> list[str]:
        """Fingerprints of an account under all keys, newest first."""
        text = b"account:" + account_key.encode()
        return [hmac.new(key, text, hashlib.sha256).hexdigest() for key in self.keys]
