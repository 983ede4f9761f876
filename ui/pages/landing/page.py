"""Landing page: what Earshot does, what it reads, the sign-in.

A visitor without a session gets it as plain HTML (ui/front.py); after a session ends, Streamlit draws it.
"""

from collections.abc import Iterator

from markupsafe import Markup

from ui import texts
from ui.html import EMPTY, draw, html, joined, markup
from ui.messages import Action, Message
from ui.pages.doors import page as doors
from ui.pages.landing import words as landing_words
from ui.shared import frame, notice

PLACES = ((18, 30, 208), (71, 17, 22), (82, 58, 262), (30, 78, 48), (58, 84, 330), (46, 27, 150))
"""Dots of the picture: left and top in per cent, hue."""


def show(demo: bool, told: Message | None = None) -> None:
    """Draw the page; `told` is an error of the sign-in."""
    for part in parts(demo, told):
        draw(part)


def parts(demo: bool, told: Message | None = None) -> Iterator[Markup]:
    """Parts of the page, from the top."""
    yield frame.top_bar(demo)
    if told is not None:
        yield notice.as_html(told, notice.come_in(demo) if told.action is Action.COME_IN else EMPTY)
    yield _hero(demo)
    yield doors.key_form()
    yield html('<div class="es-promises">{}</div>', joined(map(_promise, landing_words.PROMISES)))
    yield frame.footer()


def _hero(demo: bool) -> Markup:
    note = landing_words.DEMO_NOTE if demo else landing_words.NOTE
    return html(
        '<div class="es-hero"><div><h1>{}</h1><p class="es-lead">{}</p>'
        '<p class="es-act">{}</p><p class="es-note">{}</p></div>{}</div>',
        *(landing_words.TITLE, landing_words.LEAD, notice.sign_in(demo), note, _picture()),
    )


def _picture() -> Markup:
    dots = joined(
        html('<i style="left:{}%;top:{}%;--hue:{}"></i>', left, top, hue) for left, top, hue in PLACES
    )
    return html('<div class="es-picture" aria-hidden="true">{}<b>{}</b></div>', dots, texts.frame.YOU)


def _promise(promise: tuple[str, tuple[str, ...]]) -> Markup:
    title, lines = promise
    items = markup.items(line for line in lines)
    return html("<section><h2>{}</h2><ul>{}</ul></section>", title, items)
