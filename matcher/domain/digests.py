"""Digests and texts that stand for an item where its name must not, or cannot, be kept."""

import hashlib
import re
from functools import lru_cache

LONGEST_KEY = 500
"""Characters of a key that is kept as it is; of longer ones `digest_key` is."""

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


@lru_cache(maxsize=200_000)
def digest_of(kind: str, key: str) -> int:
    """The signed 64-bit digest of an item; characters that no store keeps count as U+FFFD."""
    text = storable(key).encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=8, person=kind.encode()).digest(), signed=True)


def storable(text: str) -> str:
    """The text with NUL characters and lone surrogates, which PostgreSQL refuses, replaced by U+FFFD."""
    return _UNSTORABLE.sub("\ufffd", text)


def digest_key(key: str) -> str:
    """The SHA-256 that stands for a key which is over-long or not printable."""
    return "sha256:" + hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
