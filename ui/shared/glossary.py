"""Glossary of a screen, folded, for keyboard and touch."""

from markupsafe import Markup

from ui import texts
from ui.html import html, joined

words = texts.glossary


def of(screen: str) -> Markup:
    """Glossary of a screen as HTML."""
    rows = joined(
        html("<dt>{}</dt><dd>{}</dd>", term, meaning)
        for term, meaning in (words.MEANINGS[one] for one in words.ON[screen])
    )
    return html('<details class="es-words"><summary>{}</summary><dl>{}</dl></details>', words.TITLE, rows)
