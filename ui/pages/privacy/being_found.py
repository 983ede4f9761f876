"""Privacy: discoverability, alias, and what others see."""

from functools import partial

import streamlit as st
from markupsafe import Markup

from matcher.ports import Choices
from ui.actions import outcome
from ui.html import controls, draw, html, markup
from ui.html.fold import fold
from ui.pages.privacy import actions, words
from ui.pages.privacy.actions import Switch
from ui.request import Request
from ui.shared import notice

_ALIAS = "alias_wanted"


def show(request: Request, choices: Choices, shows_enough: bool = True) -> None:
    """Draw the state (hidden, visible, paused, or nothing shown) and the switch."""
    with fold("found", words.FOUND, words.found_line(choices, shows_enough), is_open=True):
        draw(_state(choices, shows_enough))
        notice.tell(request, "found")
        on, found = choices.discoverable, actions.choose_discoverable
        draw(switch(request, "found", "discoverable", words.DISCOVERABLE, on, found) + _meaning())
        if choices.paused:
            _button(
                request, "resume", words.RESUME, lambda now: now.application.people.resume(now.listener_id)
            )
        elif choices.discoverable:
            _button(request, "pause", words.PAUSE, lambda now: now.application.people.pause(now.listener_id))


def show_alias(request: Request, choices: Choices) -> None:
    """Draw alias, rules, and a field to change it."""
    with fold("alias", words.ALIAS, markup.name(choices.alias), words.ALIAS_RULES):
        notice.tell(request, "alias")
        with st.form("alias_form", border=False):
            st.text_input(words.ALIAS_LABEL, choices.alias, key=_ALIAS, autocomplete="off")
            st.form_submit_button(words.ALIAS_CHANGE, on_click=partial(_choose_alias, request))


def switch(
    request: Request, place: str, name: str, label: str, on: bool, action: Switch | None, more: str = ""
) -> Markup:
    """A switch that shows the stored state, even after changes in another tab.

    The outcome is shown at `place`; `action` is None if disabled.
    """
    do = partial(outcome.perform, request, place, lambda now: action(now, not on)) if action else None
    return controls.switch(request, label, f"on_{name}", on, do, more)


def _choose_alias(request: Request) -> None:
    wanted = str(st.session_state[_ALIAS])
    outcome.perform(request, "alias", lambda now: actions.choose_alias(now, wanted))


def _button(request: Request, key: str, label: str, action: outcome.Action) -> None:
    st.button(label, key=key, on_click=outcome.perform, args=(request, "found", action))


def _state(choices: Choices, shows_enough: bool) -> Markup:
    if choices.paused:
        css, title, more = "paused", words.PAUSED, words.PAUSED_MORE
    elif choices.discoverable and not shows_enough:
        css, title, more = "hidden", words.SHOWS_NOTHING, words.SHOWS_NOTHING_MORE
    elif choices.discoverable:
        css, title, more = "visible", words.VISIBLE, words.VISIBLE_MORE
    else:
        css, title, more = "hidden", words.HIDDEN, words.HIDDEN_MORE
    return html('<p class="es-state es-{}" role="status"><b>{}</b> {}</p>', css, title, more)


def _meaning() -> Markup:
    items = markup.items(one for one in words.MEANINGS)
    return html('<h3 class="es-minor">{}</h3><ul class="es-meaning">{}</ul>', words.MEANING, items)
