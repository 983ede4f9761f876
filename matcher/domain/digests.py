"""Digests: what stands for an item where its name must not."""

import hashlib
import re
from functools import lru_cache

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


@lru_cache(maxsize=200_000)
def digest_of(kind: str, key: str) -> int:
    """The signed 64-bit digest of an item; characters that no store keeps count as U+FFFD."""
    text = _UNSTORABLE.sub("\ufffd", key).encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=8, person=kind.encode()).digest(), signed=True)
