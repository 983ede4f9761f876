"""Readers of single JSON fields, whose types cannot be trusted."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime

LONGEST_NAME = 500
_LONGEST_ID = 200
_IDENTIFIER = re.compile(r"[0-9A-Za-z]{1,64}")
_LAST_OF_PATH = re.compile(r"[0-9A-Za-z._~%-]{1,150}")
_ISRC = re.compile(r"[A-Z]{2}[A-Z0-9]{3}[0-9]{7}")
_YEAR = re.compile(r"([0-9]{4})(?:-.*)?")
_FIRST_RECORDING = 1860
_SPOTIFY_FOUNDED = 2006
_LAST_YEAR = 2100
_NOTHING: Mapping[str, object] = {}


def mapping(value: object) -> Mapping[str, object]:
    """The JSON object; empty for any other value."""
    return value if isinstance(value, dict) else _NOTHING


def rows(value: object) -> list[object]:
    """The JSON array; empty for any other value."""
    return value if isinstance(value, list) else []


def text(value: object) -> str:
    """Trimmed text of at most 500 characters, without control characters, or ""."""
    if not isinstance(value, str):
        return ""
    kept = value[: 4 * LONGEST_NAME].encode("utf-8", "ignore").decode("utf-8")
    shown = "".join(" " if unicodedata.category(char) == "Cc" else char for char in kept)
    return shown.strip()[:LONGEST_NAME].rstrip()


def identifier(value: object) -> str:
    """An id of letters and digits, safe inside a path; else ""."""
    return value if isinstance(value, str) and _IDENTIFIER.fullmatch(value) else ""


def opaque(value: object) -> str:
    """An id used only for comparison: one word of at most 200 characters; else ""."""
    fits = isinstance(value, str) and len(value) <= _LONGEST_ID and is_plain(value)
    return value if isinstance(value, str) and fits else ""


def is_plain(value: str) -> bool:
    """Whether a text is one word of printable ASCII, valid in a header or an address."""
    return bool(value) and value.isascii() and value.isprintable() and " " not in value


def address_below(value: str, start: str) -> str:
    """An address one path segment below `start`; else ""."""
    fits = value.startswith(start) and _LAST_OF_PATH.fullmatch(value.removeprefix(start))
    return value if fits else ""


def isrc(value: object) -> str:
    """An ISRC in capitals without hyphens; else ""."""
    code = value.replace("-", "").upper() if isinstance(value, str) else ""
    return code if _ISRC.fullmatch(code) else ""


def number(value: object) -> float | None:
    """A number, or None; booleans are not numbers."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return float(value)
    except OverflowError:
        return None


def count(value: object) -> int | None:
    """An integer >= 0, or None."""
    return value if type(value) is int and value >= 0 else None


def moment(value: object) -> datetime | None:
    """An ISO 8601 time in UTC; None if invalid or before Spotify existed."""
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
        aware = found and (found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        return None
    # Spotify writes 1970 for "unknown"
    return aware if aware and _SPOTIFY_FOUNDED <= aware.year <= _LAST_YEAR else None


def year(value: object) -> int | None:
    """Year of a release date such as "2021", "2021-11" or "2021-11-12", or None."""
    found = _YEAR.fullmatch(value) if isinstance(value, str) else None
    is_year = found and _FIRST_RECORDING <= int(found[1]) <= _LAST_YEAR
    return int(found[1]) if found and is_year else None
