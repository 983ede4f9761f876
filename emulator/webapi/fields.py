"""Spotify's ``fields`` parameter, such as ``items(added_at,item(id,name)),next``."""

import re
from collections.abc import Iterator
from typing import Any

from emulator.errors import ApiError

_TOKEN = re.compile(r"!?[A-Za-z_]+|[(),.]")
_LONGEST = 2000
_DEEPEST = 12
Wanted = dict[str, Any]


def keep_fields(answer: dict[str, Any], fields: str) -> dict[str, Any]:
    """Reduce an answer to the wanted fields; ``!`` excludes one, "" keeps everything.

    Raises:
        ApiError: the parameter is malformed.
    """
    if not fields:
        return answer
    tokens = _TOKEN.findall(fields)
    if len(fields) > _LONGEST or "".join(tokens) != re.sub(r"\s", "", fields):
        raise ApiError(400, "Invalid fields")
    parts = iter([*tokens, ")"])
    wanted = _read(parts, 0)
    if next(parts, None) is not None:
        raise ApiError(400, "Invalid fields")
    kept: dict[str, Any] = _keep(answer, wanted)
    return kept


def _read(tokens: Iterator[str], depth: int) -> Wanted:
    if depth > _DEEPEST:
        raise ApiError(400, "Invalid fields")
    wanted: Wanted = {}
    here = wanted
    name = ""
    for part in tokens:
        if part == ")":
            return wanted
        if part == "(":
            here[name] = _read(tokens, depth + 1)
        elif part == ".":
            here = here.setdefault(name, {})
        elif part == ",":
            here = wanted
        else:
            name = part
            here.setdefault(name, {})
    raise ApiError(400, "Invalid fields")


def _keep(value: Any, wanted: Wanted) -> Any:
    if isinstance(value, list):
        return [_keep(part, wanted) for part in value]
    if not isinstance(value, dict) or not wanted:
        return value
    dropped = {name[1:] for name in wanted if name.startswith("!")}
    if dropped:
        return {name: part for name, part in value.items() if name not in dropped}
    return {name: _keep(part, wanted[name]) for name, part in value.items() if name in wanted}
