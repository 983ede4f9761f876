"""Note for hidden or paused listeners on what others see."""

from matcher.domain.consent import Relation
from matcher.ports import Choices
from ui.html import draw, html, markup
from ui.screen import address
from ui.texts import connecting as words


def show(choices: Choices) -> None:
    """Draw the note, unless the listener can be found."""
    if not choices.in_sight:
        _draw(words.NOTE_PAUSED if choices.discoverable else words.NOTE_HIDDEN)


def show_beside(choices: Choices, relation: Relation) -> None:
    """Draw the note for a relation, unless the listener can be found."""
    if not choices.in_sight:
        _draw(words.BESIDE[relation])


def _draw(told: str) -> None:
    way = markup.link(words.NOTE_LINK, address("privacy"), "es-way")
    draw(html('<div class="es-hidden" role="note"><p>{}</p>{}</div>', told, way))
