"""Note for hidden or paused listeners on what others see."""

from functools import partial

from markupsafe import Markup

from matcher.domain.consent import Relation
from matcher.ports import Choices
from ui.actions import outcome
from ui.html import EMPTY, controls, draw, html, markup
from ui.request import Request
from ui.screen import address
from ui.texts import connecting as words


def show(choices: Choices) -> None:
    """Draw the note, unless the listener can be found."""
    if not choices.in_sight:
        _draw(words.NOTE_PAUSED if choices.discoverable else words.NOTE_HIDDEN)


def line(request: Request, choices: Choices) -> Markup:
    """The note in a line that can be closed for good; EMPTY if it was, or if the listener can be found."""
    if choices.in_sight or choices.note_closed:
        return EMPTY
    way = markup.link(words.NOTE_LINK, address("privacy"), "es-way")
    close = controls.button(request, words.NOTE_CLOSE, "close_note", partial(_close, request), controls.PLAIN)
    note = '<div class="es-hidden es-hidden-line" role="note"><p>{}</p>{}</div>'
    return html(note, words.NOTE_SHORT[choices.discoverable], controls.row(way, close))


def _close(request: Request) -> None:
    outcome.perform(request, outcome.READING, lambda now: now.application.people.close_note(now.listener_id))


def show_beside(choices: Choices, relation: Relation) -> None:
    """Draw the note for a relation, unless the listener can be found."""
    if not choices.in_sight:
        _draw(words.BESIDE[relation])


def _draw(told: str) -> None:
    way = markup.link(words.NOTE_LINK, address("privacy"), "es-way")
    draw(html('<div class="es-hidden" role="note"><p>{}</p>{}</div>', told, way))
