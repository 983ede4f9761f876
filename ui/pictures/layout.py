"""Where everything stands on a picture, for each format.

Words are one stack of rows. What they leave free is for the records, so that few words leave no hole: less
text, larger letters first, and then more of the record.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

import segno

from ui.pictures.card import ShareCard, short, shown_artists
from ui.pictures.lettering import BOLD, LINE, SANS, SERIF, drawable, fit, width, wrap
from ui.texts import card as card_texts
from ui.texts import frame, share

Kind = Literal["story", "square", "wide"]
Tone = Literal["ink", "soft", "accent"]
QUIET = 4
"""Modules of light around a QR code, as its standard asks."""
_MOST_DISCS = 4


@dataclass(frozen=True, slots=True)
class Format:
    """A size, and where on it something may be read; lengths in pixels.

    Attributes:
        left, right, top, bottom: of all words and, but for a wide one's left, of the QR code. A story's are
            clear of what apps lay over it, a square's inside the 3:4 of a grid, a wide one's inside 2:1.
        alias, artist: largest and smallest size of letters.
        figure, small: sizes of letters.
        code: about the size of the QR code.
    """

    kind: Kind
    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    alias: tuple[int, int]
    artist: tuple[int, int]
    figure: int
    small: int
    code: int


FORMATS: Mapping[str, Format] = {
    one.kind: one
    for one in (
        Format("story", 1080, 1920, 84, 996, 264, 1572, (132, 52), (104, 44), 210, 38, 230),
        Format("square", 1080, 1080, 140, 940, 72, 1008, (96, 40), (74, 32), 124, 30, 160),
        Format("wide", 1200, 630, 520, 1136, 40, 590, (84, 32), (58, 25), 82, 24, 140),
    )
}


@dataclass(frozen=True, slots=True)
class Words:
    """A line of one size, from its baseline's beginning."""

    text: str
    face: str
    size: int
    tone: Tone
    x: float = 0.0
    y: float = 0.0


