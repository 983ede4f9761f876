"""Files that are uploaded: streamed to disk, read once, deleted."""

import re
import shutil
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path, PureWindowsPath
from threading import Lock
from typing import BinaryIO
from uuid import uuid4

from fasteners import InterProcessLock  # type: ignore[import-untyped]
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from matcher.errors import FileTooLarge, NoFile, UploadBroken, UploadsFull

MOST_FILES = 200  # of one form; an unpacked export of Spotify has a few dozen
DISK_RESERVE = 1 << 30  # bytes that uploads leave free, for the database on the same disk
LEAST_BYTES_S = 8 << 10  # mean of an upload, after its first minute: slower ones hold a place for nothing
_FIRST_S = 60.0
_LOOK_BYTES = 64 << 20  # between two looks at the disk
_LOCK = ".lock"
_ODD = re.compile(r"[^\w .()-]", re.ASCII)


@dataclass
class Uploads:
    """Uploads of this process: those on their way, and those that wait to be read.

    Attributes:
        folder: where they lie; processes can share it.
        most_bytes: of one upload.
        most_at_once: of all listeners together.
    """

    folder: Path
    most_bytes: int
    most_at_once: int
    _open: dict[Path, "Upload"] = field(default_factory=dict)
    _guard: Lock = field(default_factory=Lock)

    def begin(self, n_bytes: int | None) -> "Upload":
        """Begin an upload of so many bytes; None if that is not known.

        Raises:
            FileTooLarge: it is larger than is allowed.
            UploadsFull: there are too many at once, or the disk is nearly full.
        """
        expected = self.most_bytes if n_bytes is None else n_bytes
        if expected > self.most_bytes:
            raise FileTooLarge("the upload is larger than is allowed")
        with self._guard:
            if len(self._open) >= self.most_at_once:
                raise UploadsFull("too many uploads at once")
            upload = Upload(self.folder / uuid4().hex, self, expected)
            self._open[upload.folder] = upload
        try:
            upload.make()
            self.require_room()
        except BaseException:
            upload.discard()
            raise
        return upload

    def require_room(self) -> None:
        """Check that the disk holds what all uploads still expect; raises UploadsFull."""
        with self._guard:
            to_come = sum(max(one.expected - one.n_bytes, 0) for one in self._open.values())
        if shutil.disk_usage(self.folder).free - to_come < DISK_RESERVE:
            raise UploadsFull("the disk is nearly full")

    def clean(self) -> None:
        """Delete what processes left behind that ended without doing so."""
        # each upload is locked by its process, and the system ends the lock with the process
        for lock in self.folder.glob(f"*/{_LOCK}"):
            held = InterProcessLock(lock)
            if held.acquire(blocking=False):
                shutil.rmtree(lock.parent, ignore_errors=True)
                held.release()

    def close(self) -> None:
        """Discard all uploads of this process."""
        for upload in list(self._open.values()):
            upload.discard()

    def forget(self, folder: Path) -> None:
        """Free the place of an upload."""
        with self._guard:
            self._open.pop(folder, None)


