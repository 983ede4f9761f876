"""Share card: a picture of what may be shown.

It has no logo and no artwork of Spotify. Source Sans 3 and Source Serif 4 (SIL Open Font License,
ui/assets/fonts) have Latin, Greek and Cyrillic; names in other scripts are omitted and counted.
"""

import io
import unicodedata
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import streamlit as st
from PIL import Image, ImageDraw, ImageFont

from ui.html import draw, html, markup
from ui.texts import card as card_texts
from ui.texts import frame, share

WIDTH, HEIGHT = 1200, 630
MOST_ARTISTS = 5
_FONTS = Path(__file__).resolve().parent.parent / "assets" / "fonts"
_SERIF, _SANS = "SourceSerif4Display-Semibold.ttf", "SourceSans3-Regular.ttf"
_BOLD = "SourceSans3-Semibold.ttf"
_LONGEST = 500
_GROUND, _GROOVE, _LINE = "#171411", "#2c2620", "#3a342d"
_INK, _SOFT, _EMBER = "#efe9df", "#b3a999", "#f0936b"
_DISC, _OTHER_DISC = "#221e1a", "#3b2a21"
_FINE = 3
"""Supersampling factor, for smooth edges."""

_LEFT, _RIGHT = 580, WIDTH - 64
_RADIUS, _MIDDLE = 150, (296, 300)


@dataclass(frozen=True, slots=True)
class ShareCard:
    """Content of a card; the caller has checked that it may be shown.

    Attributes:
        alias: the listener's own.
        other: the other's alias, or "".
        nearness: such as "very close" or "87 % match", or "".
        overlap: of the two records, in [0, 1]; None if it may not be shown.
        artists: names, most important first.
        synthetic: whether a listener on it is synthetic.

    Raises:
        ValueError: an overlap outside [0, 1].
    """

    alias: str
    other: str = ""
    nearness: str = ""
    overlap: float | None = None
    artists: tuple[str, ...] = ()
    synthetic: bool = False

    def __post_init__(self) -> None:
        if self.overlap is not None and not 0.0 <= self.overlap <= 1.0:
            raise ValueError("an overlap lies between 0 and 1")


def show(card: ShareCard, css: str, label: str, file: str, key: str) -> None:
    """Draw the picture, with a download button."""
    png = draw_card(card)
    source, told = f"data:image/png;base64,{b64encode(png).decode()}", markup.attribute(describe(card))
    draw(html('<img class="{}" src="{}" alt="{}" width="1200" height="630">', css, source, told))
    st.download_button(label, png, file, "image/png", key=key, on_click="ignore")


def draw_card(card: ShareCard) -> bytes:
    """The card as PNG, 1200 x 630 pixels; equal cards give equal bytes."""
    picture = _records(card)
    pen = ImageDraw.Draw(picture)
    _frame(pen, card)
    y = _headline(pen, card)
    _artists(pen, card, y)
    target = io.BytesIO()
    picture.save(target, "PNG", optimize=False)
    return target.getvalue()


def describe(card: ShareCard) -> str:
    """Alternative text: everything on the picture."""
    who = share.BOTH.format(one=card.alias, other=card.other) if card.other else card.alias
    artists, n_more = _shown(card.artists)
    heading = share.SHARED if _is_pair(card) else share.MINE
    shared = f"{heading} {', '.join(artists)}" if artists else ""
    more = card_texts.MORE.format(n=n_more) if artists and n_more else ""
    parts = (frame.PRODUCT, who, card.nearness, shared, more, card_texts.SYNTHETIC if card.synthetic else "")
    return ". ".join(filter(None, parts)) + "."


def drawable(name: str) -> str:
    """The name without undrawable and bidirectional control characters; may be ""."""
    plain = unicodedata.normalize("NFC", name[:_LONGEST])
    kept = "".join(char if _has_glyph(char) else " " for char in plain if unicodedata.category(char) != "Cf")
    return " ".join(kept.split())


def _shown(artists: Iterable[str]) -> tuple[list[str], int]:
    """At most five drawable names, and the number of others."""
    every = list(artists)
    whole = [name for one in every if (name := drawable(one)) and _is_whole(one, name)]
    shown = list(dict.fromkeys(whole))[:MOST_ARTISTS]
    return shown, len(every) - len(shown)


def _is_whole(name: str, drawn: str) -> bool:
    """Whether most letters of a name can be drawn."""
    letters = sum(char.isalnum() for char in name[:_LONGEST])
    return sum(char.isalnum() for char in drawn) * 2 > letters