@dataclass(frozen=True, slots=True)
class Disc:
    """A record; `label` is 0 for the accent, else of a further listener."""

    x: int
    y: int
    radius: int
    label: int


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code with its quiet zone: rows of modules, from the top left corner, `scale` pixels each."""

    modules: tuple[tuple[bool, ...], ...]
    x: int
    y: int
    scale: int

    @property
    def size(self) -> int:
        """Side in pixels."""
        return len(self.modules) * self.scale


@dataclass(frozen=True, slots=True)
class Layout:
    """A picture before it is drawn."""

    format: Format
    discs: tuple[Disc, ...]
    words: tuple[Words, ...]
    code: Code | None


Row = tuple[float, tuple[Words, ...]]
"""Space above, and lines beside each other."""


def compose(card: ShareCard, kind: str) -> Layout:
    """Layout of a card in one of FORMATS."""
    form = FORMATS[kind]
    code = _code(card.address, form)
    foot, foot_top = _foot(card, form, code)
    head = _head(card, form)
    room = foot_top - form.top - _height(head)
    rows = [*head, *_artists(card, form, room)]
    top = foot_top - _height(rows)
    if kind == "wide":
        top = form.top + (top - form.top) / 2
    words = (*_stacked(rows, form.left, top), *foot)
    return Layout(form, tuple(_discs(card, form, round(top))), words, code)


# ---- words --------------------------------------------------------------------------------------------


def _head(card: ShareCard, form: Format) -> list[Row]:
    most, least = form.alias
    if card.other:  # two names, and room for the artists below them
        most = round(most * 0.76)
    alias = _fitted(card.alias, SERIF, (most, least), "ink", form)
    rows: list[Row] = [(0, (Words(share.EYEBROW, BOLD, form.small, "accent"),)), (0.2 * form.small, (alias,))]
    if card.other:
        other = share.AND.format(other=drawable(card.other) or share.SOMEBODY)
        rows.append((0, (_fitted(other, SERIF, (alias.size, least), "ink", form),)))
    if card.told:
        size = round(form.small * 1.35)
        lines = wrap(card.told, SANS, size, form.right - form.left)
        rows += [(0, (Words(one, SANS, size, "ink"),)) for one in lines]
    if card.figure:
        figure = Words(card.figure, SERIF, form.figure, "accent")
        match = Words(card_texts.PERCENT, SANS, round(form.figure * 0.36), "accent")
        rows.append((0, (figure, match)))
    return rows


def _artists(card: ShareCard, form: Format, room: float) -> list[Row]:
    """As many artists as fit, as large as they fit."""
    shown, _ = shown_artists(card)
    most, least = form.artist
    around = form.small * (LINE * (2 if len(shown) < len(card.artists) else 1) + 0.6)
    while shown and around + len(shown) * least * LINE > room:
        shown.pop()
        around = form.small * (2 * LINE + 0.6)
    if not shown:
        return []
    size = min(most, int((room - around) / len(shown) / LINE))
    lines = [_fitted(one, BOLD, (size, least), "ink", form) for one in shown]
    title = Words(card.heading, SANS, form.small, "soft")
    rows: list[Row] = [(0.6 * form.small, (title,)), *((0.0, (one,)) for one in lines)]
    if n_more := len(card.artists) - len(shown):
        rows.append((0.0, (Words(card_texts.MORE.format(n=n_more), SANS, form.small, "soft"),)))
    return rows


def _fitted(text: str, face: str, sizes: tuple[int, int], tone: Tone, form: Format) -> Words:
    name, size = fit(drawable(text) or share.SOMEBODY, face, *sizes, form.right - form.left)
    return Words(name, face, size, tone)


def _height(rows: Iterable[Row]) -> float:
    return sum(above + _tallest(words) * LINE for above, words in rows)


def _tallest(words: Sequence[Words]) -> int:
    return max(one.size for one in words)


def _stacked(rows: Iterable[Row], left: float, y: float) -> Iterable[Words]:
    """Rows below each other from `y` on, their words beside each other on one baseline."""
    for above, words in rows:
        x, size = left, _tallest(words)
        for one in words:
            yield replace(one, x=x, y=y + above + 1.02 * size)
            x += width(one.text, one.face, one.size) + 0.28 * size
        y += above + size * LINE


def _foot(card: ShareCard, form: Format, code: Code | None) -> tuple[tuple[Words, ...], float]:
    """Product, address and note beside the QR code, or in one line; and where what stands above must end."""
    note = share.MADE_UP if card.synthetic else frame.NOT_AFFILIATED
    if form.kind == "wide":
        return _foot_line(card, form, note)
    size = code.size + form.small if code else 0
    left, room = form.left + size, form.right - form.left - size
    lines = [
        fit(share.WHO_HEARS if card.address else frame.PRODUCT, BOLD, round(form.small * 1.2), 20, room),
        fit(short(card.address), BOLD, form.small, 16, room),
        fit(note, SANS, round(form.small * 0.8), 16, room),
    ]
    tones: tuple[Tone, ...] = ("ink", "accent", "soft")
    looks = zip(lines, (BOLD, BOLD, SANS), tones, strict=True)
    rows: list[Row] = [(0, (Words(text, face, size, tone),)) for (text, size), face, tone in looks if text]
    height = _height(rows)
    # beside the code, in its middle
    low = form.bottom - (code.size if code else height) / 2 - height / 2
    top = form.bottom - max(height, code.size if code else 0)
    return tuple(_stacked(rows, left, low)), top - form.small


def _foot_line(card: ShareCard, form: Format, note: str) -> tuple[tuple[Words, ...], float]:
    room = form.right - form.left
    rows: list[Row] = []
    if card.address:
        text, size = fit(short(card.address), BOLD, form.small, 14, room)
        rows.append((0, (Words(text, BOLD, size, "accent"),)))
    text, size = fit(note, SANS, round(form.small * 0.8), 14, room)
    rows.append((0, (Words(text, SANS, size, "soft"),)))
    top = form.bottom - _height(rows)
    return tuple(_stacked(rows, form.left, top)), top - 0.4 * form.small


# ---- records and code ---------------------------------------------------------------------------------


def _discs(card: ShareCard, form: Format, top: int) -> list[Disc]:
    """Records in what the words leave free; the listener's own last, in front."""
    n = min(card.n_people, _MOST_DISCS)
    x, y, radius, right, down = {"story": _sunk, "square": _cornered, "wide": _beside}[form.kind](
        form, top, n > 1
    )
    steps = max(1, n - 1)
    places = [Disc(x + right * at // steps, y + down * at // steps, radius, at) for at in range(n)]
    return places[::-1]


def _sunk(form: Format, top: int, several: bool) -> tuple[int, int, int, int, int]:
    """A story's: hung from above, as far down as the words begin. x, y, radius, steps right and down."""
    radius = max(300, min(380, top // 2)) if several else max(430, min(540, (top - 40) // 2 + 120))
    spread = round(radius * 1.2) if several else 0
    return (form.width - spread) // 2, top - 50 - radius, radius, spread, 0


def _cornered(form: Format, top: int, several: bool) -> tuple[int, int, int, int, int]:
    """A square's: cut by the upper right corner."""
    radius = max(250, min(300, top // 2)) if several else max(330, min(430, (top + 60) // 2))
    return form.width - (520 if several else 420), top - 40 - radius, radius, round(radius * 1.2), 0


def _beside(form: Format, top: int, several: bool) -> tuple[int, int, int, int, int]:
    """A wide one's: cut by the left edge."""
    return (110, 170, 215, 175, 230) if several else (130, form.height // 2 - 30, 290, 0, 0)


@lru_cache(maxsize=8)
def _modules(address: str) -> tuple[tuple[bool, ...], ...]:
    drawn = segno.make(address, error="m", micro=False, boost_error=False)
    return tuple(tuple(bool(one) for one in row) for row in drawn.matrix_iter(border=QUIET))


def _code(address: str, form: Format) -> Code | None:
    if not address:
        return None
    modules = _modules(address)
    scale = max(3, form.code // len(modules))
    left = 44 if form.kind == "wide" else form.left
    return Code(modules, left, form.bottom - len(modules) * scale, scale)
