"""Moments as the clock of whoever looks shows them."""

from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

import streamlit as st

_LONGEST = 64
"""Letters of a zone's name; the longest there is has 32."""


def here(moment: datetime) -> datetime:
    """A moment in the time zone of the browser that asks; in UTC, which texts then name, where it is unknown.

    The browser says which zone that is, so it may be anything.
    """
    return moment.astimezone(zone_named(st.context.timezone or ""))


@lru_cache(maxsize=128)
def zone_named(name: str) -> tzinfo:
    """A zone of the time zone database by its name; UTC for any other text."""
    if not 0 < len(name) <= _LONGEST:
        return UTC
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):  # not a name, a folder of names, nothing of that name
        return UTC
