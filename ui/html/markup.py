"""HTML as `Markup`; plain `str` is escaped when inserted."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Literal, LiteralString

import streamlit as st
from markupsafe import Markup, escape
from streamlit.delta_generator import DeltaGenerator

EMPTY = Markup()
_ENDS = re.compile(r"(?<=<)(?=/)|(?<=[-\]!])(?=>)")
"""Text that looks like the end of an element or a comment."""


def html(template: LiteralString, *values: object) -> Markup:
    """Fill `{}` in `template`; all values but `Markup` are escaped, as for attributes."""
    return Markup(template).format(*values)  # noqa: S704 (a constant: tests/ui/html/test_markup.py)


def filled(pattern: str, **values: str) -> Markup:
    """Fill HTML into a sentence of ours."""
    return escape(pattern).format(**values)


def joined(parts: Iterable[str]) -> Markup:
    """Concatenate HTML."""
    return EMPTY.join(parts)


def draw(
    content: Markup, width: Literal["stretch", "content"] = "stretch", place: DeltaGenerator | None = None
) -> None:
    """Draw HTML on the page, or in a place of it.

    Raises:
        TypeError: plain text, which would not be escaped.
    """
    (place or st).html(str(_checked(content)), width=width)


def _checked(content: Markup) -> Markup:
    if not isinstance(content, Markup):
        raise TypeError("only HTML is drawn, no plain text")
    return content


def draw_chart(chart: Markup) -> None:
    """Draw a chart of `ui.charts`."""
    # Markdown, because `st.html` removes SVG; charts are escaped for it (see `ui.charts.svg`)
    st.markdown(str(_checked(chart)), unsafe_allow_html=True)


def announce(heading: str, lead: str) -> None:
    """Draw the heading of a page with a single message."""
    rings = html('<div class="es-rings" aria-hidden="true"><i></i><i></i><i></i></div>')
    said = '<header class="es-saying" role="alert">{}<h1>{}</h1><p class="es-lead">{}</p></header>'
    draw(html(said, rings, heading, lead))


def run_script(source: str) -> None:
    """Run a script of ours; it never contains user data."""
    st.html(str(html("<script>{}</script>", Markup(source))), unsafe_allow_javascript=True)  # noqa: S704


def style_sheet(css: str) -> Markup:
    """A style sheet of ours as HTML."""
    return html("<style>{}</style>", Markup(css))  # noqa: S704


def items(contents: Iterable[str]) -> Markup:
    """List items."""
    return joined(html("<li>{}</li>", one) for one in contents)


def title(heading: str, lead: str, more: Markup = EMPTY) -> Markup:
    """Title of a screen, with a sentence below."""
    return html('<header class="es-title"><h1>{}</h1><p>{}</p>{}</header>', heading, lead, more)


def section(heading: str, *body: str, css: str = "es-panel") -> Markup:
    """A box with a heading."""
    return html('<section class="{}"><h2>{}</h2>{}</section>', css, heading, joined(body))


def table(css: str, heads: Iterable[str], rows: Iterable[Markup]) -> Markup:
    """A table; columns may have an empty head."""
    columns = joined(html('<th scope="col">{}</th>', one) if one else html("<td></td>") for one in heads)
    whole = '<table class="{}"><thead><tr>{}</tr></thead><tbody>{}</tbody></table>'
    return html(whole, css, columns, joined(rows))


def attribute(value: str) -> str:
    """`value` with a space before anything that looks like the end of an element."""
    # otherwise st.html drops the whole attribute, and a picture has no alternative text
    return _ENDS.sub(" ", value)


def name(value: str, css: str = "es-name") -> Markup:
    """An untrusted name with an isolated writing direction."""
    return html('<bdi class="{}" title="{}">{}</bdi>', css, attribute(value), value)


def isolated(value: str) -> str:
    """An untrusted name for plain text, with an isolated writing direction."""
    return f"\u2068{value}\u2069"


def link(label: str, path: str, css: str = "es-link", named: str = "") -> Markup:
    """A link in the same tab; `named` is what is read aloud, where the label alone does not say of whom."""
    # st.html drops target="_self", which is the default anyway
    aloud = html(' aria-label="{}"', attribute(named)) if named else EMPTY
    return html('<a class="{}" href="{}"{}>{}</a>', css, path, aloud, label)


def outward(label: str, address: str, css: str = "es-link") -> Markup:
    """A link to another site, in a new tab."""
    return html('<a class="{}" href="{}" target="_blank">{}</a>', css, address, label)


def name_outward(value: str, address: str = "") -> Markup:
    """An untrusted name, linked if there is an address."""
    return outward(name(value), address, "es-out") if address else name(value)


@contextmanager
def panel(key: str, heading: str, lead: str = "") -> Iterator[None]:
    """A box as wide as the page; `key` is one word, unique on the page."""
    with st.container(key=f"panel_{key}"):
        more = html("<p>{}</p>", lead) if lead else ""
        draw(html('<header class="es-panel-head"><h2>{}</h2>{}</header>', heading, more))
        yield


def lines(every: Iterable[str]) -> Markup:
    """Lines of a panel; EMPTY if there are none."""
    rows = joined(every)
    return html('<ul class="es-lines">{}</ul>', rows) if rows else EMPTY


def line(about: Markup, *controls: Markup) -> Markup:
    """A line of a panel: content, then links and buttons."""
    return html('<li>{}<div class="es-actions">{}</div></li>', about, joined(controls))


def entry(title: str, more: str) -> Markup:
    """Content of a line: bold title, small text below."""
    return html('<div class="es-entry"><b>{}</b><small>{}</small></div>', title, more)
