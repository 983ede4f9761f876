"""Buttons that are HTML: one component tells which of them was pressed.

A button of Streamlit's own takes the browser some milliseconds, and a list of cards has dozens; those in HTML
are a part of their card. What was not drawn in the last complete run cannot be pressed.
"""

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from ui import markup
from ui.visit import Visit

PLAIN, MAIN = "es-plain", "es-main"
"""Looks of a button: one that stands back, and the one to take."""
_KEY, _EVENT = "press", "pressed"
_SCRIPT = (Path(__file__).resolve().parent.parent / "press.js").read_text("utf-8")
_listener = st.components.v2.component("earshot_press", js=_SCRIPT)


def button(visit: Visit, label: str, key: str, do: Callable[[], None], css: str = "", more: str = "") -> str:
    """A button as HTML.

    Args:
        visit: of this run.
        label: what stands on it.
        key: tells it from all others on the page.
        do: called before the run that follows.
        css: how it looks.
        more: what is to be known before, one hover away.
    """
    visit.buttons[key] = do
    title = f' title="{markup.attribute(more)}"' if more else ""
    css = f"es-button {css}".strip()
    return (
        f'<button type="button" class="{css}" data-press="{markup.text(key)}"{title}>'
        f"{markup.text(label)}</button>"
    )


def switch(visit: Visit, name: str, key: str, on: bool, do: Callable[[], None] | None, more: str = "") -> str:
    """A switch as HTML: a button that is on or off.

    Args:
        visit: of this run.
        name: what it switches, as HTML: it may hold somebody's own text.
        key: tells it from all others on the page.
        on: as it stands.
        do: turns it over; called before the run that follows. None where it cannot be turned over now.
        more: what is to be known of it, below.
    """
    if do is not None:
        visit.buttons[key] = do
    state = f'aria-checked="{"true" if on else "false"}"{" disabled" if do is None else ""}'
    below = f"<small>{markup.text(more)}</small>" if more else ""
    return (
        f'<button type="button" role="switch" class="es-switch" data-press="{markup.text(key)}" {state}>'
        f"<i></i><span>{name}{below}</span></button>"
    )


def row(*parts: str) -> str:
    """Buttons and links side by side, as HTML."""
    return f'<div class="es-deeds">{markup.joined(parts)}</div>'


def listen(visit: Visit) -> None:
    """Heed the buttons. To be called when all is drawn: a run that was cut short changes nothing."""
    buttons = visit.buttons

    def pressed() -> None:
        key = st.session_state[_KEY].get(_EVENT)
        do = buttons.get(key) if isinstance(key, str) else None
        if do is not None:
            do()

    with st.container(key="heeds"):
        _listener(key=_KEY, on_pressed_change=pressed)
