"""Privacy: stored data, export, disconnecting, erasure."""

from functools import partial

import streamlit as st
from markupsafe import Markup

from ui.actions import outcome
from ui.html import confirm, draw, html, joined, markup
from ui.html.fold import fold
from ui.pages.privacy import actions, words
from ui.request import Request
from ui.shared import notice

KEPT_PATH = "/kept"
DISCONNECT = "disconnect"
_TYPED = "erase_typed"


def show_kept(request: Request) -> None:
    """Draw stored data and retention in short, with a link to the details."""
    with fold("kept", words.KEPT, words.KEPT_LINE):
        draw(html("{}<p>{} {}.</p>", _table(), words.NOT_KEPT, markup.outward(words.KEPT_MORE, KEPT_PATH)))


def show_export(request: Request) -> None:
    """Draw the export."""
    with fold("export", words.EXPORT, words.EXPORT_LINE, words.EXPORT_LEAD):
        path = request.application.export_path(request.cookie)
        draw(html('<p class="es-links">{}</p>', markup.link(words.EXPORT_BUTTON, path, "es-button es-tall")))


def show_disconnect(request: Request, is_connected: bool, has_key: bool = False) -> None:
    """Draw the button that disconnects Spotify, with confirmation.

    `has_key`: a recovery key signs in too, and will alone.
    """
    lead, sure = words.DISCONNECT_LEAD, words.DISCONNECT_SURE
    if has_key:
        lead, sure = words.DISCONNECT_LEAD_KEY, words.DISCONNECT_SURE_KEY
    gone = "" if has_key else words.NOT_CONNECTED
    state = words.CONNECTED_LINE if is_connected else words.DISCONNECTED_LINE
    with fold("disconnect", words.DISCONNECT, state, lead if is_connected else gone):
        notice.tell(request, DISCONNECT)
        if is_connected:
            question = confirm.Question(words.DISCONNECT_BUTTON, sure, words.DISCONNECT_YES, "es-tall")
            do = partial(outcome.perform, request, DISCONNECT, actions.disconnect)
            draw(confirm.ask(request, question, DISCONNECT, do))
        elif not request.application.settings.demo:
            draw(html("<p>{}</p>", markup.outward(words.AT_SPOTIFY, words.AT_SPOTIFY_PATH)))


def show_erase(request: Request, has_key: bool = False, has_spotify: bool = True) -> None:
    """Draw the erasure form, confirmed by typing; the rest is what signs in to the account."""
    lead = words.ERASE_LEAD_KEY if has_key else words.ERASE_LEAD
    with fold("erase", words.ERASE, words.ERASE_LINE, f"{lead} {words.ERASE_KEPT}" if has_spotify else lead):
        notice.tell(request, "erase")
        with st.form("erase_form", border=False):
            st.text_input(words.ERASE_LABEL, key=_TYPED, max_chars=40, autocomplete="off")
            st.form_submit_button(words.ERASE_BUTTON, type="primary", on_click=partial(_erase, request))


def _erase(request: Request) -> None:
    typed = str(st.session_state[_TYPED])
    outcome.perform(request, "erase", lambda now: actions.erase(now, typed))


def _table() -> Markup:
    return markup.table("es-ledger", words.KEPT_HEADS, map(_row, words.KEPT_ROWS))


def _row(cells: tuple[str, str, str]) -> Markup:
    what, *rest = cells
    named = zip(words.KEPT_HEADS[1:], rest, strict=True)
    others = joined(html('<td data-head="{}">{}</td>', head, cell) for head, cell in named)
    return html('<tr><th scope="row">{}</th>{}</tr>', what, others)
