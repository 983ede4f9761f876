"""Files of the pages: compressed once, and kept by browsers for ever if their names hold a digest."""

import gzip
import re
from functools import lru_cache
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import Response

FOR_EVER = "public, max-age=31536000, immutable"
FOR_A_DAY = "public, max-age=86400"
KINDS = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".gif": "image/gif",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}
"""Media types; other files are not there."""
_COMPRESSED = frozenset({".css", ".js", ".svg"})
_ASSET = re.compile(r"/static/((css|js|media)/[A-Za-z0-9_-][A-Za-z0-9_.-]*)", re.ASCII)
_DIGEST = re.compile(r"\.[A-Za-z0-9_-]{8}\.[a-z0-9]+", re.ASCII)


def takes_gzip(headers: Headers) -> bool:
    """Whether a browser takes gzip, by `Accept-Encoding`."""
    for entry in headers.get("accept-encoding", "").lower().split(","):
        name, _, quality = entry.partition(";")
        if name.strip() == "gzip":
            return not re.fullmatch(r"\s*q=0(\.0*)?\s*", quality)
    return False


@lru_cache(maxsize=64)
def compressed_page(html: str) -> bytes:
    """A page as gzip, made once. For pages without secrets only: their length would tell of them."""
    return gzip.compress(html.encode(), 9, mtime=0)


class Assets:
    """Streamlit's files, read and compressed once, on a worker thread, then held in memory."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held = lru_cache(maxsize=1024)(self._made)

    @staticmethod
    def is_asset(path: str) -> bool:
        """Whether the path is of such a file, whether there is one or not."""
        return _ASSET.fullmatch(path) is not None

    def response(self, path: str, headers: Headers) -> Response | None:
        """The file at a path; None if there is none. Reads on the first call."""
        found = _ASSET.fullmatch(path)
        file = self._folder / found[1] if found else None
        if file is None or file.suffix not in KINDS or not file.is_file():
            return None
        zipped = file.suffix in _COMPRESSED and takes_gzip(headers)
        has_digest = _DIGEST.search(file.name) is not None
        answer = {"Cache-Control": FOR_EVER if has_digest else "no-cache"}
        answer |= {"Vary": "Accept-Encoding"} if file.suffix in _COMPRESSED else {}
        answer |= {"Content-Encoding": "gzip"} if zipped else {}
        return Response(self._held(file, zipped), 200, answer, KINDS[file.suffix])

    @staticmethod
    def _made(file: Path, zipped: bool) -> bytes:
        content = file.read_bytes()
        return gzip.compress(content, 9, mtime=0) if zipped else content
