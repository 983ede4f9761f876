"""JSON of any size, a row at a time."""

import json
import re
from collections.abc import Iterator
from typing import IO

LARGEST_ROW = 8 << 20
"""Most characters of one row; a playlist of 10,000 tracks, the most Spotify allows, has half of them."""

Row = tuple[str, object]
"""The key whose array a row stands in ("" for a file that is one array), and the row."""

_PIECE = 1 << 18
_MOST_TRIES = 3  # in vain, of decoding several at once: long rows are in pieces
_SPACE = re.compile(r"[ \t\r\n]*")


def rows_of(text: IO[str]) -> Iterator[Row]:
    """Rows of a file that is one array, or an object of arrays; a value that is no array is one row.

    Memory use is bounded by the largest row. Rows are decoded whole by the standard library: about as fast as
    ijson with its C parser, which does not bound a row.

    Raises:
        ValueError: it is no such JSON, or a row is too large; perhaps after some rows.
        RecursionError: it is nested too deep.
    """
    window = _Window(text)
    if window.peek() == "{":
        for key in _keys(window):
            for row in _items(window) if window.peek() == "[" else [window.value()]:
                yield key, row
    else:
        for row in _items(window):
            yield "", row
    if window.peek():
        raise ValueError("something follows its end")


def _keys(window: "_Window") -> Iterator[str]:
    window.take("{")
    if window.peek() == "}":
        window.take("}")
        return
    while True:
        key = window.value()
        if not isinstance(key, str):
            raise ValueError("a key is no text")
        window.take(":")
        yield key
        if window.take(",}") == "}":
            return


def _items(window: "_Window") -> Iterator[object]:
    window.take("[")
    if window.peek() == "]":
        window.take("]")
        return
    while True:
        yield from window.values()
        yield window.value()
        if window.take(",]") == "]":
            return


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")


_DECODER = json.JSONDecoder(parse_constant=_refuse)


class _Window:
    """The part of a text that is being decoded."""

    def __init__(self, file: IO[str]) -> None:
        self._file, self._text, self._place = file, "", 0
        self._n_tries = _MOST_TRIES

    def peek(self) -> str:
        """The next character that is no space; "" at the end."""
        while True:
            space = _SPACE.match(self._text, self._place)
            self._place = space.end() if space else self._place
            if self._place < len(self._text):
                return self._text[self._place]
            if not self._more():
                return ""

    def take(self, expected: str) -> str:
        """Pass one of the expected characters, and return it."""
        char = self.peek()
        if not char:
            raise ValueError("it ends too early")
        if char not in expected:
            raise ValueError(f"there is no {' or '.join(expected)} where it should be")
        self._place += 1
        return char

    def value(self) -> object:
        """Pass the next value, and return it."""
        self.peek()
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self._place)
            except json.JSONDecodeError:
                if not self._more():
                    raise ValueError("it is damaged, or no JSON") from None
                continue
            # a number at the end of the window may go on after it
            if end < len(self._text) or not self._more():
                self._place = end
                return value

    def values(self) -> list[object]:
        """Pass the objects of an array, and the commas after them, that are decoded together; perhaps none.

        In half of the time that one takes after the other. As brackets have to be in pairs, what can all be
        decoded up to a "}," is whole.
        """
        self.peek()
        end = self._text.rfind("},", self._place) + 1
        if not end or not self._n_tries:
            return []
        together = f"[{self._text[self._place : end]}]"
        try:
            values, n_read = _DECODER.raw_decode(together)
        except (ValueError, RecursionError):  # one by one it will show why
            n_read = 0
        if n_read < len(together):  # or the array ended before
            self._n_tries -= 1
            return []
        self._place, self._n_tries = end + 1, _MOST_TRIES
        return list(values)

    def _more(self) -> bool:
        """Read on; False at the end of the file."""
        rest = self._text[self._place :]
        if len(rest) > LARGEST_ROW:
            raise ValueError("a row is no JSON, or longer than any playlist")
        # as much again as is left, so that a long row is not decoded in vain too often
        piece = self._file.read(min(max(_PIECE, len(rest)), LARGEST_ROW + 1 - len(rest)))
        if piece:
            self._text, self._place = rest + piece, 0
        return bool(piece)
