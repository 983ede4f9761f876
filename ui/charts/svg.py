"""What all charts are made of: a figure, marks that explain themselves, text that is only text.

A chart is one line of HTML, because it goes through Markdown, the only way in which Streamlit 1.67 lets SVG
onto a page: there a block of HTML ends at an empty line, and `:material/…:` is replaced even inside it; so
line breaks become spaces, and colons entities. Colours are variables of ui/style: charts follow the theme.
"""

import re
from collections.abc import Iterable
from numbers import Integral, Real
from typing import LiteralString

from markupsafe import Markup, escape

from ui.html import html, joined
from ui.texts import charts as texts

WIDTH = 360.0
"""Units of a chart's width: about the pixels of a telephone, so that text keeps its size there."""
READOUT = 26.0
"""Units at the foot of a chart, in which the mark under the pointer or the focus explains itself."""
MORE = 16.0
"""Units of a second line there."""
LONGEST = 64
"""Characters that fit into it; all of them are read aloud, and shown by the browser on hovering."""
_COLON = Markup("&#58;")
_BREAKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def element(template: LiteralString, *values: object) -> Markup:
    """`template` filled in as by `html`: text becomes text of a chart, coordinates have one decimal."""
    return html(template, *map(_value, values))


def _value(value: object) -> object:
    if isinstance(value, str):
        return text(value)
    return number(float(value)) if isinstance(value, Real) and not isinstance(value, Integral) else value


def text(value: str) -> Markup:
    """`value` as text of a chart: one line, no HTML, no Markdown; HTML stays as it is."""
    if isinstance(value, Markup):
        return value
    return escape(_BREAKS.sub(" ", value)).replace(":", _COLON)


def name(value: str, longest: int = 24) -> str:
    """A name from outside, shortened, isolated so that its writing direction touches nothing beside it."""
    return f"\u2068{short(value, longest)}\u2069"


def short(value: str, longest: int) -> str:
    """At most so many characters, the last of them an ellipsis where something was left out."""
    return value if len(value) <= longest else value[: longest - 1].rstrip() + "…"


def number(value: float) -> str:
    """A coordinate: one decimal, no negative zero."""
    return f"{round(value, 1) + 0.0:g}"


def words(x: float, y: float, content: str, css: str = "", anchor: str = "start") -> Markup:
    """Text at a place."""
    return element('<text class="{}" x="{}" y="{}" text-anchor="{}">{}</text>', css, x, y, anchor, content)


def mark(
    shape: Markup, tip: str, height: float, more: str = "", width: float = WIDTH, href: str = ""
) -> Markup:
    """A shape that explains itself: hovered or focused, its words appear at the foot of the chart.

    Args:
        shape: SVG.
        tip: what it is and its value with the unit.
        height: of the chart.
        more: a second line, such as what the term means; the chart is then `MORE` units taller.
        width: of the chart.
        href: where a click leads, in the same tab; nowhere if empty.
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
    """A chart with its caption.

    Args:
        title: what it shows, in a few words; also its caption.
        description: what can be seen, for those who cannot: the values in words.
        height: units of the whole, the readout included.
        body: marks and other SVG.
        css: class of this kind of chart.
        width: units.
    """
    return element(
        '<figure class="es-chart {0}"><figcaption>{1}</figcaption>'
        '<svg viewBox="0 0 {3} {4}" role="group" aria-label="{1}. {2}">'
        "<title>{1}</title><desc>{2}</desc>{5}</svg></figure>",
        *(css, title, description, width, height, body),
    )


def nothing(title: str) -> Markup:
    """In place of a chart for which there are no values: says so, and keeps the caption."""
    return element(
        '<figure class="es-chart es-no-values"><figcaption>{}</figcaption><p>{}</p></figure>',
        title,
        texts.NOTHING,
    )


def with_note(chart: Markup, note: str) -> Markup:
    """A figure with a sentence at its end, such as what its marks mean; as it is without one."""
    return _with_more(chart, element("<p>{}</p>", note)) if note else chart


def with_legend(chart: Markup, entries: Iterable[tuple[str, str]]) -> Markup:
    """A figure with names beside their colours at its end: pairs of CSS class and name."""
    rows = joined(element('<li class="{}"><bdi>{}</bdi></li>', css, label) for css, label in entries)
    return _with_more(chart, element('<ul class="es-legend">{}</ul>', rows)) if rows else chart


def _with_more(chart: Markup, more: Markup) -> Markup:
    end = html("</figure>")
    return chart.removesuffix(end) + more + end
