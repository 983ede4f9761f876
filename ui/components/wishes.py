"""What one wants to see of one's matches: the row of filters above the list, and what is chosen in it."""

from functools import partial

import streamlit as st

from matcher.browsing import Order, Sight, Wish, tag_id
from matcher.facets import FacetKind, TasteFacet
from matcher.packed import digest_of
from ui import acts, markup, texts
from ui.screen import argument
from ui.visit import Visit

words = texts.matches
_HEEDED = "facet_of_the_address"


def chosen(facets: tuple[TasteFacet, ...]) -> Wish:
    """What this tab wishes for. Its state holds no names: tags and facets stand there as numbers."""
    state = st.session_state
    return Wish(
        tag=state.get("tag") or 0,
        facet_id=next(
            (one.facet_id for one in facets if facet_number(one.facet_id) == state.get("facet")), ""
        ),
        lately=bool(state.get("lately")),
        order=Order.DISCOVER if state.get("discover") else Order.NEAR,
    )


def facets_of(visit: Visit) -> tuple[TasteFacet, ...]:
    """The sides of the taste, once somebody wants to choose among them: finding them takes a moment.

    The one that the address asks for is chosen, once: from then on what is chosen by hand counts.
    """
    state, asked = st.session_state, argument("facet")
    number = facet_number(asked)
    anew = bool(asked) and state.get(_HEEDED) != number
    if anew:
        state[_HEEDED], state["sides"] = number, True
    facets = visit.facets() if state.get("sides") else ()
    if anew:
        state["facet"] = number if number in {facet_number(one.facet_id) for one in facets} else 0
    return facets


def address_leads_anew() -> None:
    """Whichever side the address asks for at the next look at the matches counts, again if need be."""
    st.session_state.pop(_HEEDED, None)


def facet_number(facet_id: str) -> int:
    """What stands for a facet where its name must not."""
    return digest_of("facet", facet_id) or 1


def show(visit: Visit, found: Sight, wish: Wish, facets: tuple[TasteFacet, ...]) -> None:
    """The row of filters, and what they came to."""
    with st.container(key="wishes", horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            words.ORDER,
            [False, True],
            format_func=lambda discover: words.ORDERS["discover" if discover else "near"],
            key="discover",
        )
        names = {tag_id(tag.key): tag.name for tag in found.tags}
        st.selectbox(
            words.TAG,
            [0, *names],
            format_func=lambda one: names.get(one, words.ANY_TAG),
            key="tag",
            help=words.TAG_MORE,
        )
        if facets:
            _facet(facets)
    with st.container(key="wishes_more", horizontal=True, vertical_alignment="center"):
        st.toggle(words.SIDES, key="sides")
        st.toggle(words.LATELY, key="lately", help=words.LATELY_UNKNOWN)
        if found.n_dismissed:
            _dismissed(visit, found.n_dismissed)
    if wish.n_looked_through > wish.top_n:
        st.html(f'<p class="es-more">{markup.text(words.LOOKED_THROUGH.format(n=wish.n_looked_through))}</p>')


def _facet(facets: tuple[TasteFacet, ...]) -> None:
    names = {facet_number(one.facet_id): name_of(one) for one in facets}
    st.selectbox(
        words.FACET, [0, *names], format_func=lambda one: names.get(one, words.ALL_OF_ME), key="facet"
    )


def name_of(facet: TasteFacet) -> str:
    """A side of a taste as a filter calls it; what has no name is called as on My taste."""
    if facet.kind is FacetKind.PLAYLIST and facet.name:
        return words.FACET_PLAYLIST.format(name=markup.isolated(facet.name))
    return facet.name if facet.kind is FacetKind.CLUSTER else texts.parts.part_name(facet.facet_id)


def _dismissed(visit: Visit, n: int) -> None:
    st.html(f'<p class="es-more">{markup.text(words.hidden(n))}</p>', width="content")
    st.button(
        words.UNHIDE, key="unhide", type="tertiary", on_click=partial(acts.undo_dismissals, visit.application)
    )
