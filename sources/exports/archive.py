"""JSON files of an export: in a ZIP archive as it is downloaded, or single. Nothing is unpacked to disk."""

import hashlib
import json
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from io import BufferedReader, FileIO, TextIOWrapper
from pathlib import Path, PureWindowsPath
from typing import IO

from matcher.errors import InputError
from sources.frames import ALWAYS_BYTES, MOST_GROWTH

MOST_FILES = 1_000
"""Most files of an archive; Spotify's hold a few dozen."""

_MOST_DIRECTORY_BYTES = 4 << 20  # of the list of files, which zipfile reads as a whole
_ENCRYPTED = 0x1

UNREADABLE = (
    *(ValueError, OSError, EOFError, RuntimeError, struct.error, zlib.error),
    *(zipfile.BadZipFile, zipfile.LargeZipFile),
)
"""What reading a damaged or hostile file raises, RecursionError and NotImplementedError included."""


@dataclass(frozen=True, slots=True)
class JsonFile:
    """A JSON file; `name` without folders."""

    name: str
    open_bytes: Callable[[], IO[bytes]]

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
    if not is_archive(path):
        yield [] if skip.match(path.name) else [JsonFile(path.name, partial(FileIO, path))]
        return
    with _Bounded(FileIO(path)) as file:
        try:
            archive = zipfile.ZipFile(file)
            entries = _checked(archive.infolist(), path.stat().st_size)
        except UNREADABLE as error:
            raise unreadable(path, "", error) from error
        # the name without its folders, which some programs part by backslashes
        named = ((PureWindowsPath(entry.filename).name, entry) for entry in entries if not entry.is_dir())
        yield [
            JsonFile(name, partial(archive.open, entry))
            for name, entry in named
            # a Mac adds "._NAME" beside NAME
            if name.casefold().endswith(endings) and not name.startswith("._") and not skip.match(name)
        ]


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
    path = PureWindowsPath(entry.filename)  # whose separators are both
    if path.root or path.drive or ".." in path.parts:
        raise ValueError("a file in it would lie outside its folder")
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise ValueError("it holds a link")
    if entry.flag_bits & _ENCRYPTED:
        raise ValueError("it is encrypted; unpack it, and import its JSON files")
    if entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        # other methods may ask for gigabytes before the first byte comes
        raise ValueError("it is packed in a way that Spotify does not use")


class _Bounded(BufferedReader):
    """A file of which no large part is read at once, as zipfile reads a list of files of any length."""

    def read(self, size: int | None = -1, /) -> bytes:
        """Read at most `size` bytes.

        Raises:
            BadZipFile: `size` is larger than any export's list of files.
        """
        if size is not None and size > _MOST_DIRECTORY_BYTES:
            raise zipfile.BadZipFile("its list of files is too long")
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
    if isinstance(error, EOFError | zlib.error | struct.error):
        return "it is damaged, or was not downloaded to its end"
    return str(error).splitlines()[0][:200] if str(error) else "it is damaged"
