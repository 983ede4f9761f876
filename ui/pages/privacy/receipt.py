"""Receipt of an erasure, for a tab without a session."""

import streamlit as st
from markupsafe import Markup

from ui import clock, screen, texts
from ui.html import draw, html, joined, markup
from ui.pages.privacy import words
from ui.pages.privacy.actions import Erased
from ui.shared import frame

_NUMBER = 1
"""Identifies this page, so that it begins at its head."""


def show(demo: bool, erased: Erased, leave_path: str) -> None:
    """Draw the page from its top; `leave_path` removes the cookie and leads to the landing page."""
    screen.begin_at_the_top(_NUMBER, "")
    draw(frame.top_bar(demo))
    markup.announce(words.RECEIPT_TITLE, words.RECEIPT_LEAD)
    draw(_table(erased))
    with st.container(horizontal=True, horizontal_alignment="center", vertical_alignment="center"):
        draw(_save(erased), width="content")
        draw(markup.link(words.RECEIPT_DONE, leave_path, "es-primary"), width="content")
    draw(frame.footer())


def _save(erased: Erased) -> Markup:
    """A button that saves the receipt as a text (ui/page.js), as no session is left to fetch a file."""
    button = '<button type="button" class="es-button es-tall" data-save="{}" data-text="{}">{}</button>'
    return html(button, words.RECEIPT_FILE, as_text(erased), words.RECEIPT_SAVE)


def as_text(erased: Erased) -> str:
    """The receipt as a text, a line per kind."""
    rows = [f"{name}: {n:,}" for name, n in _rows(erased)] or [words.RECEIPT_NONE]
    total = f"{words.RECEIPT_ALL}: {sum(erased.receipt.erased.values()):,}"
    told = (texts.frame.PRODUCT, words.RECEIPT_TITLE, _when(erased), "", *rows, total, "", _kept(erased))
    return "\n".join(told).rstrip() + "\n"


def _rows(erased: Erased) -> list[tuple[str, int]]:
    """What was there, by name, with the number of rows: most first, and nothing of which there was none."""
    there = [(table, n) for table, n in erased.receipt.erased.items() if n]
    return [
        (words.TABLES.get(table, table), n) for table, n in sorted(there, key=lambda one: (-one[1], one[0]))
    ]


def _when(erased: Erased) -> str:
    return texts.grammar.at(words.RECEIPT_AT, clock.here(erased.at_utc))


def _kept(erased: Erased) -> str:
    until = erased.receipt.kept_until_utc
    return texts.grammar.at(words.RECEIPT_KEPT, clock.here(until)) if until else ""


def _table(erased: Erased) -> Markup:
    rows = joined(html('<tr><th scope="row">{}</th><td>{:,}</td></tr>', *row) for row in _rows(erased))
    heads = joined(html('<th scope="col">{}</th>', one) for one in words.RECEIPT_HEADS)
    total = html(
        '<th scope="row">{}</th><td>{:,}</td>', words.RECEIPT_ALL, sum(erased.receipt.erased.values())
    )
    return html(
        '<section class="es-panel es-receipt"><table class="es-ledger es-counts"><caption>{}</caption>'
        "<thead><tr>{}</tr></thead><tbody>{}</tbody><tfoot><tr>{}</tr></tfoot></table>"
        '<p class="es-more">{}</p></section>',
        *(_when(erased), heads, rows, total, _kept(erased)),
    )
