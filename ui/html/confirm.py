"""A button that asks once more, in its place, before it does what cannot be undone at a click."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from ui import texts
from ui.html import draw, html


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked.

    Attributes:
        label: of the button that asks.
        told: what will happen.
        yes: of the button that does it.
    """

    label: str
    told: str
    yes: str


def ask(key: str, question: Question, do: Callable[[], None]) -> None:
    """Draw the button, or the question once it was pressed; `do` is called when it is answered with yes."""
    flag = f"sure_{key}"
    if not st.session_state.get(flag):
        st.button(question.label, key=f"{key}_ask", on_click=_remember, args=(flag, True))
        return
    with st.container(key=f"sure_box_{key}"):
        draw(html('<p role="alert">{}</p>', question.told))
        with st.container(horizontal=True):
            st.button(question.yes, key=f"{key}_yes", type="primary", on_click=_go, args=(flag, do))
            st.button(texts.frame.KEEP, key=f"{key}_no", on_click=_remember, args=(flag, False))


def _go(flag: str, do: Callable[[], None]) -> None:
    _remember(flag, False)
    do()


def _remember(flag: str, value: bool) -> None:
    st.session_state[flag] = value
