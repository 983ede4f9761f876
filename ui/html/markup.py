"""Text into HTML, safely: everything a listener or Spotify may have written goes through here."""

import re
from collections.abc import Iterable
from html import escape

_ENDS = re.compile(r"(?<=<)(?=/)|(?<=[-\]!])(?=>)")
"""Where an element or a comment would end."""


def text(value: object) -> str:
    """`value` as HTML text, also safe inside a quoted attribute."""
    return escape(str(value), quote=True)


def attribute(value: str) -> str:
    """`value` for a quoted attribute; a space keeps apart what looks like the end of an element.

    st.html takes an attribute away altogether in which one seems to end, and a picture then has no words.
    """
    return text(_ENDS.sub(" ", value))


def name(value: str, css: str = "es-name") -> str:
    """A name from outside: isolated, so that its writing direction touches nothing beside it."""
    return f'<bdi class="{css}" title="{attribute(value)}">{text(value)}</bdi>'


def isolated(value: str) -> str:
    """A name from outside for a plain sentence: its writing direction touches nothing beside it there."""
    return f"\u2068{value}\u2069"


def link(label: str, path: str, css: str = "es-link") -> str:
    """A plain navigation in the same tab; st.html drops target="_self", which is the default anyway."""
    return f'<a class="{css}" href="{text(path)}">{text(label)}</a>'


def name_link(value: str, path: str, css: str = "es-link") -> str:
    """A plain navigation under a name from outside."""
    return f'<a class="{css}" href="{text(path)}">{name(value)}</a>'


def outward(label: str, address: str, css: str = "es-link") -> str:
    """A link that leaves Earshot, in a tab of its own."""
    return f'<a class="{css}" href="{text(address)}" target="_blank">{text(label)}</a>'


def name_outward(value: str, address: str = "") -> str:
    """A name from outside that leads to where it can be opened; the name alone where that is not known."""
    if not address:
        return name(value)
    return f'<a class="es-out" href="{text(address)}" target="_blank">{name(value)}</a>'


def joined(parts: Iterable[str]) -> str:
    """Pieces of HTML, one after the other, without those that are empty."""
    return "".join(part for part in parts if part)
