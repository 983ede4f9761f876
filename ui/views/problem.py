"""The page that takes the place of another one when that cannot be made."""

import streamlit as st

from ui import markup, texts
from ui.components import frame, notice
from ui.messages import Message
from ui.visit import Visit


def show(message: Message) -> None:
    """To anybody: it is not known who is looking."""
    frame.top_bar(demo=False)
    notice.show_alone(message)
    with st.container(horizontal=True, horizontal_alignment="center"):
        st.html(markup.link(texts.frame.RELOAD, "/", "es-primary"), width="content")


def show_to(visit: Visit, message: Message) -> None:
    """To somebody who is signed in, in the place of a screen."""
    notice.show_alone(message)
    with st.container(horizontal=True, horizontal_alignment="center"):
        notice.act(visit, message)
