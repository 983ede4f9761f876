"""The moment when both have agreed, in the tab that saw them unconnected, until the playlist."""

from markupsafe import Markup

from ui.html import controls, draw, html
from ui.pages.match import words

WAITED = "waited_for_"
"""View state by listener: this tab has shown them unconnected."""


def wait(other_id: str) -> None:
    """Remember that the two are not connected yet, as far as this tab has shown."""
    controls.remember(f"{WAITED}{other_id}")


def show(other_id: str) -> None:
    """Draw the moment, if this tab has shown them unconnected, and no playlist since."""
    if controls.is_remembered(f"{WAITED}{other_id}") and not controls.is_remembered(f"playlist_{other_id}"):
        draw(_moment())


def _moment() -> Markup:
    rings = html('<span class="es-joined" aria-hidden="true"><i></i><i></i></span>')
    return html(
        '<section class="es-moment" role="status">{}<div><h2>{}</h2><p>{}</p></div></section>',
        *(rings, words.AGREED, words.AGREED_MORE),
    )
