"""Landing page: what Earshot does, and the ways in.

A visitor without a session gets it as plain HTML (ui/front.py); after a session ends, Streamlit draws it.
"""

from collections.abc import Iterator

from markupsafe import Markup

from ui import texts
from ui.html import EMPTY, draw, html, joined, markup
from ui.messages import Action, Message
from ui.pages.doors import page as doors
from ui.pages.doors import words as door_words
from ui.pages.doors.pick import PICK_PATH
from ui.pages.landing import words as landing_words
from ui.shared import frame, notice

PLACES = ((18, 30, 208), (71, 17, 22), (82, 58, 262), (30, 78, 48), (58, 84, 330), (46, 27, 150))
"""Dots of the picture: left and top in per cent, hue."""


def show(
    demo: bool, told: Message | None = None, samples: str = "", spotify: bool = True, picks: bool = False
) -> None:
    """Draw the page; `told` is an error of the sign-in."""
    # forms count only on pages of our own, so here are links to these
    for part in parts(demo, told, samples, spotify, picks, with_forms=False):
        draw(part)


def parts(
    demo: bool,
    told: Message | None = None,
    samples: str = "",
    spotify: bool = True,
    picks: bool = False,
    with_forms: bool = True,
) -> Iterator[Markup]:
    """Parts of the page, from the top.

    `samples` is where the demo has files to bring; `spotify` whether one can sign in with Spotify, `picks`
    whether one can pick artists.
    """
    yield frame.top_bar(demo)
    if told is not None:
        yield notice.as_html(told, notice.come_in(demo) if told.action is Action.COME_IN else EMPTY)
    yield _hero(samples, with_forms)
    yield _other_doors(demo, spotify, picks, with_forms)
    yield html('<div class="es-promises">{}</div>', joined(map(_promise, landing_words.PROMISES)))
    yield frame.footer()
    if with_forms:
        yield doors.file_script()


def _hero(samples: str, with_forms: bool) -> Markup:
    bring = doors.file_form() if with_forms else notice.bring(door_words.FILE_TITLE)
    return html(
        '<div class="es-hero"><div><h1>{}</h1><p class="es-lead">{}</p>'
        '<section class="es-door"><h2>{}</h2><p>{}</p>{}{}</section></div>{}</div>',
        *(landing_words.TITLE, landing_words.LEAD, door_words.FILE_TITLE, landing_words.FILE, bring),
        *(doors.how_to(samples), _picture()),
    )


def _other_doors(demo: bool, spotify: bool, picks: bool, with_forms: bool) -> Markup:
    choose = markup.link(door_words.PICK_DOOR, PICK_PATH, "es-button es-tall")
    first = _door(door_words.PICK_DOOR_TITLE, door_words.PICK_DOOR_LEAD, choose) if picks else EMPTY
    enter = doors.key_form() if with_forms else markup.link(door_words.KEY_USE, doors.KEY_PATH, "es-button")
    give = (
        doors.name_form() if with_forms else markup.link(door_words.NAME_TITLE, doors.NAME_PATH, "es-button")
    )
    more = markup.link(door_words.NAME_PROVE, doors.NAME_PATH, "es-quiet") if with_forms else EMPTY
    name = _door(door_words.NAME_TITLE, door_words.NAME_LEAD, html("{}{}", give, more))
    key = _door(door_words.ENTER_TITLE, door_words.ENTER_LEAD, enter)
    label = texts.frame.SIGN_IN_DEMO if demo else texts.frame.SIGN_IN
    note = landing_words.DEMO_NOTE if demo else landing_words.NOTE
    sign_in = markup.link(label, notice.LOG_IN, "es-button es-tall")
    last = _door(landing_words.SPOTIFY, note, sign_in) if spotify else EMPTY
    return html('<div class="es-doors">{}{}{}{}</div>', first, name, key, last)


def _door(title: str, lead: str, way: Markup) -> Markup:
    return html('<section class="es-door"><h2>{}</h2><p>{}</p>{}</section>', title, lead, way)


def _picture() -> Markup:
    dots = joined(
        html('<i style="left:{}%;top:{}%;--hue:{}"></i>', left, top, hue) for left, top, hue in PLACES
    )
    return html('<div class="es-picture" aria-hidden="true">{}<b>{}</b></div>', dots, texts.frame.YOU)


def _promise(promise: tuple[str, tuple[str, ...]]) -> Markup:
    title, lines = promise
    items = markup.items(line for line in lines)
    return html("<section><h2>{}</h2><ul>{}</ul></section>", title, items)
