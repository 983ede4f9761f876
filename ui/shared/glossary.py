"""What the words on a screen mean: folded up, reached by keyboard and by touch as well as by pointing."""

from markupsafe import Markup

from ui import texts
from ui.html import html, joined

words = texts.glossary


def of(screen: str) -> Markup:
    """The words that are on a screen with their meanings, as HTML to be put beside other HTML."""
    rows = joined(
        html("<dt>{}</dt><dd>{}</dd>", term, meaning)
        for term, meaning in (words.MEANINGS[one] for one in words.ON[screen])
    )
    return html('<details class="es-words"><summary>{}</summary><dl>{}</dl></details>', words.TITLE, rows)
