"""What the words on a screen mean: folded up, reached by keyboard and by touch as well as by pointing."""

from ui import texts
from ui.html import markup

words = texts.glossary


def of(screen: str) -> str:
    """The words that are on a screen with their meanings, as HTML to be put beside other HTML."""
    rows = markup.joined(
        f"<dt>{markup.text(term)}</dt><dd>{markup.text(meaning)}</dd>"
        for term, meaning in (words.MEANINGS[one] for one in words.ON[screen])
    )
    return f'<details class="es-words"><summary>{markup.text(words.TITLE)}</summary><dl>{rows}</dl></details>'
