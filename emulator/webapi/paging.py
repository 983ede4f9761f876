"""Paging: by offset, by time for recent plays, by id for followed artists."""

import re
from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

from starlette.requests import Request

from emulator.errors import ApiError
from emulator.world.music import Row

_WHOLE = re.compile(r"[0-9]{1,15}")
_DEFAULT_LIMIT = 20
_MOST = 50
T = TypeVar("T")


def whole_number(request: Request, name: str, default: int, least: int, most: int) -> int:
    """An integer query parameter.

    Raises:
        ApiError: not an integer, or outside [least, most].
    """
    text = request.query_params.get(name, str(default))
    if not _WHOLE.fullmatch(text) or not least <= int(text) <= most:
        raise ApiError(400, f"Invalid {name}")
    return int(text)


def address(request: Request, **changed: int | str) -> str:
    """The request's URL on this emulator, with some query parameters changed."""
    query = {key: value for key, value in request.query_params.items() if key not in changed}
    query |= {key: str(value) for key, value in changed.items()}
    path = quote(request.scope["path"].lstrip("/"), safe="/")
    return f"{request.base_url}{path}" + (f"?{urlencode(query)}" if query else "")


def page_of(
    items: Sequence[T],
    shape: Callable[[T], Any],
    request: Request,
    default: int = _DEFAULT_LIMIT,
    most: int = _MOST,
    last_offset: int = 10**12,
) -> dict[str, Any]:
    """One page of a list, as Spotify's paging object.

    Raises:
        ApiError: limit or offset is out of range.
    """
    limit = whole_number(request, "limit", default, 1, most)
    offset = whole_number(request, "offset", 0, 0, last_offset)
    before, after = max(0, offset - limit), offset + limit
    return {
        "href": address(request, limit=limit, offset=offset),
        "items": [shape(item) for item in items[offset:after]],
        "limit": limit,
        "next": address(request, limit=limit, offset=after) if after < len(items) else None,
        "offset": offset,
        "previous": address(request, limit=limit, offset=before) if offset > 0 else None,
        "total": len(items),
    }


def recent_page(rows: Sequence[Row], shape: Callable[[Row], Any], request: Request) -> dict[str, Any]:
    """Recent plays, newest first, paged by ``after`` or ``before`` (ms since 1970).

    Raises:
        ApiError: a parameter is out of range, or both times are given.
    """
    limit = whole_number(request, "limit", _DEFAULT_LIMIT, 1, _MOST)
    if {"after", "before"} <= set(request.query_params):
        raise ApiError(400, "Only one of after and before may be given")
    after = whole_number(request, "after", 0, 0, 10**15)
    before = whole_number(request, "before", 10**14, 0, 10**15)
    fitting = [row for row in rows if after < row.at_s * 1000 < before]
    # `after` pages from old to new: the oldest of the later plays come first
    shown = fitting[-limit:] if "after" in request.query_params else fitting[:limit]
    newest, oldest = (shown[0].at_s * 1000, shown[-1].at_s * 1000) if shown else (0, 0)
    return {
        "href": address(request, limit=limit),
        "items": [shape(row) for row in shown],
        "limit": limit,
        "next": _next_recent(request, limit, newest, oldest) if len(fitting) > len(shown) else None,
        "cursors": {"after": str(newest), "before": str(oldest)} if shown else None,
    }


def cursor_page(ids: Sequence[str], shape: Callable[[str], Any], request: Request) -> dict[str, Any]:
    """One page of sorted ids, paged by ``after``, the last id of the page before.

    Raises:
        ApiError: the limit is out of range.
    """
    limit = whole_number(request, "limit", _DEFAULT_LIMIT, 1, _MOST)
    after = request.query_params.get("after", "")
    left = [key for key in ids if key > after]
    shown = left[:limit]
    last = shown[-1] if len(left) > len(shown) else None
    return {
        "href": address(request, limit=limit),
        "items": [shape(key) for key in shown],
        "limit": limit,
        "next": address(request, limit=limit, after=last) if last else None,
        "cursors": {"after": last},
        "total": len(ids),
    }


def _next_recent(request: Request, limit: int, newest: int, oldest: int) -> str:
    if "after" in request.query_params:
        return address(request, limit=limit, after=newest)
    return address(request, limit=limit, before=oldest)
