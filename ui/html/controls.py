"""Buttons, switches and menus in HTML; one component reports clicks and choices.

Streamlit's buttons cost the browser milliseconds each, and a list of cards has dozens. Controls that were not
drawn in the last complete run cannot be pressed.
"""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import streamlit as st
from markupsafe import Markup

from ui.html import EMPTY, html, joined, markup
from ui.request import Request

PLAIN, MAIN = "es-plain", "es-main"
"""CSS classes of secondary and main buttons."""
_KEY, _EVENT = "press", "pressed"
_HANDLED = "pressed-handled"
_MOST_AT_ONCE = 50
_TOO_LARGE = 1 << 53  # JavaScript's largest exact integer
_SCRIPT = (Path(__file__).resolve().parent / "controls.js").read_text("utf-8")
_listener = st.components.v2.component("earshot_press", js=_SCRIPT)


def button(
    request: Request,
    label: str,
    key: str,
    do: Callable[[], None] | None,
    css: str = "",
    more: str = "",
    named: str = "",
) -> Markup:
    """A button; `do` is called before the next run, or None to disable it.

    `key` is unique on the page; `more` is the tooltip. `named` is what is read aloud, where the label alone
    does not say of whom: it begins with the label, so that voice control finds the button by what is seen.
    """
    if do is not None:
        request.buttons[key] = do
    title = html(' title="{}"', markup.attribute(more)) if more else EMPTY
    title += html(' aria-label="{}"', markup.attribute(named)) if named else EMPTY
    state = " disabled" if do is None else ""
    css = f"es-button {css}".strip()
    return html(
        '<button type="button" class="{}" data-press="{}"{}{}>{}</button>', css, key, title, state, label
    )


def switch(
    request: Request, name: str, key: str, on: bool, do: Callable[[], None] | None, more: str = ""
) -> Markup:
    """A switch named `name`, with `more` below; `do` is None if disabled."""
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
    """A select menu of `options` by number; an unknown `value` selects the first.

    `do` is called with a newly selected number before the next run.
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
    """A row of buttons to choose one option, as in `menu`; `label` is read aloud."""
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
    return html('<div class="es-actions">{}</div>', joined(parts))


def remember(flag: str, value: bool = True) -> None:
    """Store a view state of this tab."""
    st.session_state[flag] = value


def is_remembered(flag: str) -> bool:
    """View state of this tab, default False."""
    return bool(st.session_state.get(flag))


def listen(request: Request) -> None:
    """Register the click handler. Call last: an interrupted run then changes nothing.

    The browser numbers clicks and resends each until it is handled, so that two quick clicks are both
    handled, in one run or in two.
    """
    buttons = request.buttons

    def pressed() -> None:
        # after a restart the browser's click can come before the component's state: it is sent again
        state = st.session_state.get(_KEY) or {}
        for number, key in _unhandled(state.get(_EVENT)):
            st.session_state[_HANDLED] = number
            do = buttons.get(key)
            if do is not None:
                do()

    with st.container(key="clicks"):
        _listener(key=_KEY, data={"handled": _last_handled()}, on_pressed_change=pressed)


def _last_handled() -> int:
    """Number of the last click handled in this tab."""
    return int(st.session_state.get(_HANDLED, 0))


def _unhandled(told: object) -> list[tuple[int, str]]:
    """Unhandled clicks, in order; the browser's data is untrusted."""
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
