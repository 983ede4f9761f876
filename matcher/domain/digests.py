"""Digests and texts that replace an item's name in storage."""

import hashlib
import re
from functools import lru_cache

LONGEST_KEY = 500  # characters; longer keys are stored as `digest_key`

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


@lru_cache(maxsize=200_000)
def digest_of(kind: str, key: str) -> int:
    """Signed 64-bit digest of an item; unstorable characters count as U+FFFD."""
    text = storable(key).encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=8, person=kind.encode()).digest(), signed=True)


def storable(text: str) -> str:
    """Replace NUL and lone surrogates, which PostgreSQL rejects, by U+FFFD."""
    return _UNSTORABLE.sub("\ufffd", text)


def digest_key(key: str) -> str:
    """SHA-256 in place of an over-long or unprintable key."""
    return "sha256:" + hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
