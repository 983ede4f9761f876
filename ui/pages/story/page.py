"""The story of one's taste in five cards, after the first reading and whenever one likes."""

import streamlit as st

from ui.html import draw, html, markup
from ui.pages.story import words
from ui.request import STORY_WAITS, Request
from ui.screen import address
from ui.shared import story


def show(request: Request) -> None:
    """Draw the screen."""
    st.session_state.pop(STORY_WAITS, None)
    told = request.application.stories.tell(request.listener_id)
    draw(markup.title(words.TITLE, words.LEAD))
    draw(story.cards(told))
    draw(html('<p class="es-act">{}</p>', markup.link(words.TO_MATCHES, address(""), "es-primary")))
