"""Tables of audio attributes, tags and pairs."""

import math
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from matcher.domain.audio import RANGES, AudioAttributes
from matcher.domain.canonical_keys import artist_key, track_key
from matcher.errors import InputError
from matcher.ports import ScoredPair, lookup_keys
from sources.frames import LINE, REASON, Problems, RowProblem, read_frame
from sources.numbers import number_in

AttributeRow = tuple[tuple[str, ...], AudioAttributes]
"""Look-up keys and attributes of a row."""

_UNIT = re.compile(r"\s*(?:bpm|dbfs|db)$", re.IGNORECASE)
_KEY = re.compile(
    r"([a-g])\s*[- ]?\s*(#|♯|b|♭|sharp|flat)?(?:\s*/.*)?\s*(?:m|min\.?|minor|maj\.?|major)?", re.IGNORECASE
)
_MODES = {"major": 1.0, "maj": 1.0, "dur": 1.0, "minor": 0.0, "min": 0.0, "moll": 0.0}
_NOT_KNOWN = frozenset({"-", "–", "n/a", "na", "nan", "none", "null", "unknown"})


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
    _require_any({name for name in (*ids, *RANGES) if (frame[name] != "").any()}, path)
    rows: list[AttributeRow] = []
    bad: list[RowProblem] = []
    for row in frame.to_dict("records"):
        text = {str(name): str(value) for name, value in row.items()}
        try:
            _require_readable(text[REASON])
            rows.append((_keys(text), AudioAttributes(_values(text), provenance=path.name)))
        except ValueError as error:
            bad.append(RowProblem(int(text[LINE]), str(error)))
    return AttributesTable(tuple(rows), Problems(len(frame), tuple(bad)))


@dataclass(frozen=True, slots=True)
class TagsTable:
    """Weight by tag, by canonical artist key, and the rejected rows."""

    tags: Mapping[str, Mapping[str, float]]
    problems: Problems


def read_tags(path: Path, *, single_taggers: bool = True) -> Mapping[str, Mapping[str, float]]:
    """Read a table of tags: weight by tag, by canonical artist key; otherwise as `read_tags_table`."""
    return read_tags_table(path, single_taggers=single_taggers).tags


def read_tags_table(path: Path, *, single_taggers: bool = True) -> TagsTable:
    """Read a table of tags; rows without a number are rejected, and n = 0 is no tag.

    With `single_taggers` False, rows of one tagger (n = 1) are left out; rows without n are not.

    Raises:
        InputError: the file is not such a table, all its rows are lost, or a number is below 0.
    """
    frame = read_frame(path, ("artist_name", "tag", "n"), required=["artist_name", "tag"])
    found: dict[str, dict[str, float]] = defaultdict(dict)
    bad: list[RowProblem] = []
    for name, tag, n, line, reason in frame.itertuples(index=False, name=None):
        weight = _weight(n)
        if weight is not None and weight < 0:  # no counts, then, but a scale that we do not know
            raise InputError(f"{path.name}, line {line}: n must be a number, 0 or above")
        if reason or weight is None:
            bad.append(RowProblem(line, reason or "n is not a number"))
        elif weight and not (n and weight == 1 and not single_taggers):
            key, word = artist_key(name), " ".join(tag.casefold().split())
            if key and word:
                found[key][word] = found[key].get(word, 0.0) + weight
    problems = Problems(len(frame), tuple(bad))
    problems.require_any_usable(path)
    return TagsTable(dict(found), problems)


def _weight(text: str) -> float | None:
    """A finite number, 1 where there is no text, or None."""
    number = number_in(text) if text else 1.0
    return number if number is not None and math.isfinite(number) else None


def read_pairs(path: Path) -> tuple[ScoredPair, ...]:
    """Read a table of pairs: listener_id, friend_id, optional score (default 1).

    Raises:
        InputError: the file is not such a table, or a score is below 0.
    """
    frame = read_frame(path, ("listener_id", "friend_id", "score"), required=["listener_id", "friend_id"])
    return tuple(
        ScoredPair(one, other, _score(score, reason, path, line))
        for one, other, score, line, reason in frame.itertuples(index=False, name=None)
    )


def read_labels(path: Path, column: str) -> Mapping[str, str]:
    """First label of each listener in a column of a listening table.

    Raises:
        InputError: the file cannot be read, or has no such column.
    """
    frame = read_frame(path, ("listener_id", column), required=["listener_id", column])
    found: dict[str, str] = {}
    for listener_id, label, *_ in frame.itertuples(index=False, name=None):
        if label:
            found.setdefault(listener_id, label)
    return found


def _require_any(names: set[str], path: Path) -> None:
    by_name = {"artist_name", "track_name"} <= names
    if not (names & {"track_id", "isrc"} or by_name):
        raise InputError(f"{path.name} needs track_id, or isrc, or artist_name and track_name")
    if not names & set(RANGES):
        raise InputError(f"{path.name} has none of {', '.join(RANGES)}")


def _require_readable(reason: str) -> None:
    if reason:
        raise ValueError(reason)


def _keys(row: Mapping[str, str]) -> tuple[str, ...]:
    track = track_key(row["track_name"], artist_key(row["artist_name"]))
    keys = lookup_keys(track, row["track_id"], row["isrc"])
    if not keys:
        raise ValueError("the row names no track")
    return keys


def _values(row: Mapping[str, str]) -> dict[str, float]:
    found = {name: _value(name, row[name]) for name in RANGES if row[name]}
    return {name: value for name, value in found.items() if value is not None}


def _value(name: str, text: str) -> float | None:
    """The attribute's value; None where the text says that there is none."""
    number = number_in(_UNIT.sub("", text))
    if number is not None:
        return number
    if text.casefold() in _NOT_KNOWN:
        return None
    if name == "key" and (pitch := _pitch_class(text)) is not None:
        return float(pitch)
    if name == "mode" and (mode := _MODES.get(text.casefold())) is not None:
        return mode
    raise ValueError(f"{name} is not a number")


def _pitch_class(text: str) -> int | None:
    """Pitch class of a key such as "C#", "D♭ major", "C♯/Db" or "F sharp minor"."""
    found = _KEY.fullmatch(text)
    if found is None:
        return None
    accidental = (found[2] or "").casefold()
    step = {"#": 1, "♯": 1, "sharp": 1, "b": -1, "♭": -1, "flat": -1}.get(accidental, 0)
    return ("C D EF G A B".index(found[1].upper()) + step) % 12


def _score(text: str, reason: str, path: Path, line: int) -> float:
    score = number_in(text) if text else 1.0
    if reason or score is None or not 0 <= score < math.inf:
        raise InputError(f"{path.name}, line {line}: {reason or 'score must be a number, 0 or above'}")
    return score
