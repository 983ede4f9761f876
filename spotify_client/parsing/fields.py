"""Reads single fields out of JSON that cannot be trusted to have the promised types."""

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
    """The JSON object, or an empty one where the value is none."""
    return value if isinstance(value, dict) else _NOTHING


def rows(value: object) -> list[object]:
    """The JSON array, or an empty one where the value is none."""
    return value if isinstance(value, list) else []


def text(value: object) -> str:
    """Text fit for storing: no control characters, no halves of characters, at most 500 long.

    Returns:
        the text, trimmed; empty where the value is no text.
    """
    if not isinstance(value, str):
        return ""
    kept = value[: 4 * LONGEST_NAME].encode("utf-8", "ignore").decode("utf-8")
    shown = "".join(" " if unicodedata.category(char) == "Cc" else char for char in kept)
    return shown.strip()[:LONGEST_NAME].rstrip()


def identifier(value: object) -> str:
    """An id made of letters and digits, safe inside a path; empty where the value is none."""
    return value if isinstance(value, str) and _IDENTIFIER.fullmatch(value) else ""


def opaque(value: object) -> str:
    """An id that is only ever compared: one word of at most 200 characters; empty where the value is none."""
    fits = isinstance(value, str) and len(value) <= _LONGEST_ID and is_plain(value)
    return value if isinstance(value, str) and fits else ""


def is_plain(value: str) -> bool:
    """Whether a text is one word of printable ASCII, fit for a header or an address."""
    return bool(value) and value.isascii() and value.isprintable() and " " not in value


def address_below(value: str, start: str) -> str:
    """An address that is `start` and one more step of a path; empty where the value is none."""
    fits = value.startswith(start) and _LAST_OF_PATH.fullmatch(value.removeprefix(start))
    return value if fits else ""


def isrc(value: object) -> str:
    """An International Standard Recording Code in capitals without hyphens; empty where it is none."""
    code = value.replace("-", "").upper() if isinstance(value, str) else ""
    return code if _ISRC.fullmatch(code) else ""


def number(value: object) -> float | None:
    """A number, or None; truth values are none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return float(value)
    except OverflowError:
        return None


def count(value: object) -> int | None:
    """A whole number from 0 up, or None."""
    return value if type(value) is int and value >= 0 else None


def moment(value: object) -> datetime | None:
    """An ISO 8601 moment in UTC; None where it is none, or older than Spotify, which writes 1970 then."""
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
        aware = found and (found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        return None
    return aware if aware and _SPOTIFY_FOUNDED <= aware.year <= _LAST_YEAR else None


def year(value: object) -> int | None:
    """The year of a release date such as "2021", "2021-11" or "2021-11-12"; None where it cannot be one."""
    found = _YEAR.fullmatch(value) if isinstance(value, str) else None
    is_year = found and _FIRST_RECORDING <= int(found[1]) <= _LAST_YEAR
    return int(found[1]) if found and is_year else None
