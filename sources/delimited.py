"""Delimited text: encoding, delimiter, quotes and line numbers of a table as it comes."""

import codecs
import csv
import gzip
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import IO, TYPE_CHECKING

from charset_normalizer import from_bytes

if TYPE_CHECKING:
    from _csv import Reader

DELIMITERS = ",;\t|"
MOST_LINES = 50
"""Most lines of one quoted value; a quote that is still open then is part of a name."""

Record = tuple[int, list[str]]
"""Number of a row's first line, from 1, and its values."""

ALWAYS_BYTES, MOST_GROWTH = 64 << 20, 100
"""Limit of the unpacked size: so many bytes, or if more, so many times the packed size.

Real tables grow 5 to 40 times.
"""

_BOMS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_BLOCK = 1 << 20
_SAMPLE = 1 << 16
# What tables are written in that are not UTF-8; the first also wins where it is as likely as another.
_CODE_PAGES = ["cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258"]
_CODE_PAGES += ["cp874", "cp932", "cp949", "big5", "gb18030", "euc_jp", "koi8_r", "cp866"]


@dataclass(frozen=True, slots=True)
class Encoding:
    """Encoding of a text; `damaged` where some bytes are none of it."""

    name: str
    damaged: bool = False


def is_gzip(path: Path) -> bool:
    """Whether the content is gzip, whatever the name."""
    with path.open("rb") as file:
        return file.read(2) == b"\x1f\x8b"


def open_bytes(path: Path) -> IO[bytes]:
    """Open a file, unpacked if it is gzip."""
    return gzip.open(path) if is_gzip(path) else path.open("rb")  # type: ignore[return-value]


def open_text(path: Path, encoding: Encoding) -> TextIOWrapper:
    """Open a file as text, whose lines end in whatever way; bytes that are none become U+FFFD."""
    return TextIOWrapper(open_bytes(path), encoding.name, errors="replace")


def encoding_of(path: Path) -> Encoding:
    """Find the encoding of a text file.

    Raises:
        ValueError: the file is no text.
    """
    with open_bytes(path) as file:
        return encoding_in(file)


def encoding_in(file: IO[bytes]) -> Encoding:
    """Find the encoding of a text file; reads it to its end.

    Raises:
        ValueError: the file is no text.
    """
    start = file.read(_BLOCK)
    for bom, name in _BOMS.items():
        if start.startswith(bom):
            return Encoding(name)
    if b"\x00" in start[:4096]:
        return Encoding(_wide(start[:4096]))
    return _utf8(start, file) or Encoding("utf-8")


def _wide(start: bytes) -> str:
    for name, ascii_bytes, zeros in (
        ("utf-16-le", start[::2], start[1::2]),
        ("utf-16-be", start[1::2], start[::2]),
    ):
        if zeros.count(0) > len(zeros) * 0.4 and not ascii_bytes.count(0):
            return name
    raise ValueError("it holds bytes that are no text")


