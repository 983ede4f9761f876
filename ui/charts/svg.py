"""Building blocks of charts: figures, marks with a readout, escaped text.

A chart is one line of HTML, because it passes through Markdown, the only way for SVG onto a page in Streamlit
1.67: an empty line ends a block of HTML, and `:material/…:` is replaced even inside it. So line breaks become
spaces, and colons entities. Colours are variables of ui/style, and follow the theme.
"""

import re
from collections.abc import Iterable
from numbers import Integral, Real
from typing import LiteralString

from markupsafe import Markup, escape

from ui.html import html, joined
from ui.texts import charts as texts

WIDTH = 360.0
"""Width of a chart: about the pixels of a phone, so that text keeps its size."""
READOUT = 26.0
"""Height of the readout at the foot of a chart."""
MORE = 16.0
"""Height of the readout's second line."""
LONGEST = 64
"""Most characters of a readout; title and label have the full text."""
_COLON = Markup("&#58;")
_BREAKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def element(template: LiteralString, *values: object) -> Markup:
    """`html` for SVG: text is escaped, coordinates have one decimal."""
    return html(template, *map(_value, values))


def _value(value: object) -> object:
    if isinstance(value, str):
        return text(value)
    return number(float(value)) if isinstance(value, Real) and not isinstance(value, Integral) else value


def text(value: str) -> Markup:
    """Escaped text on one line, safe from HTML and Markdown; `Markup` is unchanged."""
    if isinstance(value, Markup):
        return value
    return escape(_BREAKS.sub(" ", value)).replace(":", _COLON)


def name(value: str, longest: int = 24) -> str:
    """An untrusted name, shortened, with an isolated writing direction."""
    return f"\u2068{short(value, longest)}\u2069"


def short(value: str, longest: int) -> str:
    """At most `longest` characters, ending with an ellipsis if shortened."""
    return value if len(value) <= longest else value[: longest - 1].rstrip() + "…"


def number(value: float) -> str:
    """A coordinate: one decimal, no negative zero."""
    return f"{round(value, 1) + 0.0:g}"


def words(x: float, y: float, content: str, css: str = "", anchor: str = "start") -> Markup:
    """Text at a position."""
    return element('<text class="{}" x="{}" y="{}" text-anchor="{}">{}</text>', css, x, y, anchor, content)


def mark(
    shape: Markup, tip: str, height: float, more: str = "", width: float = WIDTH, href: str = ""
) -> Markup:
    """A shape with a readout, shown at the foot of the chart on hover or focus.

    Args:
        shape: SVG.
        tip: name, and value with unit.
        height: of the chart.
        more: second line; the chart is then `MORE` units taller.
        width: of the chart.
        href: address to open in the same tab, or "".
    """
    told = f"{tip}. {more}" if more else tip
    first = words(width / 2, height - (8 + MORE if more else 8), name(tip, LONGEST), "es-tip", "middle")
    second = words(width / 2, height - 8, name(more, LONGEST), "es-tip", "middle") if more else ""
    content = element("<title>{}</title>{}{}{}", told, shape, first, second)
    if href:
        link = '<a class="es-mark" href="{}" target="_self" aria-label="{}">{}</a>'
        return element(link, href, told, content)
    return element('<g class="es-mark" tabindex="0" role="img">{}</g>', content)


def figure(
    title: str, description: str, height: float, body: Markup, css: str, width: float = WIDTH
) -> Markup:
    """A chart with a caption, and a `description` of its values for screen readers.

    `height` includes the readout; `css` is the class of this kind of chart.
    """
    return element(
        '<figure class="es-chart {0}"><figcaption>{1}</figcaption>'
        '<svg viewBox="0 0 {3} {4}" role="group" aria-label="{1}. {2}">'
        "<title>{1}</title><desc>{2}</desc>{5}</svg></figure>",
        *(css, title, description, width, height, body),
    )


def nothing(title: str) -> Markup:
    """A caption with a note, for a chart without values."""
    return element(
        '<figure class="es-chart es-no-values"><figcaption>{}</figcaption><p>{}</p></figure>',
        title,
        texts.NOTHING,
    )


def with_note(chart: Markup, note: str) -> Markup:
    """Add a note to a figure, unless it is empty."""
    return _with_more(chart, element("<p>{}</p>", note)) if note else chart


def with_legend(chart: Markup, entries: Iterable[tuple[str, str]]) -> Markup:
    """Add a legend to a figure: pairs of CSS class and name."""
    rows = joined(element('<li class="{}"><bdi>{}</bdi></li>', css, label) for css, label in entries)
    return _with_more(chart, element('<ul class="es-legend">{}</ul>', rows)) if rows else chart


def _with_more(chart: Markup, more: Markup) -> Markup:
    end = html("</figure>")
    return chart.removesuffix(end) + more + end
