"""A colour and a letter for each of a few listeners: the letter tells them apart where colours do not."""

from collections.abc import Iterable

from markupsafe import Markup

from ui.html import html, joined, markup

LETTERS = "ABCDEFGHIJ"
"""Of as many listeners as a group has; the colours are in ui/style/6-map-and-groups.css."""


def css(number: int) -> str:
    """Class that sets the colour of the nth listener, from 0, as `--person`."""
    return f"es-p{number % len(LETTERS)}"


def of(number: int) -> Markup:
    """The mark of the nth listener; whoever reads aloud hears the name beside it."""
    return html(
        '<span class="es-letter {}" aria-hidden="true">{}</span>', css(number), LETTERS[number % len(LETTERS)]
    )


def legend(names: Iterable[str]) -> Markup:
    """Marks and names in a row."""
    rows = joined(html("<li>{}{}</li>", of(n), markup.name(name)) for n, name in enumerate(names))
    return html('<ul class="es-people">{}</ul>', rows)
