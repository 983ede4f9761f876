"""Layouts as PNG. No logo and no artwork of Spotify."""

import io
from functools import lru_cache

from PIL import Image, ImageDraw

from ui.pictures.card import ShareCard
from ui.pictures.layout import Code, Disc, Format, compose
from ui.pictures.lettering import write
from ui.pictures.palette import RGB, Palette, hue_of, palette

_FINE = 2
"""Supersampling factor, for smooth edges."""


def draw_card(card: ShareCard, kind: str = "wide") -> bytes:
    """The card as PNG in one of FORMATS; equal cards give equal bytes."""
    colours = palette(hue_of(card.tags or card.artists, card.alias))
    layout = compose(card, kind)
    picture = _ground(layout.format, layout.discs, colours).copy()
    pen = ImageDraw.Draw(picture)
    for one in layout.words:
        write(pen, (one.x, one.y), one.text, one.face, one.size, getattr(colours, one.tone))
    if layout.code:
        _draw_code(pen, layout.code, colours)
    target = io.BytesIO()
    picture.save(target, "PNG", optimize=False)
    return target.getvalue()


def _draw_code(pen: ImageDraw.ImageDraw, code: Code, colours: Palette) -> None:
    side = code.size
    box = [code.x, code.y, code.x + side - 1, code.y + side - 1]
    pen.rounded_rectangle(box, radius=2 * code.scale, fill=colours.ink)
    for row, modules in enumerate(code.modules):
        for column, is_dark in enumerate(modules):
            if is_dark:
                x, y = code.x + column * code.scale, code.y + row * code.scale
                pen.rectangle([x, y, x + code.scale - 1, y + code.scale - 1], fill=colours.disc)


@lru_cache(maxsize=8)
def _ground(form: Format, discs: tuple[Disc, ...], colours: Palette) -> Image.Image:
    """Background, ripples, and the records."""
    picture = _gradient(form, colours).resize((form.width * _FINE, form.height * _FINE))
    pen = ImageDraw.Draw(picture)
    _ripples(pen, form, colours)
    for one in discs:
        _record(pen, one, colours)
    return picture.reduce(_FINE)


def _gradient(form: Format, colours: Palette) -> Image.Image:
    column = Image.linear_gradient("L").resize((1, form.height)).resize((form.width, form.height))
    top = Image.new("RGB", column.size, colours.top)
    return Image.composite(Image.new("RGB", column.size, colours.bottom), top, column)


def _ripples(pen: ImageDraw.ImageDraw, form: Format, colours: Palette) -> None:
    """Sound going out from below the right corner; lines only, under all words."""
    for radius in range(form.width // 5, form.width, form.width // 22):
        _ring(pen, form.width, form.height, radius, outline=_between(colours.bottom, colours.top, 0.35))


def _record(pen: ImageDraw.ImageDraw, disc: Disc, colours: Palette) -> None:
    label = colours.others[(disc.label - 1) % len(colours.others)] if disc.label else colours.accent
    _ring(pen, disc.x, disc.y, disc.radius, fill=colours.disc, outline=_between(colours.groove, label, 0.35))
    inner = round(disc.radius * 0.4)
    for radius in range(disc.radius - 14, inner, -11):
        _ring(pen, disc.x, disc.y, radius, outline=colours.groove)
    _ring(pen, disc.x, disc.y, round(disc.radius * 0.33), fill=label)
    _ring(pen, disc.x, disc.y, round(disc.radius * 0.27), outline=_between(label, colours.disc, 0.25))
    _ring(pen, disc.x, disc.y, max(6, disc.radius // 28), fill=colours.bottom)


def _ring(
    pen: ImageDraw.ImageDraw,
    x: int,
    y: int,
    radius: int,
    fill: RGB | None = None,
    outline: RGB | None = None,
) -> None:
    corners = [(x - radius) * _FINE, (y - radius) * _FINE, (x + radius) * _FINE, (y + radius) * _FINE]
    pen.ellipse(corners, fill=fill, outline=outline, width=2 * _FINE if outline else 0)


def _between(one: RGB, other: RGB, share: float) -> RGB:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue
