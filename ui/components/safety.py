"""When something is wrong with a listener: block, report; and ending a connection."""

from functools import partial

import streamlit as st

from matcher.ports import ReportReason
from ui import acts, texts
from ui.components import deeds, notice
from ui.visit import Visit

words = texts.match


def show(visit: Visit, other_id: str) -> None:
    """Block and report, folded away."""
    with st.expander(words.SAFETY):
        with st.container(key="deeds_safety", horizontal=True, vertical_alignment="center"):
            if acts.is_asked(f"block_{other_id}"):
                deeds.sure_to_block(visit, acts.SAFETY, other_id)
            else:
                deeds.ask_to_block(other_id)
        _report(visit, other_id)
        acts.tell(visit, acts.SAFETY)


def disconnect(visit: Visit, other_id: str) -> None:
    """The button that ends a connection, once it was asked whether one means it."""
    question = f"disconnect_{other_id}"
    if acts.is_asked(question):
        do = partial(acts.withdraw, visit.application, acts.MATCH, other_id)
        deeds.sure(words.REALLY_DISCONNECT, words.YES_DISCONNECT, question, do)
    else:
        ask = partial(acts.ask_whether, question)
        st.button(texts.card.DISCONNECT, key=f"ask_{question}", type="tertiary", on_click=ask)


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
