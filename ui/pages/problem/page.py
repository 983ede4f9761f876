"""The page that takes the place of another one when that cannot be made."""

import streamlit as st

from ui import texts
from ui.html import draw, markup
from ui.messages import Message
from ui.request import Request
from ui.shared import frame, notice


def show(message: Message) -> None:
    """To anybody: it is not known who is looking."""
    draw(frame.top_bar(demo=False))
    notice.show_alone(message)
    with st.container(horizontal=True, horizontal_alignment="center"):
        draw(markup.link(texts.frame.RELOAD, "/", "es-primary"), width="content")


def show_to(request: Request, message: Message) -> None:
    """To somebody who is signed in, in the place of a screen."""
    notice.show_alone(message)
    with st.container(horizontal=True, horizontal_alignment="center"):
        notice.act(request, message)
