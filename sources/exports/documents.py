"""Rows of a file of any format that listeners download, told by its content.

The key of a row is the key its array has in JSON, the name of a sheet with `SHEET` before it, or one of
`xml_rows`; else "". The row is a dict where the format has fields.
"""

import json
import re
from collections.abc import Callable, Generator, Iterator
from enum import Enum, auto
from io import TextIOWrapper
from itertools import chain
from pathlib import Path, PureWindowsPath
from typing import IO

from sources.dates import Dates
from sources.delimited import Encoding, Lines, column_name, encoding_in, header_of, records
from sources.exports.archive import JsonFile
from sources.exports.json_rows import Row, rows_of
from sources.exports.roles import KNOWN_COLUMNS
from sources.exports.xml_rows import LIST_TITLE, LIST_TRACK, xml_rows

LONGEST_LINE = 1 << 18
EXCESS = "\0"
"""Key in rows with more values than columns: which value belongs to which is not known."""

_START = 1 << 12
_JSON = re.compile(r"\s*(?:\{|\[\s*(?:[\[{\]\"\d]|$))")
_LOG_COLUMNS = ("artist", "album", "title", "track_number", "length", "rating", "timestamp", "mbid")
_LASTFM_COLUMNS = ("artist", "album", "track", "date")
_AUDIO = re.compile(r".+\.(?:mp3|flac|ogg|oga|opus|m4a|aac|wav|wma|aiff?|ape|mpc)", re.IGNORECASE)
_NUMBER_FIRST = re.compile(r"\d{1,3}(?:-\d{1,2})?\s*[-._ ]\s*(?=\D)")


class Shape(Enum):
    """Format of a file."""

    JSON = auto()
    LINES = auto()  # one JSON object a line
    XML = auto()
    LIST = auto()  # M3U
    LOG = auto()  # of Rockbox
    TABLE = auto()
    PAGE = auto()  # HTML, of which there are no rows
    OTHER = auto()


def shape_of(file: JsonFile) -> Shape:
    """The format, by the first characters."""
    with file.open_bytes() as binary:
        start = binary.read(_START)
    text = start.decode(json.detect_encoding(start), "ignore").lstrip("\ufeff \t\r\n")
    if _JSON.match(text):
        return Shape.LINES if _has_lines(file) else Shape.JSON
    if re.match(r"<[?!A-Za-z]", text):
        return Shape.PAGE if "<html" in text.lower() else Shape.XML
    if text.startswith("#AUDIOSCROBBLER/"):
        return Shape.LOG
    first = next(iter(text.splitlines()), "")
    if text.startswith(("#EXTM3U", "#EXTINF", "#PLAYLIST")) or _AUDIO.fullmatch(first.strip()):
        return Shape.LIST
    is_table = first.replace("\t", " ").isprintable()
    return Shape.TABLE if is_table and re.search(r"[,;\t|]", first) else Shape.OTHER


def _has_lines(file: JsonFile) -> bool:
    """Whether the first two lines are an object each."""
    with file.text() as text:
        lines = [text.readline(LONGEST_LINE).lstrip("\ufeff").strip() for _ in range(2)]
    return all(isinstance(_parsed(line), dict) for line in lines)


def _parsed(line: str) -> object:
    """The value that a line is; None if it is no JSON."""
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def _json_lines(text: IO[str]) -> Iterator[Row]:
    for line in _lines(text):
        if line.strip("\ufeff \t\r\n"):
            yield "", _parsed(line.lstrip("\ufeff"))


