"""Times in the viewer's time zone."""

from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

import streamlit as st

_LONGEST = 64
"""Longest name of a time zone; the longest real one has 32 letters."""


def here(moment: datetime) -> datetime:
    """A time in the browser's time zone, or UTC if that is unknown."""
    # sent by the browser, so untrusted
    return moment.astimezone(zone_named(st.context.timezone or ""))


@lru_cache(maxsize=128)
def zone_named(name: str) -> tzinfo:
    """A zone of the time zone database by name; UTC for any other text."""
    if not 0 < len(name) <= _LONGEST:
        return UTC
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):  # malformed, a folder, or unknown
        return UTC
