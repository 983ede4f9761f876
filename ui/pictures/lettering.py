"""Words on pictures: which names can be drawn, in which font, how large.

Source Sans 3 and Source Serif 4 have Latin, Greek and Cyrillic; Noto Sans has Thai, Arabic and Hebrew (all
SIL Open Font License, ui/assets/fonts). What none of them has is left out.
"""

import unicodedata
from functools import cache, lru_cache
from itertools import groupby
from pathlib import Path

from PIL import ImageDraw, ImageFont, features

from ui.pictures.palette import RGB

SERIF, SANS, BOLD = (
    "SourceSerif4Display-Semibold.ttf",
    "SourceSans3-Regular.ttf",
    "SourceSans3-Semibold.ttf",
)
_FURTHER = ("NotoSansThai-Semibold.ttf", "NotoSansArabic-Semibold.ttf", "NotoSansHebrew-Semibold.ttf")
_FONTS = Path(__file__).resolve().parent.parent / "assets" / "fonts"
_LONGEST = 500
_SAMPLE = 32
LINE = 1.32
"""Height of a line, in sizes of its font: Thai has marks above marks."""


def drawable(name: str) -> str:
    """The name without undrawable and bidirectional control characters; may be ""."""
    plain = unicodedata.normalize("NFC", name[:_LONGEST])
    kept = "".join(char if _is_drawn(char) else " " for char in plain if unicodedata.category(char) != "Cf")
    return " ".join(kept.split())


def is_whole(name: str, drawn: str) -> bool:
    """Whether most letters of a name can be drawn."""
    letters = sum(char.isalnum() for char in name[:_LONGEST])
    return sum(char.isalnum() for char in drawn) * 2 > letters


def width(text: str, face: str, size: int) -> float:
    """Width of a drawn line, in pixels."""
    return sum(_font(name, size).getlength(part) for name, part in _runs(text, face))


def fit(text: str, face: str, most: int, least: int, room: float) -> tuple[str, int]:
    """The text and its size, between `least` and `most`: made smaller first, then cut, to fit `room`."""
    size = most
    while size > least and width(text, face, size) > room:
        size = max(least, min(size - 1, int(size * room / width(text, face, size))))
    return _cut(text, face, size, room), size


def wrap(text: str, face: str, size: int, room: float) -> list[str]:
    """Lines of a sentence of ours, each as wide as `room` at most unless it is one word."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width(longer, face, size) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def write(
    pen: ImageDraw.ImageDraw, at: tuple[float, float], text: str, face: str, size: int, fill: RGB
) -> None:
    """Draw a line; `at` is where its baseline begins, whatever its direction."""
    x, y = at
    for name, part in _runs(text, face):
        font = _font(name, size)
        pen.text((x, y), part, font=font, fill=fill, anchor="ls")
        x += font.getlength(part)


def _cut(text: str, face: str, size: int, room: float) -> str:
    if width(text, face, size) <= room:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        fits = width(text[:middle].rstrip() + "…", face, size) <= room
        low, high = (middle, high) if fits else (low, middle - 1)
    return text[:low].rstrip() + "…"


@lru_cache(maxsize=2048)
def _runs(text: str, face: str) -> tuple[tuple[str, str], ...]:
    """Parts of a text by their font, from left to right."""
    names: list[str] = []
    for char in text:
        # a space and a mark stay with the letters before them
        before = names[-1] if names else face
        names.append(next((one for one in (before, face, *_FURTHER) if _has_glyph(one, char)), face))
    grouped = groupby(zip(names, text, strict=True), key=lambda pair: pair[0])
    runs = [(name, "".join(char for _, char in pairs)) for name, pairs in grouped]
    first = next((unicodedata.bidirectional(char) for char in text if char.isalpha()), "L")
    return tuple(reversed(runs) if first in {"R", "AL"} else runs)


@cache
def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    # Arabic and Thai need shaping, which not every build of Pillow has
    shaping = ImageFont.Layout.RAQM if features.check("raqm") else ImageFont.Layout.BASIC
    return ImageFont.truetype(_FONTS / name, size, layout_engine=shaping)


@cache
def _plain(name: str) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(_FONTS / name, _SAMPLE, layout_engine=ImageFont.Layout.BASIC)


@cache
def _no_glyph(name: str) -> bytes:
    return bytes(_plain(name).getmask("\U0010fffd"))


@lru_cache(maxsize=8192)
def _has_glyph(name: str, char: str) -> bool:
    # a missing glyph is drawn as an empty box
    return char.isprintable() and (bytes(_plain(name).getmask(char)) != _no_glyph(name) or char == " ")


@lru_cache(maxsize=8192)
def _is_drawn(char: str) -> bool:
    """Whether a font has it: each of ours, or one of those for further scripts."""
    if char.isspace():
        return False
    return all(_has_glyph(one, char) for one in (SERIF, SANS, BOLD)) or any(
        _has_glyph(one, char) for one in _FURTHER
    )
