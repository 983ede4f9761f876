"""What other sites and telephones show of Earshot: description, picture, icons, manifest."""

import io
import json
from collections.abc import Mapping

from markupsafe import Markup
from PIL import Image, ImageDraw

from ui import texts
from ui.html import EMPTY, html, joined
from ui.pages.landing import words
from ui.pictures import ShareCard, draw_card

PICTURE, TOUCH_ICON, MANIFEST = "/picture.png", "/apple-touch-icon.png", "/manifest.webmanifest"
BIG_ICON = "/icon-512.png"
_EMBER, _PAPER = "#a63c1c", "#fbf8f3"
_FINE = 4
"""Supersampling factor, for smooth edges."""


def head(public_url: str) -> Markup:
    """Description, Open Graph and Twitter tags; addresses are absolute if the public URL is known."""
    title = f"{texts.frame.PRODUCT}: {words.TITLE}"
    about = (
        ("og:type", "website"),
        ("og:site_name", texts.frame.PRODUCT),
        ("og:title", title),
        ("og:description", words.LEAD),
        ("og:url", f"{public_url}/"),
        ("og:image", public_url + PICTURE),
        ("og:image:width", "1200"),
        ("og:image:height", "630"),
        ("og:image:alt", words.PICTURE),
    )
    graph = (
        joined(html('<meta property="{}" content="{}">\n', *one) for one in about) if public_url else EMPTY
    )
    card = html('<meta name="twitter:card" content="{}">\n', "summary_large_image")
    return html('<meta name="description" content="{}">\n{}{}', words.LEAD, card, graph)


def theme_colours(grounds: Mapping[str, str]) -> Markup:
    """Colour of the browser's bar in both themes, and what a telephone keeps on its first screen."""
    colours = joined(
        html('<meta name="theme-color" media="(prefers-color-scheme: {})" content="{}">\n', *one)
        for one in grounds.items()
    )
    links = '<link rel="manifest" href="{}">\n<link rel="apple-touch-icon" href="{}">\n'
    return colours + html(links, MANIFEST, TOUCH_ICON)


def files(grounds: Mapping[str, str]) -> dict[str, tuple[str, bytes]]:
    """Media types and contents, by path."""
    return {
        PICTURE: ("image/png", draw_card(EXAMPLE)),
        TOUCH_ICON: ("image/png", _icon(180)),
        BIG_ICON: ("image/png", _icon(512)),
        MANIFEST: ("application/manifest+json", json.dumps(_manifest(grounds["light"])).encode()),
    }


EXAMPLE = ShareCard(
    alias=words.EXAMPLE_ALIAS,
    other=words.EXAMPLE_OTHER,
    figure=words.EXAMPLE_FIGURE,
    artists=words.EXAMPLE_ARTISTS,
    n_people=2,
    synthetic=True,
)
"""Invented; nobody's."""


def _manifest(ground: str) -> dict[str, object]:
    icons = [
        {"src": path, "sizes": f"{size}x{size}", "type": "image/png"}
        for path, size in ((TOUCH_ICON, 180), (BIG_ICON, 512))
    ]
    return {
        "name": texts.frame.PRODUCT,
        "short_name": texts.frame.PRODUCT,
        "description": words.LEAD,
        "start_url": "/",
        "display": "standalone",
        "background_color": ground,
        "theme_color": ground,
        "icons": icons,
    }


def _icon(size: int) -> bytes:
    """The mark as a square PNG, as `ui/mark.svg` draws it, without its round edge."""
    picture = Image.new("RGB", (size * _FINE, size * _FINE), _EMBER)
    pen, middle, unit = ImageDraw.Draw(picture), size * _FINE / 2, size * _FINE / 32
    for radius in (10.5, 6.5):
        _disc(pen, middle, radius * unit, None, max(1, round(1.6 * unit)))
    _disc(pen, middle, 2.8 * unit, _PAPER, 0)
    target = io.BytesIO()
    picture.resize((size, size), Image.Resampling.LANCZOS).save(target, "PNG")
    return target.getvalue()


def _disc(pen: ImageDraw.ImageDraw, middle: float, radius: float, fill: str | None, width: int) -> None:
    box = [middle - radius, middle - radius, middle + radius, middle + radius]
    pen.ellipse(box, fill=fill, outline=_PAPER if width else None, width=width)