def _frame(pen: ImageDraw.ImageDraw, card: ShareCard) -> None:
    pen.text((_LEFT, 62), share.EYEBROW, font=_font(_BOLD, 26), fill=_EMBER)
    pen.line([(64, HEIGHT - 96), (_RIGHT, HEIGHT - 96)], fill=_LINE, width=2)
    pen.ellipse([64, HEIGHT - 68, 92, HEIGHT - 40], outline=_EMBER, width=3)
    pen.ellipse([73, HEIGHT - 59, 83, HEIGHT - 49], fill=_EMBER)
    pen.text((106, HEIGHT - 54), frame.PRODUCT, font=_font(_SERIF, 30), fill=_INK, anchor="lm")
    note = share.MADE_UP if card.synthetic else frame.NOT_AFFILIATED
    pen.text((_RIGHT, HEIGHT - 54), note, font=_font(_SANS, 24), fill=_SOFT, anchor="rm")


def _headline(pen: ImageDraw.ImageDraw, card: ShareCard) -> int:
    """Draw names and nearness; return the next line's position."""
    y, big, small = 104, _font(_SERIF, 60), _font(_SANS, 34)
    pen.text((_LEFT, y), _fit(card.alias, big), font=big, fill=_INK)
    y += 78
    if card.other:
        other = share.WITH.format(other=drawable(card.other) or share.SOMEBODY)
        pen.text((_LEFT, y), _fit(other, small), font=small, fill=_SOFT)
        y += 50
    if card.nearness:
        near = _font(_BOLD, 40)
        pen.text((_LEFT, y), _fit(card.nearness, near), font=near, fill=_EMBER)
        y += 60
    return y + 6


def _artists(pen: ImageDraw.ImageDraw, card: ShareCard, y: int) -> None:
    artists, n_more = _shown(card.artists)
    if not artists:
        return
    heading = share.SHARED if _is_pair(card) else share.MINE
    pen.text((_LEFT, y), heading, font=_font(_SANS, 24), fill=_SOFT)
    if n_more:
        more = card_texts.MORE.format(n=n_more)
        pen.text((_RIGHT, y), more, font=_font(_SANS, 24), fill=_SOFT, anchor="ra")
    y, font = y + 32, _font(_BOLD, 27)
    for name in artists:
        pen.text((_LEFT, y), _fit(name, font), font=font, fill=_INK)
        y += 34


def _is_pair(card: ShareCard) -> bool:
    return bool(card.other or card.nearness)


def _records(card: ShareCard) -> Image.Image:
    """Background with one record, or two overlapping ones."""
    if not _is_pair(card):
        return _ground(None).copy()
    overlap = 0.5 if card.overlap is None else card.overlap
    return _ground(30 + round((1.0 - overlap) * 52)).copy()


@lru_cache(maxsize=8)
def _ground(apart: int | None) -> Image.Image:
    """One record, or two, each `apart` from the centre."""
    picture = Image.new("RGB", (WIDTH * _FINE, HEIGHT * _FINE), _GROUND)
    pen = ImageDraw.Draw(picture)
    x, y = _MIDDLE
    if apart is not None:
        _record(pen, x + apart, y, _OTHER_DISC, _SOFT)
    _record(pen, x - (apart or 0), y, _DISC, _EMBER)
    return picture.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)


def _record(pen: ImageDraw.ImageDraw, x: int, y: int, disc: str, label: str) -> None:
    _ring(pen, x, y, _RADIUS, fill=disc, outline=_LINE)
    for radius in range(_RADIUS - 12, 62, -9):
        _ring(pen, x, y, radius, outline=_GROOVE if disc == _DISC else "#4a372c")
    _ring(pen, x, y, 50, fill=label)
    _ring(pen, x, y, 7, fill=_GROUND)


def _ring(pen: ImageDraw.ImageDraw, x: int, y: int, radius: int, fill: str = "", outline: str = "") -> None:
    corners = [(x - radius) * _FINE, (y - radius) * _FINE, (x + radius) * _FINE, (y + radius) * _FINE]
    pen.ellipse(corners, fill=fill or None, outline=outline or None, width=2 * _FINE if outline else 0)


def _fit(name: str, font: ImageFont.FreeTypeFont) -> str:
    """The name, cut to the card's width; a placeholder if nothing can be drawn."""
    whole = drawable(name) or share.SOMEBODY
    if font.getlength(whole) <= _RIGHT - _LEFT:
        return whole
    low, high = 0, len(whole)
    while low < high:
        middle = (low + high + 1) // 2
        fits = font.getlength(whole[:middle].rstrip() + "…") <= _RIGHT - _LEFT
        low, high = (middle, high) if fits else (low, middle - 1)
    return whole[:low].rstrip() + "…"


@cache
def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(_FONTS / name, size, layout_engine=ImageFont.Layout.BASIC)


@cache
def _no_glyph(name: str) -> bytes:
    return bytes(_font(name, 32).getmask("\U0010fffd"))


@cache
def _has_glyph(char: str) -> bool:
    """Whether every font of the card has a glyph."""
    if char.isspace() or not char.isprintable():
        return False
    # a missing glyph is drawn as an empty box
    return all(bytes(_font(name, 32).getmask(char)) != _no_glyph(name) for name in (_SERIF, _SANS, _BOLD))
