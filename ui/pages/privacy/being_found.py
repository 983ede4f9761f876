"""Privacy: whether one can be found, under which alias, and what others then see."""

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st
from markupsafe import Markup

from matcher.ports import Choices
from ui.actions import outcome
from ui.html import controls, draw, html, markup
from ui.html.panel import panel
from ui.pages.privacy import actions as deeds
from ui.pages.privacy import words
from ui.request import Request

if TYPE_CHECKING:
    from wiring.bootstrap import Application

_ALIAS = "alias_wanted"


def show(request: Request, choices: Choices, shows_enough: bool = True) -> None:
    """Hidden, found, paused, or found by nothing, said plainly, and the switch."""
    with panel("found", words.FOUND):
        draw(_state(choices, shows_enough))
        outcome.tell(request, outcome.take("found"))
        found = deeds.choose_discoverable
        label = words.DISCOVERABLE
        draw(switch(request, "found", "discoverable", label, choices.discoverable, found) + _meaning())
        if choices.paused:
            _button(request, "resume", words.RESUME, deeds.resume)
        elif choices.discoverable:
            _button(request, "pause", words.PAUSE, deeds.pause)


def show_alias(request: Request, choices: Choices) -> None:
    """The alias, its rules, and a field for another one."""
    with panel("alias", words.ALIAS, words.ALIAS_RULES):
        outcome.tell(request, outcome.take("alias"))
        with st.form("alias_form", border=False):
            st.text_input(words.ALIAS_LABEL, choices.alias, key=_ALIAS, autocomplete="off")
            st.form_submit_button(words.ALIAS_CHANGE, on_click=partial(_choose_alias, request.application))


def switch(
    request: Request, place: str, name: str, label: str, on: bool, deed: "deeds.Switch | None", more: str = ""
) -> Markup:
    """A switch as HTML, which always shows what is stored, whatever another tab has done meanwhile.

    Args:
        request: of this run.
        place: where it is told what came of it.
        name: tells it from the others.
        label: what it switches, as HTML.
        on: what is stored.
        deed: stores what is wanted; None where it cannot be turned over now.
        more: what is to be known of it.
    """
    do = partial(_turn, request.application, place, deed, not on) if deed else None
    return controls.switch(request, label, f"on_{name}", on, do, more)


def _turn(application: "Application", place: str, deed: "deeds.Switch", wanted: bool) -> None:
    outcome.act(application, place, lambda request: deed(request, wanted))


def _choose_alias(application: "Application") -> None:
    wanted = str(st.session_state[_ALIAS])
    outcome.act(application, "alias", lambda request: deeds.choose_alias(request, wanted))


def _button(request: Request, key: str, label: str, deed: outcome.Deed) -> None:
    st.button(label, key=key, on_click=outcome.act, args=(request.application, "found", deed))


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
