"""Files that are no table: what they are, in a few words for a person."""

import json
import re
from pathlib import Path

from sources.delimited import open_bytes

_START = 1 << 16
_KINDS = {
    b"\x89PNG": "an image",
    b"\xff\xd8\xff": "an image",
    b"GIF8": "an image",
    b"%PDF": "a PDF",
    b"SQLite format 3": "an SQLite database",
    b"BZh": "a bzip2 archive; unpack it",
    b"\xfd7zXZ": "an xz archive; unpack it",
    b"7z\xbc\xaf": "a 7z archive; unpack it",
    b"(\xb5/\xfd": "a zstd archive; unpack it",
    b"\xd0\xcf\x11\xe0": "an old Excel or Word file; save it as CSV",
}
_KEY = re.compile(rb'"((?:[^"\\]|\\.){1,40})"\s*:')
_TAG = re.compile(rb"<([A-Za-z][\w:.-]{0,39})")


def foreign_kind(path: Path) -> str:
    """What the file is, if it is certainly no table; else "".

    Of JSON it names the first keys, of XML and HTML the first elements.
    """
    with open_bytes(path) as file:
        start = file.read(_START)
    if start.startswith(b"PK\x03\x04"):
        return "an Excel workbook; save it as CSV" if b"xl/" in start else "a ZIP archive; unpack it"
    kind = next((kind for magic, kind in _KINDS.items() if start.startswith(magic)), "")
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not kind and re.match(rb"\{|\[\s*[\[{\]]", text):
        return f"JSON with the keys {_named(_KEY.findall(text))}"
    if not kind and re.match(rb"<[?!A-Za-z]", text):
        return f"XML or HTML with the elements {_named(_TAG.findall(text))}"
    return kind


def _named(words: list[bytes], n_most: int = 12) -> str:
    texts = [word.decode("utf-8", "replace") for word in dict.fromkeys(words)]
    shown = [json.dumps(text, ensure_ascii=False)[1:-1] for text in texts[:n_most] if text.isprintable()]
    return ", ".join(shown) + (" and others" if len(texts) > n_most else "") if shown else "(none)"
