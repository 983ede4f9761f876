"""Tells somebody who cannot be found what others see of them, and leads to where that is changed."""

from matcher.domain.consent import Relation
from matcher.ports import Choices
from ui.html import draw, html, markup
from ui.screen import address
from ui.texts import connecting as words


def show(choices: Choices) -> None:
    """Draw it for the hidden and the paused; nothing for those who can be found."""
    if not choices.in_sight:
        _draw(words.NOTE_PAUSED if choices.discoverable else words.NOTE_HIDDEN)


def show_beside(choices: Choices, relation: Relation) -> None:
    """Likewise, beside what one can do about a connection with somebody: what they then see of one."""
    if not choices.in_sight:
        _draw(words.BESIDE[relation])


def _draw(told: str) -> None:
    way = markup.link(words.NOTE_LINK, address("privacy"), "es-way")
    draw(html('<div class="es-hidden" role="note"><p>{}</p>{}</div>', told, way))
