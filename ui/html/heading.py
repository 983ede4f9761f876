"""The heading of a page that has one thing to say: rings, a title, a sentence or two."""

import streamlit as st

from ui.html import markup


def show(title: str, lead: str, listening: bool) -> None:
    """Draw it; the rings move while Earshot is listening, and stand still when it is not."""
    rings = (
        f'<div class="es-rings{"" if listening else " es-still"}" aria-hidden="true">{"<i></i>" * 3}</div>'
    )
    role = "" if listening else ' role="alert"'
    st.html(
        f'<header class="es-saying"{role}>{rings}<h1>{markup.text(title)}</h1>'
        f'<p class="es-lead">{markup.text(lead)}</p></header>'
    )
