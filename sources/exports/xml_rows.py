"""XML of any size, an element at a time: libraries of Apple Music and iTunes, and XSPF playlists.

Expat is used as it is: of a library of half a million tracks no tree is built, and plistlib and ElementTree
bound neither texts nor depth.
"""

from collections.abc import Iterator, Mapping
from typing import IO, Literal, NamedTuple
from xml.parsers import expat

from sources.exports.json_rows import Row

LIBRARY_TRACK, LIBRARY_PLAYLIST = "library:track", "library:playlist"
LIST_TITLE, LIST_TRACK = "list:title", "list:track"
"""Keys of the rows of libraries, and of playlists in any format."""

_PIECE = 1 << 16
_LONGEST_TEXT = 1 << 16
_DEEPEST = 50
_MOST_VALUES = 1_000_000  # of one track or playlist
_ITEM_DEPTH = 4  # of a track or playlist in a library: plist, dict, "Tracks" or "Playlists", item


class Event(NamedTuple):
    """Start or end of an element; of an end, the text within."""

    kind: Literal["start", "end"]
    name: str
    attributes: Mapping[str, str] = {}
    text: str = ""


def events(file: IO[bytes]) -> Iterator[Event]:
    """Elements as they begin and end, by their names without namespaces.

    Raises:
        ValueError: it declares entities, is nested too deep, or a text is too long.
        ExpatError: it is no XML.
    """
    found: list[Event] = []
    texts: list[str] = []
    depth = n_chars = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEEPEST:
            raise ValueError("it is nested too deep")
        texts.clear()
        found.append(Event("start", name.rpartition(" ")[2], attributes))

    def end(name: str) -> None:
        nonlocal depth, n_chars
        depth, n_chars = depth - 1, 0
        found.append(Event("end", name.rpartition(" ")[2], {}, "".join(texts).strip()))
        texts.clear()

    def characters(text: str) -> None:
        nonlocal n_chars
        n_chars += len(text)
        if n_chars > _LONGEST_TEXT:
            raise ValueError("a text is longer than any name")
        texts.append(text)

    def refuse(*_: object) -> None:
        raise ValueError("it declares entities, as no player does")

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler, parser.EntityDeclHandler = characters, refuse
    is_end = False
    while not is_end:
        piece = file.read(_PIECE)
        is_end = not piece
        parser.Parse(piece, is_end)
        yield from found
        found.clear()


def xml_rows(file: IO[bytes]) -> Iterator[Row]:
    """Rows of a library or an XSPF playlist; none of other XML.

    Raises:
        ValueError, ExpatError: as for `events`.
    """
    found = events(file)
    root = next(found, None)
    if root and root.name == "plist":
        yield from _library(found)
    elif root and root.name == "playlist":
        yield from _xspf(found)


def _library(found: Iterator[Event]) -> Iterator[Row]:
    """Tracks and playlists as dicts of texts, flags and arrays.

    Each stands in a dict or an array under a key of the first dict.
    """
    stack: list[dict[str, object] | list[object]] = []  # of the item that is being read
    keys = [""] * (_DEEPEST + 2)  # last key by depth
    depth, n_values = 1, 0
    for event in found:
        if event.kind == "start":
            depth += 1
            if event.name in {"dict", "array"} and depth >= _ITEM_DEPTH:
                stack.append({} if event.name == "dict" else [])
            continue
        depth -= 1
        if event.name == "key":
            keys[depth] = event.text
            continue
        if event.name in {"dict", "array"}:
            value: object = stack.pop() if stack else None
        else:
            value = True if event.name == "true" else event.text if event.name != "false" else None
        n_values += 1
        if n_values > _MOST_VALUES:
            raise ValueError("a playlist is longer than any")
        parent = stack[-1] if stack else None
        if isinstance(parent, dict):
            parent[keys[depth]] = value
        elif isinstance(parent, list):
            parent.append(value)
        elif depth == _ITEM_DEPTH - 1 and isinstance(value, dict):
            n_values = 0
            yield (LIBRARY_TRACK if keys[2] == "Tracks" else LIBRARY_PLAYLIST), value


def _xspf(found: Iterator[Event]) -> Iterator[Row]:
    track: dict[str, str] | None = None
    for event in found:
        if event.kind == "start":
            track = {} if event.name == "track" else track
        elif event.name == "track":
            yield LIST_TRACK, track or {}
            track = None
        elif track is not None:
            track.setdefault(event.name, event.text)
            if len(track) > _DEEPEST:
                raise ValueError("a track has more fields than any")
        elif event.name == "title":
            yield LIST_TITLE, event.text
