"""The page of those who are not signed in: what Earshot does, what it reads, the way in.

A browser that comes without a session is sent it as a page of its own (ui/front.py); in a tab whose session
has just ended, Streamlit draws it.
"""

from collections.abc import Iterator

import streamlit as st

from ui import texts
from ui.html import markup
from ui.messages import Action, Message
from ui.pages.landing import words as landing_words
from ui.shared import frame, notice

PLACES = ((18, 30, 208), (71, 17, 22), (82, 58, 262), (30, 78, 48), (58, 84, 330), (46, 27, 150))
"""Dots of the picture: per cent from the left, per cent from the top, hue."""


def show(demo: bool, told: Message | None = None) -> None:
    """Draw the page; `told` is what went wrong with signing in, if anything did."""
    for part in parts(demo, told):
        st.html(part)


def parts(demo: bool, told: Message | None = None) -> Iterator[str]:
    """What the page is made of, from the top, as HTML."""
    yield frame.top_bar_html(demo)
    if told is not None:
        yield notice.as_html(told, notice.come_in(demo) if told.action is Action.COME_IN else "")
    yield _hero(demo)
    yield f'<div class="es-promises">{markup.joined(map(_promise, landing_words.PROMISES))}</div>'
    yield frame.footer_html()


def _hero(demo: bool) -> str:
    note = landing_words.DEMO_NOTE if demo else landing_words.NOTE
    return (
        f'<div class="es-hero"><div><h1>{markup.text(landing_words.TITLE)}</h1>'
        f'<p class="es-lead">{markup.text(landing_words.LEAD)}</p>'
        f'<p class="es-act">{notice.sign_in(demo)}</p>'
        f'<p class="es-note">{markup.text(note)}</p></div>{_picture()}</div>'
    )


def _picture() -> str:
    """Listeners around you, nearer and farther; decoration only."""
    dots = markup.joined(f'<i style="left:{left}%;top:{top}%;--hue:{hue}"></i>' for left, top, hue in PLACES)
    return f'<div class="es-picture" aria-hidden="true">{dots}<b>{markup.text(texts.frame.YOU)}</b></div>'


def _promise(promise: tuple[str, tuple[str, ...]]) -> str:
    title, lines = promise
    items = markup.joined(f"<li>{markup.text(line)}</li>" for line in lines)
    return f"<section><h2>{markup.text(title)}</h2><ul>{items}</ul></section>"