def _utf8(block: bytes, file: IO[bytes]) -> Encoding | None:
    """None if all is UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    foreign = b""
    while block:
        try:
            decoder.decode(block)
        except UnicodeDecodeError:
            foreign += _foreign_lines(block)
            decoder.reset()
        block = file.read(_BLOCK) if len(foreign) < _SAMPLE else b""
    return _told_by(foreign[:_SAMPLE]) if foreign else None


def _foreign_lines(block: bytes) -> bytes:
    return b"\n".join(line for line in block.splitlines() if not line.isascii()) + b"\n"


def _told_by(sample: bytes) -> Encoding:
    text = sample.decode("utf-8", "replace")
    n_lost, n_other = text.count("\ufffd"), sum(not char.isascii() for char in text)
    if n_other > 4 * n_lost:
        return Encoding("utf-8", damaged=True)
    found = from_bytes(sample, cp_isolation=_CODE_PAGES)
    # several are often as likely by its figure: names consist of letters, and cp1252 is the most usual
    likely = [one for one in found if one.chaos <= found[0].chaos + 0.02] if found else []
    likely.sort(key=lambda one: (-sum(map(str.isalpha, str(one))), _CODE_PAGES.index(one.encoding)))
    return Encoding(likely[0].encoding if likely else _CODE_PAGES[0])


class Lines:
    """Lines of a text with their numbers, of which some can be put back."""

    def __init__(self, file: Iterable[str]) -> None:
        self._file, self._back = iter(file), list[str]()
        self.number = 0  # of the line that came last

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._back.pop() if self._back else next(self._file)
        self.number += 1
        return line

    def put_back(self, lines: Sequence[str]) -> None:
        """Let these lines come once more, the first one first."""
        self._back += reversed(lines)
        self.number -= len(lines)


def header_of(lines: Lines, known: Sequence[str]) -> tuple[list[str], str]:
    """Columns as they are named, and the delimiter that yields the most known ones.

    Raises:
        ValueError: there is no line.
    """
    line = next((line for line in lines if line.strip()), None)
    if line is None:
        raise ValueError("it is empty")
    if told := re.fullmatch(r"\"?sep=(.)\"?\s*", line):  # as Excel writes it
        return _names(next(lines, ""), told[1]), told[1]
    headers = {one: _names(line, one) for one in DELIMITERS}
    n_known = {one: len({known_name(name, known) for name in headers[one]} & {*known}) for one in DELIMITERS}
    best = max(DELIMITERS, key=lambda one: (n_known[one], len(headers[one])))
    return headers[best], best


def _names(line: str, delimiter: str) -> list[str]:
    return [name.strip(" \ufeff\n") for name in Quotes(Lines(()), delimiter, 0).values(line)]


def column_name(text: str) -> str:
    """A column's name in small letters and underscores: "Artist Name" and "artistName" are artist_name."""
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", text.strip().strip("\ufeff\"'"))
    return re.sub(r"[\W_]+", "_", parted.casefold()).strip("_")


def known_name(text: str, known: Sequence[str]) -> str:
    """The known column that is meant, or else the text as `column_name`."""
    return text.strip() if text.strip() in known else column_name(text)


def records(lines: Lines, delimiter: str, n_columns: int) -> Iterator[Record]:
    """Rows that are not blank, with the number of the line on which they begin."""
    blank, quotes = delimiter + '" \t\r\n', Quotes(lines, delimiter, n_columns)
    for line in lines:
        if not line.strip(blank):
            continue
        if '"' in line:
            number = lines.number  # of the first line, though the row may take more
            yield number, quotes.values(line)
        else:
            yield lines.number, line.rstrip("\n").split(delimiter)


class Quotes:
    """Values of rows with quotes; a quote that nothing closes is part of its value."""

    def __init__(self, lines: Lines, delimiter: str, n_columns: int) -> None:
        self._lines, self._delimiter, self._n_columns = lines, delimiter, n_columns
        self._texts = _Texts()
        # one reader for all rows, as making one takes longer than reading a row
        self._plain = csv.reader(self._texts, delimiter=delimiter, strict=True, skipinitialspace=True)
        self._escaped = csv.reader(
            self._texts, delimiter=delimiter, strict=True, skipinitialspace=True, escapechar="\\"
        )

    def values(self, line: str) -> list[str]:
        """Values of the row that begins with this line; takes the further lines that belong to it."""
        found = self._parsed(line, self._plain) or self._parsed(line, self._escaped)
        return found or [_bare(cell) for cell in line.rstrip("\n").split(self._delimiter)]

    def _parsed(self, line: str, reader: "Reader") -> list[str] | None:
        texts = [line]
        while True:
            self._texts.follow(texts)
            try:
                cells = next(reader)
            except csv.Error as error:
                is_open = "end of data" in str(error) and len(texts) < MOST_LINES
                if is_open and (more := next(self._lines, "")):
                    texts.append(more)
                    continue
            else:
                if len(texts) == 1 or len(cells) == self._n_columns:
                    return cells
            self._lines.put_back(texts[1:])
            return None


class _Texts:
    """An iterator that can go on after its end."""

    def __init__(self) -> None:
        self._rest: Iterator[str] = iter(())

    def follow(self, texts: Sequence[str]) -> None:
        self._rest = iter(texts)

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        return next(self._rest)


def _bare(cell: str) -> str:
    cell = cell.strip()
    return cell.strip('"') if cell.startswith('"') else cell
