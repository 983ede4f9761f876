"""Privacy: stored data, export, disconnecting, erasure."""

from functools import partial

import streamlit as st
from markupsafe import Markup

from ui.actions import outcome
from ui.html import confirm, draw, html, joined, markup
from ui.pages.privacy import actions, words
from ui.request import Request
from ui.shared import notice

KEPT_PATH = "/kept"
_TYPED = "erase_typed"
_DISCONNECTING = confirm.Question(
    words.DISCONNECT_BUTTON, words.DISCONNECT_SURE, words.DISCONNECT_YES, "es-tall"
)


def show_kept(request: Request) -> None:
    """Draw stored data and retention in short, with a link to the details."""
    with markup.panel("kept", words.KEPT):
        draw(html("{}<p>{} {}.</p>", _table(), words.NOT_KEPT, markup.outward(words.KEPT_MORE, KEPT_PATH)))


def show_export(request: Request) -> None:
    """Draw the export."""
    with markup.panel("export", words.EXPORT, words.EXPORT_LEAD):
        path = request.application.export_path(request.cookie)
        draw(html('<p class="es-links">{}</p>', markup.link(words.EXPORT_BUTTON, path, "es-button es-tall")))


def show_disconnect(request: Request, is_connected: bool) -> None:
    """Draw the button that deletes Spotify's grant, with confirmation."""
    with markup.panel(
        "disconnect", words.DISCONNECT, words.DISCONNECT_LEAD if is_connected else words.NOT_CONNECTED
    ):
        notice.tell(request, "disconnect")
        if is_connected:
            do = partial(outcome.perform, request, "disconnect", actions.disconnect)
            draw(confirm.ask(request, _DISCONNECTING, "disconnect", do))
        elif not request.application.settings.demo:
            draw(html("<p>{}</p>", markup.outward(words.AT_SPOTIFY, words.AT_SPOTIFY_PATH)))


def show_erase(request: Request, by_key: bool = False) -> None:
    """Draw the erasure form, confirmed by typing; `by_key`: a recovery key signs in to the account."""
    with markup.panel("erase", words.ERASE, words.ERASE_LEAD_KEY if by_key else words.ERASE_LEAD):
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
