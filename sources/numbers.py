"""Numbers as tables hold them."""

import re

_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")


def number_in(text: str) -> float | None:
    """The number, with a comma before decimals or between thousands as well; None if it is none."""
    try:
        return float(text)
    except ValueError:
        if _THOUSANDS.fullmatch(text):
            return float(text.replace(",", ""))
        return float(text.replace(",", ".")) if _DECIMAL_COMMA.fullmatch(text) else None
