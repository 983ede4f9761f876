"""Tells somebody who is hidden that others cannot find them yet, and leads to where that is changed."""

import streamlit as st

from matcher.ports import Choices
from ui import markup
from ui.screen import link_to
from ui.texts import privacy as words


def show(choices: Choices) -> None:
    """Draw it for the hidden and the paused; nothing for those who can be found."""
    if choices.discoverable and not choices.paused:
        return
    told = words.NOTE_PAUSED if choices.discoverable else words.NOTE_HIDDEN
    with st.container(key="hidden_note", horizontal=True, vertical_alignment="center"):
        st.html(f'<p role="note">{markup.text(told)}</p>')
        link_to("privacy", words.NOTE_LINK)
