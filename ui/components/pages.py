"""Which page of the matches is shown, and the buttons that turn it."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import streamlit as st

from matcher.browsing import Sight, Wish
from matcher.consent import SeenMatch
from matcher.packed import digest_of
from ui import markup, screen, texts

words = texts.matches

LENGTH = 10
"""Matches on a page: each is a card with five controls, and a browser takes its time to draw them."""

SOON, MOST = 20, 50
"""How many are looked for while the first pages are shown, and beyond them."""

_NUMBER, _OF = "page_of_matches", "wish_of_page"


def paged(wish: Wish) -> Wish:
    """The wish, for as many as the page needs; another wish than before begins at the first page."""
    state = st.session_state
    number = digest_of("wish", f"{wish.tag} {wish.facet_id} {wish.lately} {wish.order}")
    if state.get(_OF) != number:
        state[_OF], state[_NUMBER] = number, 0
    return replace(wish, top_n=MOST if LENGTH * state[_NUMBER] >= SOON else SOON)


def on_page(found: Sight) -> Sequence[SeenMatch]:
    """The matches of the page; of the last one there is where it would be empty."""
    state = st.session_state
    state[_NUMBER] = max(0, min(state[_NUMBER], (len(found.matches) - 1) // LENGTH))
    first = LENGTH * state[_NUMBER]
    return found.matches[first : first + LENGTH]


def show(found: Sight, wish: Wish) -> None:
    """Where one is, and the way to the page before and after; nothing where there is but one."""
    number, n = st.session_state[_NUMBER], len(found.matches)
    first, last = LENGTH * number + 1, min(LENGTH * (number + 1), n)
    beyond = wish.top_n < MOST and (found.n_left > 0 or wish.top_n <= n < found.n_candidates)
    if number == 0 and last == n and not beyond:
        return
    with st.container(key="pages", horizontal=True, vertical_alignment="center"):
        st.button(words.BEFORE, key="page_before", disabled=number == 0, on_click=partial(_turn, -1))
        st.html(
            f'<p class="es-more">{markup.text(words.PLACES.format(first=first, last=last))}</p>',
            width="content",
        )
        there = last < n or beyond
        st.button(words.AFTER, key="page_after", disabled=not there, on_click=partial(_turn, 1))


def _turn(by: int) -> None:
    st.session_state[_NUMBER] += by
    screen.go_to_the_top()
