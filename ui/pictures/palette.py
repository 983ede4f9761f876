"""Colours of a picture, from the tags of a taste."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from zlib import crc32

RGB = tuple[int, int, int]
_SHIFT = 24
"""Degrees by which the second tag may turn the hue of the first, either way."""


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours of one hue, as 8-bit sRGB.

    Attributes:
        top, bottom: of the background.
        disc, groove: of a record.
        ink, soft: of words; on every background at least 7:1 and 4.5:1 (WCAG 2.2).
        accent: of the figure and of the first record's label; at least 4.5:1.
        others: labels of further records.
    """

    top: RGB
    bottom: RGB
    disc: RGB
    groove: RGB
    ink: RGB
    soft: RGB
    accent: RGB
    others: tuple[RGB, ...]


def hue_of(tags: Sequence[str], otherwise: str) -> int:
    """Hue in degrees [0, 360): that of the first tag, turned a little by the second."""
    if not tags:
        return _number(otherwise) % 360
    turn = _number(tags[1]) % (2 * _SHIFT + 1) - _SHIFT if len(tags) > 1 else 0
    return (_number(tags[0]) + turn) % 360


@lru_cache(maxsize=360)
def palette(hue: int) -> Palette:
    """Colours of a hue in degrees."""
    return Palette(
        top=_rgb(0.37, 0.105, hue),
        bottom=_rgb(0.21, 0.06, hue + 25),
        disc=_rgb(0.17, 0.03, hue + 15),
        groove=_rgb(0.27, 0.045, hue + 15),
        ink=_rgb(0.97, 0.015, hue + 60),
        soft=_rgb(0.86, 0.035, hue + 40),
        accent=_rgb(0.84, 0.13, hue + 55),
        others=tuple(_rgb(0.80, 0.12, hue + turn) for turn in (180, 120, 240, 300)),
    )


def contrast(one: RGB, other: RGB) -> float:
    """Contrast ratio as of WCAG 2.2, in [1, 21]."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _number(text: str) -> int:
    return crc32(text.encode("utf-8", "replace"))


def _luminance(colour: RGB) -> float:
    red, green, blue = (_linear(one / 255) for one in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(share: float) -> float:
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4


def _rgb(lightness: float, chroma: float, hue: float) -> RGB:
    """Oklch (Ottosson, 2020) as sRGB, with as much of the chroma as sRGB has."""
    while chroma > 0.001 and not all(-0.0005 <= one <= 1.0005 for one in _oklch(lightness, chroma, hue)):
        chroma *= 0.95
    red, green, blue = (round(255 * _encoded(one)) for one in _oklch(lightness, chroma, hue))
    return red, green, blue


def _oklch(lightness: float, chroma: float, hue: float) -> tuple[float, float, float]:
    """Linear sRGB of an Oklch colour; outside [0, 1] where sRGB lacks it."""
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def _encoded(linear: float) -> float:
    share = min(max(linear, 0.0), 1.0)
    return 12.92 * share if share <= 0.0031308 else 1.055 * share ** (1 / 2.4) - 0.055
