"""What stands where a screen will be, while it is opened for the first time."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from ui import markup, texts


@contextmanager
def until_drawn(path: str) -> Iterator[None]:
    """What is drawn inside goes into the screen's place; grey shapes stand below it until then.

    They appear only in the first run of a screen in a tab, and only after a moment (see ui/style): a quick
    screen shows none. Later runs keep what is on the page until it is replaced.
    """
    body, waiting = st.container(key="screen"), st.empty()
    seen = f"seen_{path or 'first'}"
    if not st.session_state.get(seen):
        waiting.html(shapes())
    with body:
        yield
    waiting.empty()
    st.session_state[seen] = True


def shapes() -> str:
    """A heading and three cards without content, as HTML."""
    told = f'<span class="es-aloud">{markup.text(texts.frame.LOADING)}</span>'
    return f'<div class="es-skeleton" role="status">{told}<i></i><i></i><i></i><i></i></div>'
