"""Buttons, switches and menus that are HTML: one component reports what was pressed or chosen.

A button of Streamlit's own takes the browser some milliseconds, and a list of cards has dozens; those in HTML
are a part of their card. What was not drawn in the last complete run cannot be pressed.
"""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import streamlit as st
from markupsafe import Markup

from ui.html import html, joined, markup
from ui.request import Request

PLAIN, MAIN = "es-plain", "es-main"
"""Looks of a button: one that stands back, and the one to take."""
_KEY, _EVENT = "press", "pressed"
_HANDLED = "pressed-heeded"
_MOST_AT_ONCE = 50
_TOO_LARGE = 1 << 53  # JavaScript counts no further
_SCRIPT = (Path(__file__).resolve().parent / "controls.js").read_text("utf-8")
_listener = st.components.v2.component("earshot_press", js=_SCRIPT)


def button(
    request: Request, label: str, key: str, do: Callable[[], None] | None, css: str = "", more: str = ""
) -> Markup:
    """A button.

    Args:
        request: of this run.
        label: its text.
        key: unique on the page.
        do: called before the run that follows; None where it is disabled.
        css: how it looks.
        more: what is to be known before, one hover away.
    """
    if do is not None:
        request.buttons[key] = do
    title = html(' title="{}"', markup.attribute(more)) if more else ""
    state = " disabled" if do is None else ""
    css = f"es-button {css}".strip()
    return html(
        '<button type="button" class="{}" data-press="{}"{}{}>{}</button>', css, key, title, state, label
    )


def switch(
    request: Request, name: str, key: str, on: bool, do: Callable[[], None] | None, more: str = ""
) -> Markup:
    """A button that is on or off; `name` is what it switches, `more` stands below it."""
    if do is not None:
        request.buttons[key] = do
    state, resting = "true" if on else "false", " disabled" if do is None else ""
    below = html("<small>{}</small>", more) if more else ""
    return html(
        '<button type="button" role="switch" class="es-switch" data-press="{}" aria-checked="{}"{}>'
        "<i></i><span>{}{}</span></button>",
        *(key, state, resting, name, below),
    )


def menu(
    request: Request, label: str, key: str, options: Mapping[int, str], value: int, do: Callable[[int], None]
) -> Markup:
    """The browser's own menu, to choose one of several from.

    Args:
        request: of this run.
        label: what stands above it.
        key: unique on the page.
        options: names by number.
        value: number of the one that is chosen; the first one where it is none of them.
        do: called with the number of another, before the run that follows.
    """
    for number in options:
        request.buttons[f"{key}_{number}"] = partial(do, number)
    chosen = value if value in options else next(iter(options))
    option = '<option value="{}"{}>{}</option>'
    rows = joined(
        html(option, f"{key}_{number}", " selected" if number == chosen else "", name)
        for number, name in options.items()
    )
    menu = html('<select data-menu="{}">{}</select>', key, rows)
    return html('<label class="es-menu"><span>{}</span>{}</label>', label, menu)


def choices(
    request: Request, label: str, key: str, options: Mapping[str, str], value: str, do: Callable[[str], None]
) -> Markup:
    """A few to choose one from, side by side, as in `menu`; `label` is read aloud."""
    for word in options:
        request.buttons[f"{key}_{word}"] = partial(do, word)
    choice = '<button type="button" class="es-button" data-press="{}" aria-pressed="{}">{}</button>'
    rows = joined(
        html(choice, f"{key}_{word}", "true" if word == value else "false", name)
        for word, name in options.items()
    )
    return html('<div class="es-choices" role="group" aria-label="{}">{}</div>', label, rows)


def row(*parts: str) -> Markup:
    """Buttons and links side by side."""
    return html('<div class="es-deeds">{}</div>', joined(parts))


def remember(flag: str, value: bool = True) -> None:
    """Keep a view state for this tab."""
    st.session_state[flag] = value


def is_remembered(flag: str) -> bool:
    """A view state of this tab; False where none was kept."""
    return bool(st.session_state.get(flag))


def listen(request: Request) -> None:
    """Register the click handler. Call last: a run that was cut short then changes nothing.

    The browser numbers presses and sends each until it was handled, so that two presses in quick
    succession are both done, whether they come in one run or in two.
    """
    buttons = request.buttons

    def pressed() -> None:
        for number, key in _unhandled(st.session_state[_KEY].get(_EVENT)):
            st.session_state[_HANDLED] = number
            do = buttons.get(key)
            if do is not None:
                do()

    with st.container(key="heeds"):
        _listener(key=_KEY, data={"heeded": _last_handled()}, on_pressed_change=pressed)


def _last_handled() -> int:
    """Number of the last press that was handled in this tab."""
    return int(st.session_state.get(_HANDLED, 0))


def _unhandled(told: object) -> list[tuple[int, str]]:
    """Presses that were not handled yet, in order; what a browser sends may be anything."""
    rows = told[:_MOST_AT_ONCE] if isinstance(told, list) else []
    found: list[tuple[int, str]] = []
    for row in rows:
        if not (isinstance(row, list) and len(row) == 2):
            continue
        number, key = row
        last = found[-1][0] if found else _last_handled()
        if type(number) is int and last < number < _TOO_LARGE and isinstance(key, str):
            found.append((number, key))
    return found