@dataclass
class Upload:
    """The files of one upload, in a folder of its own.

    Attributes:
        expected: bytes of the whole form.
        n_bytes: of the form, so far.
    """

    folder: Path
    uploads: Uploads
    expected: int
    files: list[Path] = field(default_factory=list)
    n_bytes: int = 0
    _n_begun: int = 0
    _begun_s: float = field(default_factory=time.monotonic)
    _file: BinaryIO | None = None
    _lock: InterProcessLock | None = None

    def make(self) -> None:
        """Make its folder, and hold it."""
        self.folder.mkdir(parents=True, mode=0o700)
        self._lock = InterProcessLock(self.folder / _LOCK)
        if not self._lock.acquire(blocking=False):
            raise UploadsFull("another process took the folder for one that was left behind")

    def begin_file(self, name: str) -> None:
        """Begin the next file, under a name that is not trusted.

        Raises:
            FileTooLarge: there are too many.
        """
        if self._n_begun >= MOST_FILES:
            raise FileTooLarge("too many files at once")
        # readers tell private files by the beginnings of names; two files can have one name
        place = self.folder / str(self._n_begun)
        self._n_begun += 1
        place.mkdir()
        self.files.append(place / safe_name(name))
        self._file = self.files[-1].open("wb")

    def arrive(self, n_bytes: int) -> None:
        """Count so many more bytes of the form, files or not.

        Raises:
            FileTooLarge: the upload is larger than is allowed.
            UploadBroken: it comes too slowly.
            UploadsFull: the disk became nearly full.
        """
        looked_at = self.n_bytes // _LOOK_BYTES
        self.n_bytes += n_bytes
        if self.n_bytes > self.uploads.most_bytes:
            raise FileTooLarge("the upload is larger than is allowed")
        lasted_s = time.monotonic() - self._begun_s
        if lasted_s > _FIRST_S and self.n_bytes < LEAST_BYTES_S * lasted_s:
            raise UploadBroken("the upload is too slow")
        if self.n_bytes // _LOOK_BYTES > looked_at:
            self.uploads.require_room()

    def write(self, data: bytes) -> None:
        """Append to the file; raises UploadsFull if the disk is full."""
        try:
            if self._file:
                self._file.write(data)
        except OSError as error:
            raise UploadsFull("the disk is full") from error

    def end_file(self) -> None:
        """End the file; an empty one does not count."""
        if self._file:
            self._file.close()
            self._file = None
            if not self.files[-1].stat().st_size:
                self.files.pop()

    def discard(self) -> None:
        """Delete everything, and free its place. Can be called again."""
        if self._file:
            self._file.close()
            self._file = None
        shutil.rmtree(self.folder, ignore_errors=True)
        if self._lock:
            with suppress(OSError, RuntimeError):
                self._lock.release()
            self._lock = None
        self.uploads.forget(self.folder)


class UploadForm:
    """Writes the files of a form to an upload, as its body arrives; other fields are ignored."""

    def __init__(self, content_type: str, upload: Upload) -> None:
        """Begin; raises NoFile if it is no form with files."""
        kind, options = parse_options_header(content_type)
        boundary = options.get(b"boundary", b"")
        if kind != b"multipart/form-data" or not 0 < len(boundary) <= 70:  # RFC 2046, 5.1.1
            raise NoFile("the form holds no file")
        self._upload = upload
        self._headers: dict[bytes, bytes] = {}
        self._name, self._value = b"", b""
        self._is_file, self._is_whole = False, False
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin_part,
                "on_header_field": self._header_name,
                "on_header_value": self._header_value,
                "on_header_end": self._end_header,
                "on_headers_finished": self._begin_content,
                "on_part_data": self._content,
                "on_part_end": self._end_part,
                "on_end": self._end,
            },
        )

    def feed(self, chunk: bytes) -> None:
        """Take the next part of the body.

        Raises:
            FileTooLarge: it is more than is allowed.
            UploadBroken: it is malformed, or too slow.
            UploadsFull: the disk is full.
        """
        self._upload.arrive(len(chunk))
        try:
            self._parser.write(chunk)
        except FormParserError as error:
            raise UploadBroken("the form is malformed") from error

    def finish(self) -> None:
        """End the body.

        Raises:
            UploadBroken: it ended too early.
            NoFile: there was no file in it, or only empty ones.
        """
        if not self._is_whole:
            raise UploadBroken("the form ended too early")
        if not self._upload.files:
            raise NoFile("the form holds no file")

    def _begin_part(self) -> None:
        self._headers, self._is_file = {}, False

    def _header_name(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _end_header(self) -> None:
        self._headers[self._name.lower()] = self._value
        self._name, self._value = b"", b""

    def _begin_content(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition"))
        self._is_file = bool(options.get(b"filename"))
        if self._is_file:
            self._upload.begin_file(options[b"filename"].decode("utf-8", "replace"))

    def _content(self, data: bytes, start: int, end: int) -> None:
        if self._is_file:
            self._upload.write(data[start:end])

    def _end_part(self) -> None:
        if self._is_file:
            self._upload.end_file()

    def _end(self) -> None:
        self._is_whole = True


def safe_name(name: str) -> str:
    """A file's name without folders and odd characters, at most 80 long."""
    plain = _ODD.sub("_", PureWindowsPath(name).name)[-80:].lstrip(".")
    return plain or "file"


def length_of(headers: Mapping[str, str]) -> int | None:
    """The length that a request claims; None if it claims none."""
    claimed = headers.get("content-length", "")
    return int(claimed) if claimed.isascii() and claimed.isdigit() and len(claimed) < 20 else None
