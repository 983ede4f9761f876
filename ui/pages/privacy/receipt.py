"""The receipt of an erasure, for somebody whose session went with everything else."""

import streamlit as st

from ui import clock, texts
from ui.html import heading, markup
from ui.pages.privacy import words
from ui.pages.privacy.actions import Erased
from ui.shared import frame


def show(demo: bool, erased: Erased, leave_path: str) -> None:
    """Draw the page; `leave_path` removes the cookie, good for nothing now, and leads to the first page."""
    frame.top_bar(demo)
    heading.show(words.RECEIPT_TITLE, words.RECEIPT_LEAD, listening=False)
    st.html(_table(erased))
    with st.container(horizontal=True, horizontal_alignment="center"):
        st.html(markup.link(words.RECEIPT_DONE, leave_path, "es-primary"), width="content")
    frame.footer()


def _table(erased: Erased) -> str:
    counts = erased.receipt.erased
    rows = markup.joined(
        f'<tr><th scope="row">{markup.text(words.TABLES.get(table, table))}</th><td>{n:,}</td></tr>'
        for table, n in sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    )
    heads = markup.joined(f'<th scope="col">{markup.text(one)}</th>' for one in words.RECEIPT_HEADS)
    total = f'<th scope="row">{markup.text(words.RECEIPT_ALL)}</th><td>{sum(counts.values()):,}</td>'
    when = markup.text(texts.grammar.at(words.RECEIPT_AT, clock.here(erased.at_utc)))
    until = erased.receipt.kept_until_utc
    kept = markup.text(texts.grammar.at(words.RECEIPT_KEPT, clock.here(until))) if until else ""
    return (
        f'<section class="es-panel es-receipt"><table class="es-ledger es-counts"><caption>{when}</caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody><tfoot><tr>{total}</tr></tfoot></table>"
        f'<p class="es-more">{kept}</p></section>'
    )