def rows_in(file: JsonFile, binary: IO[bytes]) -> Generator[Row, None, None]:
    """Rows of a file, read from `binary`, which is at its start.

    Raises:
        ValueError, RecursionError, ExpatError: it is damaged or hostile.
    """
    shape = shape_of(file)
    if shape is Shape.PAGE:
        return
    if shape is Shape.XML:
        yield from xml_rows(binary)
    elif shape is Shape.LINES:
        with TextIOWrapper(binary, _json_encoding(file), newline="\n") as text:
            yield from _json_lines(text)
    elif read := _TEXT_ROWS.get(shape):
        with TextIOWrapper(binary, _encoding(file).name, errors="replace") as text:
            yield from read(text)
    else:
        with TextIOWrapper(binary, _json_encoding(file), newline="") as text:
            yield from rows_of(text)


def columns_of(file: JsonFile) -> list[str]:
    """Columns of a table as they are named.

    Raises:
        ValueError: it is none.
    """
    with file.open_bytes() as binary, TextIOWrapper(binary, _encoding(file).name, errors="replace") as text:
        return header_of(Lines(_lines(text)), [*KNOWN_COLUMNS])[0]


def _json_encoding(file: JsonFile) -> str:
    with file.open_bytes() as start:
        return json.detect_encoding(start.read(4))


def _encoding(file: JsonFile) -> Encoding:
    with file.open_bytes() as binary:
        return encoding_in(binary)


def _lines(text: IO[str]) -> Iterator[str]:
    while line := text.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE:
            raise ValueError("a line is longer than any row")
        yield line


def _table(text: IO[str]) -> Iterator[Row]:
    lines = Lines(_lines(text))
    header, delimiter = header_of(lines, [*KNOWN_COLUMNS])
    # one tool writes whose times they are: "Date#mara"
    names = [column_name(re.sub(r"(?<=\w)#.*", "", name)) for name in header]
    more = iter([(1, header)]) if _is_headless(header) else iter(())
    if _is_headless(header):
        names = [*_LASTFM_COLUMNS]
    for _, cells in chain(more, records(lines, delimiter, len(names))):
        row = dict(zip(names, map(str.strip, cells), strict=False))
        yield "", row if len(cells) <= len(names) else {**row, EXCESS: ""}


def _is_headless(header: list[str]) -> bool:
    """Whether the first row is a play, as in CSV of one of Last.fm's tools."""
    if len(header) != len(_LASTFM_COLUMNS) or set(map(column_name, header)) & KNOWN_COLUMNS:
        return False
    try:
        return Dates().time_of(header[-1]) is not None
    except ValueError:
        return False


def _log(text: IO[str]) -> Iterator[Row]:
    for line in _lines(text):
        if not line.startswith("#") and line.strip():
            yield "", dict(zip(_LOG_COLUMNS, map(str.strip, line.split("\t")), strict=False))


def _list(text: IO[str]) -> Iterator[Row]:
    told = ""
    for line in map(str.strip, _lines(text)):
        if line.startswith("#PLAYLIST:"):
            yield LIST_TITLE, line.removeprefix("#PLAYLIST:").strip()
        elif line.startswith("#EXTINF:"):
            told = line.partition(",")[2].strip()
        elif line and not line.startswith("#"):
            artist, title = names_in(told) if told else _names_of(line)
            told = ""
            yield LIST_TRACK, {"creator": artist, "title": title}


def names_in(text: str) -> tuple[str, str]:
    """Artist and title in "Low - Words"; the artist is "" without a dash."""
    artist, dash, title = re.sub(r"\s[–—]\s", " - ", text, count=1).partition(" - ")
    return (artist.strip(), title.strip()) if dash else ("", text.strip())


def _names_of(path: str) -> tuple[str, str]:
    """Artist and title by the name of a file, or else by its folders."""
    parts = PureWindowsPath(path).parts
    stem = _NUMBER_FIRST.sub("", Path(parts[-1]).stem) if parts else ""
    artist, title = names_in(stem)
    return (artist, title) if artist or len(parts) < 3 else (parts[-3], title)


_TEXT_ROWS: dict[Shape, Callable[[IO[str]], Iterator[Row]]] = {
    Shape.TABLE: _table,
    Shape.LOG: _log,
    Shape.LIST: _list,
}
