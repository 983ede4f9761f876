"""A button that asks once more, in its place, before it does what cannot be undone at a click."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from markupsafe import Markup

from ui import texts
from ui.html import controls, html
from ui.request import Request


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked.

    Attributes:
        label: of the button that asks.
        told: what will happen.
        yes: of the button that does it.
        css: how the button that asks looks.
    """

    label: str
    told: str
    yes: str
    css: str = controls.PLAIN


def is_asked(key: str) -> bool:
    """Whether the question stands on the page."""
    return controls.is_remembered(key)


def button(request: Request, question: Question, key: str) -> Markup:
    """The button that asks."""
    return controls.button(
        request, question.label, f"ask_{key}", partial(controls.remember, key), question.css
    )


def answers(request: Request, question: Question, key: str, do: Callable[[], None]) -> Markup:
    """The question, with the answer that does it and the one that does not."""
    return controls.row(
        html('<p class="es-sure" role="alert">{}</p>', question.told),
        controls.button(request, question.yes, f"yes_{key}", partial(_go, key, do), controls.MAIN),
        controls.button(request, texts.card.KEEP, f"no_{key}", partial(controls.remember, key, False)),
    )


def ask(request: Request, question: Question, key: str, do: Callable[[], None]) -> Markup:
    """A row with the button, or with the question once it was pressed."""
    if is_asked(key):
        return answers(request, question, key, do)
    return controls.row(button(request, question, key))


def _go(key: str, do: Callable[[], None]) -> None:
    controls.remember(key, False)
    do()
