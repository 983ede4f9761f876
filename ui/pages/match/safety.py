"""Block, report, and end a connection."""

from dataclasses import replace
from functools import partial

import streamlit as st
from markupsafe import Markup

from matcher.ports import ReportReason
from ui import texts
from ui.actions import between_listeners, buttons
from ui.html import confirm, controls, draw
from ui.pages.match import words
from ui.request import Request
from ui.shared import notice

_DISCONNECT = confirm.Question(texts.card.DISCONNECT, words.REALLY_DISCONNECT, words.YES_DISCONNECT)


def show(request: Request, other_id: str, alias: str = "") -> None:
    """Draw block and report, folded."""
    with st.expander(words.SAFETY):
        draw(buttons.block(request, between_listeners.SAFETY, other_id, alias))
        _report(request, other_id)
        notice.tell(request, between_listeners.SAFETY)


def disconnect(request: Request, other_id: str, alias: str = "") -> Markup:
    """Disconnect button with confirmation; `alias` is read aloud with it."""
    do = partial(between_listeners.withdraw, request, between_listeners.MATCH, other_id)
    return confirm.ask(request, replace(_DISCONNECT, of=alias), f"disconnect_{other_id}", do)


def _report(request: Request, other_id: str) -> None:
    if controls.is_remembered(f"reported_{other_id}"):
        notice.done(words.REPORTED, words.REPORTED_MORE)
        return
    reason = st.selectbox(
        words.REASON,
        list(ReportReason),
        format_func=lambda one: words.REPORT_REASONS[one],
        index=None,
        key="reason",
        placeholder=words.REPORT,
    )
    if reason is not None:
        send = partial(between_listeners.report, request, between_listeners.SAFETY, other_id, reason)
        st.button(words.SEND, key="send_report", on_click=send)
