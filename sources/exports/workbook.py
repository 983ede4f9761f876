"""Sheets of an Excel workbook about music, as Deezer exports them, a row at a time.

Read by expat as other XML is: openpyxl and calamine hold all texts or all of a sheet, whatever their number.
"""

import re
from collections.abc import Generator, Iterator, Mapping
from pathlib import Path
from typing import IO

from sources.delimited import column_name
from sources.exports.archive import JsonFile, entries_of
from sources.exports.json_rows import Row
from sources.exports.xml_rows import events

SHEET = "sheet:"
"""How the keys of rows begin; the name of the sheet follows."""

MUSIC_SHEETS = re.compile(r"\d*_?(listeningHistory|favoriteSong|favoriteArtist|favoriteAlbum|dislikedTracks)")
"""The sheets that are opened; others are about the person."""

_BOOK, _TARGETS, _TEXTS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml"
_MOST_TEXTS = 2_000_000
_MOST_COLUMNS = 200
_COLUMN = re.compile(r"([A-Z]{1,3})\d*")


def workbook_rows(path: Path) -> Generator[Row, None, None]:
    """Rows of the sheets about music, by the columns of each sheet's first row.

    Raises:
        ValueError, ExpatError: it is damaged or hostile.
        InputError: the archive is.
    """
    with entries_of(path) as entries:
        sheets = _sheets(entries)
        texts = list(_texts(entries[_TEXTS])) if _TEXTS in entries else []
        for name, entry in sheets.items():
            if MUSIC_SHEETS.fullmatch(name):
                with entry.open_bytes() as file:
                    yield from _named(name, file, texts)


def sheet_names(path: Path) -> list[str]:
    """Names of the sheets.

    Raises:
        ValueError, ExpatError: it is damaged or hostile.
        InputError: the archive is.
    """
    with entries_of(path) as entries:
        return list(_sheets(entries))


def _sheets(entries: Mapping[str, JsonFile]) -> dict[str, JsonFile]:
    """Files of the sheets by name."""
    targets: dict[str, str] = {}
    if missing := {_BOOK, _TARGETS} - entries.keys():
        raise ValueError(f"it has no {min(missing)}")
    with entries[_TARGETS].open_bytes() as file:
        for event in events(file):
            if event.name == "Relationship" and event.kind == "start":
                target = event.attributes.get("Target", "")
                targets[event.attributes.get("Id", "")] = "xl/" + target.removeprefix("/xl/")
    found: dict[str, JsonFile] = {}
    with entries[_BOOK].open_bytes() as file:
        for event in events(file):
            if event.name == "sheet" and event.kind == "start":
                ids = [value for key, value in event.attributes.items() if key.endswith(" id")]
                entry = entries.get(targets.get(ids[0], "")) if ids else None
                if entry:
                    found[event.attributes.get("name", "")[:100]] = entry
    return found


def _texts(entry: JsonFile) -> Iterator[str]:
    """Texts that cells refer to by number."""
    n_texts, parts = 0, list[str]()
    with entry.open_bytes() as file:
        for event in events(file):
            if event.kind == "end" and event.name == "t":
                parts.append(event.text)
            elif event.kind == "end" and event.name == "si":
                n_texts += 1
                if n_texts > _MOST_TEXTS:
                    raise ValueError(f"it holds more than {_MOST_TEXTS:,} texts")
                yield "".join(parts)
                parts.clear()


def _named(sheet: str, file: IO[bytes], texts: list[str]) -> Iterator[Row]:
    header: dict[str, str] = {}
    for cells in _cells(file, texts):
        if header:
            yield SHEET + sheet, {header[place]: text for place, text in cells.items() if place in header}
        else:
            header = {place: column_name(text) for place, text in cells.items() if text}


def _cells(file: IO[bytes], texts: list[str]) -> Iterator[dict[str, str]]:
    """Texts of each row by column."""
    cells: dict[str, str] = {}
    place = kind = value = ""
    for event in events(file):
        if event.kind == "start" and event.name == "c":
            found = _COLUMN.fullmatch(event.attributes.get("r", ""))
            place, kind, value = found[1] if found else "", event.attributes.get("t", ""), ""
        elif event.kind == "end" and event.name in {"v", "t"}:
            value += event.text
        elif event.kind == "end" and event.name == "c":
            cells[place or f"#{len(cells)}"] = _text_at(int(value or -1), texts) if kind == "s" else value
            if len(cells) > _MOST_COLUMNS:
                raise ValueError(f"a row has more than {_MOST_COLUMNS} columns")
        elif event.kind == "end" and event.name == "row":
            yield cells
            cells = {}


def _text_at(place: int, texts: list[str]) -> str:
    if not 0 <= place < len(texts):
        raise ValueError("a cell refers to a text that is not there")
    return texts[place]
