"""What all charts are made of: a figure, marks that explain themselves, text that is only text.

A chart is one line of HTML, because it goes through Markdown, the only way in which Streamlit 1.67 lets SVG
onto a page: there a block of HTML ends at an empty line, and `:material/…:` is replaced even inside it; so
line breaks become spaces, and colons entities. Colours are variables of ui/style: charts follow the theme.
"""

import re
from collections.abc import Iterable
from html import escape

from ui.texts import charts as texts

WIDTH = 360.0
"""Units of a chart's width: about the pixels of a telephone, so that text keeps its size there."""
READOUT = 26.0
"""Units at the foot of a chart, in which the mark under the pointer or the focus explains itself."""
MORE = 16.0
"""Units of a second line there."""
LONGEST = 64
"""Characters that fit into it; all of them are read aloud, and shown by the browser on hovering."""
_BREAKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def text(value: object) -> str:
    """`value` as text of a chart, also safe inside a quoted attribute: one line, no HTML, no Markdown."""
    return escape(_BREAKS.sub(" ", str(value)), quote=True).replace(":", "&#58;")


def name(value: str, longest: int = 24) -> str:
    """A name from outside, shortened, isolated so that its writing direction touches nothing beside it."""
    return text(f"\u2068{short(value, longest)}\u2069")


def short(value: str, longest: int) -> str:
    """At most so many characters, the last of them an ellipsis where something was left out."""
    return value if len(value) <= longest else value[: longest - 1].rstrip() + "…"


def number(value: float) -> str:
    """A coordinate: one decimal, no negative zero."""
    return f"{round(value, 1) + 0.0:g}"


def words(x: float, y: float, content: str, css: str = "", anchor: str = "start") -> str:
    """Text at a place; `content` has been through `text` or `name`."""
    return f'<text class="{css}" x="{number(x)}" y="{number(y)}" text-anchor="{anchor}">{content}</text>'


def mark(shape: str, tip: str, height: float, more: str = "", width: float = WIDTH, href: str = "") -> str:
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
    content = f"<title>{text(told)}</title>{shape}{first}{second}"
    if href:
        return (
            f'<a class="es-mark" href="{text(href)}" target="_self" aria-label="{text(told)}">{content}</a>'
        )
    return f'<g class="es-mark" tabindex="0" role="img">{content}</g>'


def figure(title: str, description: str, height: float, body: str, css: str, width: float = WIDTH) -> str:
    """A chart with its caption.

    Args:
        title: what it shows, in a few words; also its caption.
        description: what can be seen, for those who cannot: the values in words.
        height: units of the whole, the readout included.
        body: marks and other SVG.
        css: class of this kind of chart.
        width: units.
    """
    told, more = text(title), text(description)
    return (
        f'<figure class="es-chart {css}"><figcaption>{told}</figcaption>'
        f'<svg viewBox="0 0 {number(width)} {number(height)}" role="group" aria-label="{told}. {more}">'
        f"<title>{told}</title><desc>{more}</desc>{body}</svg></figure>"
    )


def nothing(title: str) -> str:
    """In place of a chart for which there are no values: says so, and keeps the caption."""
    return (
        f'<figure class="es-chart es-no-values"><figcaption>{text(title)}</figcaption>'
        f"<p>{text(texts.NOTHING)}</p></figure>"
    )


def with_note(chart: str, note: str) -> str:
    """A figure with a sentence at its end, such as what its marks mean; as it is without one."""
    return chart.removesuffix("</figure>") + f"<p>{text(note)}</p></figure>" if note else chart


def legend(entries: Iterable[tuple[str, str]]) -> str:
    """Names beside their colours, as HTML under the figure's SVG: pairs of CSS class and name."""
    rows = "".join(f'<li class="{css}"><bdi>{text(label)}</bdi></li>' for css, label in entries)
    return f'<ul class="es-legend">{rows}</ul>' if rows else ""


def with_legend(chart: str, entries: Iterable[tuple[str, str]]) -> str:
    """A figure with a legend at its end."""
    return chart.removesuffix("</figure>") + legend(entries) + "</figure>"
