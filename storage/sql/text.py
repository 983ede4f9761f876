"""Text as PostgreSQL can store it: no NUL, no lone surrogates, short keys, exact JSON."""

import json
import re
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Text, cast
from sqlalchemy.dialects.postgresql import JSONB

from matcher.domain.digests import LONGEST_KEY, digest_key, storable

NOBODY = UUID(int=0)
"""Id in place of a malformed one. No row has it, so a search for it finds nothing."""

# NUL as JSON writes it, and surrogates; the text backslash + "u0000" matches too, which does no harm
_SUSPICIOUS = re.compile(r"\\u0000|[\ud800-\udfff]")
_LONGEST_INT = 15  # digits; longer integers are read as floats


def index_key(text: str) -> str:
    """A text for an indexed column; its digest if too long for an index (limit: 2.7 kB)."""
    return storable(text) if len(text) <= LONGEST_KEY else digest_key(text)


def row_id(listener_id: str) -> UUID:
    """An id as UUID; `NOBODY` if malformed, or not in lower case with hyphens."""
    try:
        found = UUID(listener_id)
    except ValueError:
        return NOBODY
    return found if str(found) == listener_id else NOBODY


def to_json_text(value: Any) -> str:
    """Canonical JSON: sorted keys, no blanks, storable strings.

    Raises:
        ValueError: a number is not finite.
    """
    text = _dump(value)
    return _dump(_storable_json(value)) if _SUSPICIOUS.search(text) else text


def to_jsonb(value: Any) -> ColumnElement[Any]:
    """Canonical JSON as an SQL expression."""
    return cast(cast(to_json_text(value), Text), JSONB)


def from_json_text(text: str) -> Any:
    """Inverse of `to_json_text`, with exact floats.

    Raises:
        ValueError: `text` is not JSON.
    """
    # PostgreSQL writes the float 1e+23 as 24 digits; read as an int, they would not equal the float
    return json.loads(text, parse_int=_number)


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _number(digits: str) -> int | float:
    return int(digits) if len(digits) <= _LONGEST_INT else float(digits)


def _storable_json(value: Any) -> Any:
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, dict):
        return {storable(key): _storable_json(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_storable_json(one) for one in value]
    return value
