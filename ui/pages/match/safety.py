"""When something is wrong with a listener: block, report; and ending a connection."""

from functools import partial

import streamlit as st
from markupsafe import Markup

from matcher.ports import ReportReason
from ui import texts
from ui.actions import between_listeners, buttons
from ui.html import controls, draw
from ui.pages.match import words
from ui.request import Request
from ui.shared import notice


def show(request: Request, other_id: str) -> None:
    """Block and report, folded away."""
    with st.expander(words.SAFETY):
        if between_listeners.is_asked(f"block_{other_id}"):
            draw(buttons.sure_to_block(request, between_listeners.SAFETY, other_id))
        else:
            draw(controls.row(buttons.ask_to_block(request, other_id)))
        _report(request, other_id)
        between_listeners.tell(request, between_listeners.SAFETY)


def disconnect(request: Request, other_id: str) -> Markup:
    """The button that ends a connection, as HTML; in its place the question whether one means it."""
    question = f"disconnect_{other_id}"
    if between_listeners.is_asked(question):
        do = partial(between_listeners.withdraw, request.application, between_listeners.MATCH, other_id)
        return buttons.sure(request, words.REALLY_DISCONNECT, words.YES_DISCONNECT, question, do)
    ask = partial(between_listeners.ask_whether, question)
    return controls.row(
        controls.button(request, texts.card.DISCONNECT, f"ask_{question}", ask, controls.PLAIN)
    )


def _report(request: Request, other_id: str) -> None:
    if between_listeners.is_asked(f"reported_{other_id}"):
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
        send = partial(
            between_listeners.report, request.application, between_listeners.SAFETY, other_id, reason
        )
        st.button(words.SEND, key="send_report", on_click=send)
