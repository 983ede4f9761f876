"""Tables of audio attributes, tags and pairs."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from matcher.domain.audio import RANGES, AudioAttributes
from matcher.domain.canonical_keys import artist_key, track_key
from matcher.errors import InputError
from matcher.ports import ScoredPair, lookup_keys
from sources.frames import LINE, Problems, RowProblem, read_frame

AttributeRow = tuple[tuple[str, ...], AudioAttributes]
"""Look-up keys and attributes of a row."""


@dataclass(frozen=True, slots=True)
class AttributesTable:
    """Audio attributes with their look-up keys, and the rejected rows."""

    rows: tuple[AttributeRow, ...]
    problems: Problems


def read_attributes(path: Path) -> AttributesTable:
    """Read a table of audio attributes; rows with a value out of range are rejected.

    Raises:
        InputError: the file cannot be read, or has neither ids nor names, or no attribute at all.
    """
    ids = ("track_id", "isrc", "artist_name", "track_name")
    frame = read_frame(path, (*ids, *RANGES), required=[])
    _require_any(frame.columns[(frame != "").any()], path)
    rows: list[AttributeRow] = []
    bad: list[RowProblem] = []
    for row in frame.to_dict("records"):
        text = {str(name): str(value) for name, value in row.items()}
        try:
            rows.append((_keys(text), AudioAttributes(_values(text), provenance=path.name)))
        except ValueError as error:
            bad.append(RowProblem(int(text[LINE]), str(error)))
    return AttributesTable(tuple(rows), Problems(len(frame), tuple(bad)))


def read_tags(path: Path, *, single_taggers: bool = True) -> Mapping[str, Mapping[str, float]]:
    """Read a table of tags: weight by tag, by canonical artist key.

    With `single_taggers` False, rows of one tagger (n = 1) are left out; rows without n are not.

    Raises:
        InputError: the file is not such a table, or a number is not above 0.
    """
    frame = read_frame(path, ("artist_name", "tag", "n"), required=["artist_name", "tag"])
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for name, tag, n, line in frame.itertuples(index=False, name=None):
        weight = _number(n, path, line, "n must be a number above 0")
        if n and weight == 1 and not single_taggers:
            continue
        key, word = artist_key(name), " ".join(tag.casefold().split())
        if key and word:
            found[key][word] = found[key].get(word, 0.0) + weight
    return dict(found)


def read_pairs(path: Path) -> tuple[ScoredPair, ...]:
    """Read a table of pairs: listener_id, friend_id, optional score (default 1).

    Raises:
        InputError: the file is not such a table, or a score is below 0.
    """
    frame = read_frame(path, ("listener_id", "friend_id", "score"), required=["listener_id", "friend_id"])
    rows = frame.itertuples(index=False, name=None)
    return tuple(
        ScoredPair(one, other, _number(score, path, line, "score must be a number, 0 or above", zero=True))
        for one, other, score, line in rows
    )


def read_labels(path: Path, column: str) -> Mapping[str, str]:
    """First label of each listener in a column of a listening table.

    Raises:
        InputError: the file cannot be read, or has no such column.
    """
    frame = read_frame(path, ("listener_id", column), required=["listener_id", column])
    found: dict[str, str] = {}
    for listener_id, label, _ in frame.itertuples(index=False, name=None):
        if label:
            found.setdefault(listener_id, label)
    return found


def _require_any(filled: object, path: Path) -> None:
    names = set(filled)  # type: ignore[call-overload]
    by_name = {"artist_name", "track_name"} <= names
    if not (names & {"track_id", "isrc"} or by_name):
        raise InputError(f"{path.name} needs track_id, or isrc, or artist_name and track_name")
    if not names & set(RANGES):
        raise InputError(f"{path.name} has none of {', '.join(RANGES)}")


def _keys(row: Mapping[str, str]) -> tuple[str, ...]:
    track = track_key(row["track_name"], artist_key(row["artist_name"]))
    keys = lookup_keys(track, row["track_id"], row["isrc"])
    if not keys:
        raise ValueError("the row names no track")
    return keys


def _values(row: Mapping[str, str]) -> dict[str, float]:
    found = {}
    for name in RANGES:
        if row[name]:
            try:
                found[name] = float(row[name])
            except ValueError:
                raise ValueError(f"{name} is not a number") from None
    return found


def _number(text: str, path: Path, line: int, wanted: str, zero: bool = False) -> float:
    try:
        # empty means 1
        number = float(text or 1.0)
    except ValueError:
        number = -1.0
    if not 0 <= number < float("inf") or not (number or zero):
        raise InputError(f"{path.name}, line {line}: {wanted}")
    return number
