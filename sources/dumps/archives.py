"""Files of a dump in a tar archive or a folder: read in one pass, never unpacked to disk."""

import lzma
import re
import tarfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

import pyarrow as pa

from matcher.errors import InputError

_MAGIC = {b"\x28\xb5\x2f\xfd": "zstd", b"\x1f\x8b": "gzip", b"BZh": "bz2", b"\xfd7zXZ\x00": "xz"}
UNREADABLE = (OSError, EOFError, ValueError, tarfile.TarError, lzma.LZMAError, zlib.error, pa.ArrowException)
"""What reading a damaged file raises."""


@dataclass(frozen=True, slots=True)
class Member:
    """A file of a dump.

    Attributes:
        name: path in the archive or folder; unique in one dump.
        position: bytes on disk that were read by now, of this and earlier files.
    """

    name: str
    file: IO[bytes]
    position: Callable[[], int]


def n_bytes(paths: Sequence[Path]) -> int:
    """Size on disk of files and folders."""
    return sum(one.stat().st_size for path in paths for one in _files_below(path))


def members(paths: Sequence[Path], wanted: re.Pattern[str]) -> Iterator[Member]:
    """Files whose path ends in a match of `wanted`, in the order of the archive or of their names.

    A member's file is to be read before the next member is taken.

    Raises:
        InputError: a file is damaged, or no archive.
    """
    n_before = 0
    for place, path in enumerate(paths):
        found = _of_folder if path.is_dir() else _of_file if wanted.search(path.name) else _of_archive
        for member in found(path, wanted, n_before):
            # two dumps may hold files of one name
            yield replace(member, name=f"{place}:{member.name}")
        n_before += n_bytes([path])


def _of_file(path: Path, _: re.Pattern[str], n_before: int) -> Iterator[Member]:
    with path.open("rb") as file:
        yield Member(path.name, file, lambda: n_before + file.tell())


def _of_folder(path: Path, wanted: re.Pattern[str], n_before: int) -> Iterator[Member]:
    for one in _files_below(path):
        if wanted.search(one.as_posix()):
            for member in _of_file(one, wanted, n_before):
                yield replace(member, name=one.relative_to(path).as_posix())
        n_before += one.stat().st_size


def _of_archive(path: Path, wanted: re.Pattern[str], n_before: int) -> Iterator[Member]:
    with path.open("rb") as start:
        head = start.read(6)
    packed = next((kind for magic, kind in _MAGIC.items() if head.startswith(magic)), "")
    try:
        with (
            pa.OSFile(str(path)) as raw,
            _unpacked(raw, packed) as plain,
            tarfile.open(fileobj=plain, mode="r|xz" if packed == "xz" else "r|") as archive,
        ):
            for entry in archive:
                if wanted.search(entry.name) and (file := archive.extractfile(entry)):
                    yield Member(entry.name, file, lambda: n_before + raw.tell())
    except UNREADABLE as error:
        raise unreadable(path, error) from error


def _unpacked(raw: pa.NativeFile, packed: str) -> pa.NativeFile:
    return pa.CompressedInputStream(raw, packed) if packed in ("zstd", "gzip", "bz2") else raw


def unreadable(path: Path, error: Exception) -> InputError:
    """The error of a dump that is damaged or none."""
    return InputError(f"{path.name} cannot be read: {_reason(error)}")


def _reason(error: Exception) -> str:
    if isinstance(error, tarfile.ReadError) and "invalid header" in str(error):
        return "it is no tar archive"
    return str(error).splitlines()[0][:200] if str(error) else "it is damaged"


def _files_below(path: Path) -> list[Path]:
    return sorted(one for one in path.rglob("*") if one.is_file()) if path.is_dir() else [path]
