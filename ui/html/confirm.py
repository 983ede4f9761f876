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
        of: whom it is about, where the buttons alone do not say; read aloud with each.
    """

    label: str
    told: str
    yes: str
    css: str = controls.PLAIN
    of: str = ""

    def named(self, label: str) -> str:
        """What a button is called aloud; "" for its label alone."""
        return texts.card.named(label, self.of) if self.of else ""


def is_asked(key: str) -> bool:
    """Whether the confirmation is open."""
    return controls.is_remembered(key)


def button(request: Request, question: Question, key: str) -> Markup:
    """The button that opens the confirmation."""
    do, named = partial(controls.remember, key), question.named(question.label)
    return controls.button(request, question.label, f"ask_{key}", do, question.css, named=named)


def answers(request: Request, question: Question, key: str, do: Callable[[], None]) -> Markup:
    """The open confirmation, with a button to act and one to cancel."""
    keep, named = texts.card.KEEP, question.named
    go, leave = partial(_go, key, do), partial(controls.remember, key, False)
    return controls.row(
        html('<p class="es-sure" role="alert">{}</p>', question.told),
        controls.button(request, question.yes, f"yes_{key}", go, controls.MAIN, named=named(question.yes)),
        controls.button(request, keep, f"no_{key}", leave, named=named(keep)),
    )


def ask(request: Request, question: Question, key: str, do: Callable[[], None]) -> Markup:
    """A row with the button, or with the open confirmation."""
    if is_asked(key):
        return answers(request, question, key, do)
    return controls.row(button(request, question, key))


def _go(key: str, do: Callable[[], None]) -> None:
    controls.remember(key, False)
    do()
