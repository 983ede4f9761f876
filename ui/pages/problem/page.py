"""Page shown instead of one that fails."""

import streamlit as st

from ui import texts
from ui.html import draw, markup
from ui.messages import Message
from ui.request import Request
from ui.shared import frame, notice


def show(message: Message) -> None:
    """Draw for an unknown visitor."""
    draw(frame.top_bar(demo=False))
    notice.show_alone(message)
    with st.container(horizontal=True, horizontal_alignment="center"):
        draw(markup.link(texts.frame.RELOAD, "/", "es-primary"), width="content")


def show_to(request: Request, message: Message) -> None:
    """Draw for a signed-in listener, instead of a screen."""
    notice.show_alone(message)
    with st.container(horizontal=True, horizontal_alignment="center"):
        notice.act(request, message)
