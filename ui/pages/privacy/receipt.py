"""Receipt of an erasure, for a tab without a session."""

import streamlit as st
from markupsafe import Markup

from ui import clock, texts
from ui.html import draw, html, joined, markup
from ui.pages.privacy import words
from ui.pages.privacy.actions import Erased
from ui.shared import frame


def show(demo: bool, erased: Erased, leave_path: str) -> None:
    """Draw the page; `leave_path` removes the cookie and leads to the landing page."""
    draw(frame.top_bar(demo))
    markup.announce(words.RECEIPT_TITLE, words.RECEIPT_LEAD, listening=False)
    draw(_table(erased))
    with st.container(horizontal=True, horizontal_alignment="center"):
        draw(markup.link(words.RECEIPT_DONE, leave_path, "es-primary"), width="content")
    draw(frame.footer())


def _table(erased: Erased) -> Markup:
    counts = erased.receipt.erased
    rows = joined(
        html('<tr><th scope="row">{}</th><td>{:,}</td></tr>', words.TABLES.get(table, table), n)
        for table, n in sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    )
    heads = joined(html('<th scope="col">{}</th>', one) for one in words.RECEIPT_HEADS)
    total = html('<th scope="row">{}</th><td>{:,}</td>', words.RECEIPT_ALL, sum(counts.values()))
    when = texts.grammar.at(words.RECEIPT_AT, clock.here(erased.at_utc))
    until = erased.receipt.kept_until_utc
    kept = texts.grammar.at(words.RECEIPT_KEPT, clock.here(until)) if until else ""
    return html(
        '<section class="es-panel es-receipt"><table class="es-ledger es-counts"><caption>{}</caption>'
        "<thead><tr>{}</tr></thead><tbody>{}</tbody><tfoot><tr>{}</tr></tfoot></table>"
        '<p class="es-more">{}</p></section>',
        when,
        heads,
        rows,
        total,
        kept,
    )
