"""Files of an export, in a ZIP archive or single; nothing is unpacked to disk."""

import hashlib
import json
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from io import BufferedReader, FileIO, TextIOWrapper
from pathlib import Path, PureWindowsPath
from typing import IO
from xml.parsers.expat import ExpatError

from matcher.errors import InputError
from sources.delimited import ALWAYS_BYTES, MOST_GROWTH

MOST_FILES = 1_000
"""Most files of an archive; Spotify's hold a few dozen."""

_MOST_DIRECTORY_BYTES = 4 << 20  # of the list of files, which zipfile reads as a whole
_ENCRYPTED = 0x1

UNREADABLE = (
    *(ValueError, OSError, EOFError, RuntimeError, struct.error, zlib.error),
    *(zipfile.BadZipFile, zipfile.LargeZipFile, ExpatError),
)
"""What reading a damaged or hostile file raises, RecursionError and NotImplementedError included."""


@dataclass(frozen=True, slots=True)
class JsonFile:
    """A file, JSON or of another format; `name` without folders, `n_bytes` unpacked."""

    name: str
    open_bytes: Callable[[], IO[bytes]]
    n_bytes: int = 0

    @contextmanager
    def text(self) -> Iterator[IO[str]]:
        """Its text, in any of the encodings of JSON (UTF-8, UTF-16, UTF-32)."""
        with self.open_bytes() as start:
            encoding = json.detect_encoding(start.read(4))
        with self.open_bytes() as file, TextIOWrapper(file, encoding, newline="") as text:
            yield text


def is_archive(path: Path) -> bool:
    """Whether a file is a ZIP archive; an image with one behind it is an image."""
    with path.open("rb") as file:
        return file.read(4) in {b"PK\x03\x04", b"PK\x05\x06"}


def is_workbook(path: Path) -> bool:
    """Whether an archive is an Excel workbook; a damaged one is none."""
    with suppress(*UNREADABLE), _Bounded(FileIO(path)) as file, zipfile.ZipFile(file) as archive:
        return "xl/workbook.xml" in archive.namelist()
    return False


@contextmanager
def json_files(
    path: Path, skip: re.Pattern[str], endings: tuple[str, ...] = (".json",)
) -> Iterator[Sequence[JsonFile]]:
    """The JSON files of an archive, or the one that `path` is; a name that matches `skip` is not opened.

    `endings` of names, in small letters, tell JSON files from others in an archive.

    Raises:
        InputError: there is no such file, or the archive is damaged, encrypted or hostile.
    """
    if not path.is_file():
        raise InputError(f"there is no file {path.name}")
    if not is_archive(path) or is_workbook(path):
        single = JsonFile(path.name, partial(FileIO, path), path.stat().st_size)
        yield [] if skip.match(path.name) else [single]
        return
    with entries_of(path) as entries:
        yield [
            one
            for one in entries.values()
            # a Mac adds "._NAME" beside NAME
            if one.name.casefold().endswith(endings)
            and not (one.name.startswith("._") or skip.match(one.name))
        ]


@contextmanager
def entries_of(path: Path) -> Iterator[Mapping[str, JsonFile]]:
    """All files of an archive by their path in it.

    Raises:
        InputError: it is damaged, encrypted or hostile.
    """
    with _Bounded(FileIO(path)) as file:
        try:
            archive = zipfile.ZipFile(file)
            entries = _checked(archive.infolist(), path.stat().st_size)
        except UNREADABLE as error:
            raise unreadable(path, "", error) from error
        # the name without its folders, which some programs part by backslashes
        yield {
            one.filename: JsonFile(
                PureWindowsPath(one.filename).name, partial(archive.open, one), one.file_size
            )
            for one in entries
            if not one.is_dir()
        }


def _checked(entries: Sequence[zipfile.ZipInfo], n_packed: int) -> Sequence[zipfile.ZipInfo]:
    """The entries of an archive of `n_packed` bytes.

    Raises:
        ValueError: they are too many or too large, or not what an export holds.
    """
    if len(entries) > MOST_FILES:
        raise ValueError(f"it holds more than {MOST_FILES:,} files")
    # of no file does zipfile read more than it claims here; of the archive's own size, as files may overlap
    most = max(ALWAYS_BYTES, MOST_GROWTH * n_packed)
    if sum(entry.file_size for entry in entries) > most:
        raise ValueError(f"it would be more than {most >> 20:,} MiB unpacked")
    for entry in entries:
        _require_plain(entry)
    return entries


def _require_plain(entry: zipfile.ZipInfo) -> None:
    if not entry.filename:  # of which zipfile cannot tell whether it is a folder
        raise ValueError("a file in it has no name")
    path = PureWindowsPath(entry.filename)  # whose separators are both
    if path.root or path.drive or ".." in path.parts:
        raise ValueError("a file in it would lie outside its folder")
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise ValueError("it holds a link")
    if entry.flag_bits & _ENCRYPTED:
        raise ValueError("it is encrypted; unpack it, and import its files")
    if entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        # other methods may ask for gigabytes before the first byte comes
        raise ValueError("it is packed in a way that no service uses")


class _Bounded(BufferedReader):
    """A file of which no large part is read at once, as zipfile reads a list of files of any length."""

    def read(self, size: int | None = -1, /) -> bytes:
        """Read at most `size` bytes.

        Raises:
            ValueError: `size` is larger than any export's list of files.
        """
        if size is not None and size > _MOST_DIRECTORY_BYTES:
            raise ValueError("its list of files is too long")
        return super().read(size)


def digest_of(files: Sequence[Path]) -> str:
    """Digest of the contents, whatever their names and order: the same files are the same listener."""
    digests = []
    for path in files:
        with path.open("rb") as file:
            digests.append(hashlib.file_digest(file, "sha256").digest())
    return hashlib.sha256(b"".join(sorted(digests))).hexdigest()[:40]


def unreadable(path: Path, name: str, error: Exception) -> InputError:
    """The error of a file, or of the file `name` in it, as one sentence without any of its content."""
    where = f"{path.name}, {name[:80]}" if name and name.isprintable() and name != path.name else path.name
    return InputError(f"{where} cannot be read: {_reason(error)}")


def _reason(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "it is nested too deep"
    if isinstance(error, UnicodeError):
        return "it is not UTF-8"
    if isinstance(error, ExpatError):
        return "it is damaged, or no XML"
    if str(error).startswith("Exceeds the limit"):  # of int(): Python's own words are of no help here
        return "a number in it has too many digits"
    if isinstance(error, EOFError | zlib.error | struct.error | zipfile.BadZipFile):
        return "it is damaged, or was not downloaded to its end"
    return str(error).splitlines()[0][:200] if str(error) else "it is damaged"
