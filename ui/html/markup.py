"""HTML is `Markup`, a type of its own: what is plain `str` is escaped when it is put into it."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Literal, LiteralString

import streamlit as st
from markupsafe import Markup, escape
from streamlit.delta_generator import DeltaGenerator

EMPTY = Markup()
_ENDS = re.compile(r"(?<=<)(?=/)|(?<=[-\]!])(?=>)")
"""Where an element or a comment would end."""


def html(template: LiteralString, *values: object) -> Markup:
    """`template` with its `{}` filled in: `Markup` as it is, all else escaped, also for quoted attributes.

    A brace that is meant as one is written twice in `template`, as in any format string.
    """
    return Markup(template).format(*values)  # noqa: S704 (a constant: tests/ui/html/test_markup.py)


def filled(pattern: str, **values: str) -> Markup:
    """A sentence of ours with HTML in its places."""
    return escape(pattern).format(**values)


def joined(parts: Iterable[str]) -> Markup:
    """Pieces of HTML, one after the other."""
    return EMPTY.join(parts)


def draw(
    content: Markup, width: Literal["stretch", "content"] = "stretch", place: DeltaGenerator | None = None
) -> None:
    """Put HTML onto the page, or into a place of it.

    Raises:
        TypeError: plain text, in which nothing is escaped.
    """
    (place or st).html(str(_checked(content)), width=width)


def _checked(content: Markup) -> Markup:
    if not isinstance(content, Markup):
        raise TypeError("only HTML is drawn, no plain text")
    return content


def draw_chart(chart: Markup) -> None:
    """Put what a function of `ui.charts` returned onto the page.

    The one place where something passes through Markdown: `st.html` takes SVG away. A chart is one line
    of HTML whose text is escaped for that (see `ui.charts.svg`), which a test holds for every chart.
    """
    st.markdown(str(_checked(chart)), unsafe_allow_html=True)


def announce(heading: str, lead: str, listening: bool) -> None:
    """The heading of a page that has one thing to say; its rings move while Earshot is listening."""
    role, still = (EMPTY, "") if listening else (html(' role="alert"'), " es-still")
    rings = html('<div class="es-rings{}" aria-hidden="true"><i></i><i></i><i></i></div>', still)
    said = '<header class="es-saying"{}>{}<h1>{}</h1><p class="es-lead">{}</p></header>'
    draw(html(said, role, rings, heading, lead))


def run_script(source: str) -> None:
    """Run a script of ours in the page; nothing of anybody's is ever put into one."""
    st.html(str(html("<script>{}</script>", Markup(source))), unsafe_allow_javascript=True)  # noqa: S704


def style_sheet(css: str) -> Markup:
    """A style sheet of ours as HTML."""
    return html("<style>{}</style>", Markup(css))  # noqa: S704


def items(contents: Iterable[str]) -> Markup:
    """Items of a list."""
    return joined(html("<li>{}</li>", one) for one in contents)


def title(heading: str, lead: str, more: Markup = EMPTY) -> Markup:
    """The title of a screen with the sentence below it."""
    return html('<header class="es-title"><h1>{}</h1><p>{}</p>{}</header>', heading, lead, more)


def section(heading: str, *body: str, css: str = "es-panel") -> Markup:
    """A box with a heading."""
    return html('<section class="{}"><h2>{}</h2>{}</section>', css, heading, joined(body))


def table(css: str, heads: Iterable[str], rows: Iterable[Markup]) -> Markup:
    """A table; a column whose head is empty has none."""
    columns = joined(html('<th scope="col">{}</th>', one) if one else html("<td></td>") for one in heads)
    whole = '<table class="{}"><thead><tr>{}</tr></thead><tbody>{}</tbody></table>'
    return html(whole, css, columns, joined(rows))


def attribute(value: str) -> str:
    """`value` with a space before what looks like the end of an element.

    st.html takes an attribute away altogether in which one seems to end, and a picture then has no words.
    """
    return _ENDS.sub(" ", value)


def name(value: str, css: str = "es-name") -> Markup:
    """A name from outside: isolated, so that its writing direction touches nothing beside it."""
    return html('<bdi class="{}" title="{}">{}</bdi>', css, attribute(value), value)


def isolated(value: str) -> str:
    """A name from outside for a plain sentence: its writing direction touches nothing beside it there."""
    return f"\u2068{value}\u2069"


def link(label: str, path: str, css: str = "es-link") -> Markup:
    """A plain navigation in the same tab; st.html drops target="_self", which is the default anyway."""
    return html('<a class="{}" href="{}">{}</a>', css, path, label)


def outward(label: str, address: str, css: str = "es-link") -> Markup:
    """A link that leaves Earshot, in a tab of its own."""
    return html('<a class="{}" href="{}" target="_blank">{}</a>', css, address, label)


def name_outward(value: str, address: str = "") -> Markup:
    """A name from outside that leads to where it can be opened; the name alone where that is not known."""
    return outward(name(value), address, "es-out") if address else name(value)


@contextmanager
def panel(key: str, heading: str, lead: str = "") -> Iterator[None]:
    """A box as wide as the page; `key` is its place, one word."""
    with st.container(key=f"panel_{key}"):
        more = html("<p>{}</p>", lead) if lead else ""
        draw(html('<header class="es-panel-head"><h2>{}</h2>{}</header>', heading, more))
        yield


def lines(every: Iterable[str]) -> Markup:
    """Lines of a panel; empty where there are none."""
    rows = joined(every)
    return html('<ul class="es-lines">{}</ul>', rows) if rows else EMPTY


def line(about: Markup, *controls: Markup) -> Markup:
    """A line of a panel: what it is about, then its links and buttons."""
    return html('<li>{}<div class="es-deeds">{}</div></li>', about, joined(controls))


def entry(title: str, more: str) -> Markup:
    """What a line is about: in bold, with small print below."""
    return html('<div class="es-entry"><b>{}</b><small>{}</small></div>', title, more)
