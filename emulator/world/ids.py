"""Stable ids in Spotify's format, derived from content or drawn from a seed."""

import hashlib
import re

import numpy as np
from numpy.typing import NDArray

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_ID_LENGTH = 22
_BASE62 = re.compile(r"[0-9A-Za-z]+")


def base62_id(*parts: object) -> str:
    """An id of 22 characters (0-9, A-Z, a-z); equal parts give equal ids."""
    text = "\x1f".join(str(part) for part in parts)
    number = int.from_bytes(hashlib.sha256(text.encode()).digest()[:17], "big")
    digits = []
    for _ in range(_ID_LENGTH):
        number, digit = divmod(number, 62)
        digits.append(_ALPHABET[digit])
    return "".join(digits)


def random_ids(rng: np.random.Generator, n: int, used: NDArray[np.int64]) -> list[str]:
    """Random ids at some of `n` places; each place has its own id, whichever others are used."""
    digits = rng.integers(0, len(_ALPHABET), (n, _ID_LENGTH), np.uint8)[used]
    letters = np.frombuffer(_ALPHABET.encode(), np.uint8)[digits]
    ids: list[str] = letters.view(f"S{_ID_LENGTH}").ravel().astype(str).tolist()
    return ids


def is_base62(text: str) -> bool:
    """Whether a strict client accepts a text as a Spotify id."""
    return _BASE62.fullmatch(text) is not None


def invented_isrc(number: int, year: int) -> str:
    """An ISRC such as ``ZZER07800042``; the unassigned country ZZ marks it invented."""
    registrant, serial = divmod(number, 100_000)
    return f"ZZER{registrant % 10}{year % 100:02d}{serial:05d}"


def seed_from(*parts: object) -> list[int]:
    """A seed for ``numpy.random.default_rng``, the same on every machine."""
    digest = hashlib.sha256("\x1f".join(str(part) for part in parts).encode()).digest()
    return [int.from_bytes(digest[i : i + 4], "big") for i in range(0, 16, 4)]
