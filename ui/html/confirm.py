"""Button with confirmation in its place, for actions that cannot be undone."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from markupsafe import Markup

from ui import texts
from ui.html import controls, html
from ui.request import Request


@dataclass(frozen=True, slots=True)
class Question:
    """A confirmation.

    Attributes:
        label: of the first button.
        told: what will happen.
        yes: of the button that acts.
        css: class of the first button.
    """

    label: str
    told: str
    yes: str
    css: str = controls.PLAIN


def is_asked(key: str) -> bool:
    """Whether the confirmation is open."""
    return controls.is_remembered(key)


def button(request: Request, question: Question, key: str) -> Markup:
    """The button that opens the confirmation."""
    return controls.button(
        request, question.label, f"ask_{key}", partial(controls.remember, key), question.css
    )


def answers(request: Request, question: Question, key: str, do: Callable[[], None]) -> Markup:
    """The open confirmation, with a button to act and one to cancel."""
    return controls.row(
        html('<p class="es-sure" role="alert">{}</p>', question.told),
        controls.button(request, question.yes, f"yes_{key}", partial(_go, key, do), controls.MAIN),
        controls.button(request, texts.card.KEEP, f"no_{key}", partial(controls.remember, key, False)),
    )


def ask(request: Request, question: Question, key: str, do: Callable[[], None]) -> Markup:
    """A row with the button, or with the open confirmation."""
    if is_asked(key):
        return answers(request, question, key, do)
    return controls.row(button(request, question, key))


def _go(key: str, do: Callable[[], None]) -> None:
    controls.remember(key, False)
    do()
