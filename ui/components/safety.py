"""When something is wrong with a listener: block, report; and ending a connection."""

from functools import partial

import streamlit as st

from matcher.ports import ReportReason
from ui import acts, texts
from ui.components import deeds, notice, press
from ui.texts import match as words
from ui.visit import Visit


def show(visit: Visit, other_id: str) -> None:
    """Block and report, folded away."""
    with st.expander(words.SAFETY):
        if acts.is_asked(f"block_{other_id}"):
            st.html(deeds.sure_to_block(visit, acts.SAFETY, other_id))
        else:
            st.html(press.row(deeds.ask_to_block(visit, other_id)))
        _report(visit, other_id)
        acts.tell(visit, acts.SAFETY)


def disconnect(visit: Visit, other_id: str) -> str:
    """The button that ends a connection, as HTML; in its place the question whether one means it."""
    question = f"disconnect_{other_id}"
    if acts.is_asked(question):
        do = partial(acts.withdraw, visit.application, acts.MATCH, other_id)
        return deeds.sure(visit, words.REALLY_DISCONNECT, words.YES_DISCONNECT, question, do)
    ask = partial(acts.ask_whether, question)
    return press.row(press.button(visit, texts.card.DISCONNECT, f"ask_{question}", ask, press.PLAIN))


def _report(visit: Visit, other_id: str) -> None:
    if acts.is_asked(f"reported_{other_id}"):
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
        send = partial(acts.report, visit.application, acts.SAFETY, other_id, reason)
        st.button(words.SEND, key="send_report", on_click=send)
