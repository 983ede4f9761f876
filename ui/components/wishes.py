"""What one wants to see of one's matches: the row of filters above the list, and what is chosen in it."""

from collections.abc import Mapping
from functools import partial

import streamlit as st

from matcher.browsing import Order, Sight, Wish, tag_id
from matcher.facets import FacetKind, TasteFacet
from ui import acts, asked, markup, texts
from ui.asked import Asked, number_of_side
from ui.visit import Visit

words = texts.matches


def facets_of(visit: Visit, wanted: Asked) -> tuple[TasteFacet, ...]:
    """The sides of the taste, once somebody wants to choose among them: finding them takes a moment."""
    return () if wanted.side is None else visit.facets()


def chosen(wanted: Asked, facets: tuple[TasteFacet, ...]) -> Wish:
    """What the address asks for, as a wish; a side that is none of these counts nothing."""
    sides = {number_of_side(one.facet_id): one.facet_id for one in facets}
    return Wish(
        tag=wanted.tag,
        facet_id=sides.get(wanted.side or 0, ""),
        lately=wanted.lately,
        order=Order.DISCOVER if wanted.discover else Order.NEAR,
    )


def show(visit: Visit, found: Sight, wish: Wish, wanted: Asked, facets: tuple[TasteFacet, ...]) -> None:
    """The row of filters, standing as the address says, and what they came to."""
    with st.container(key="wishes", horizontal=True, vertical_alignment="bottom"):
        orders = {0: words.ORDERS["near"], 1: words.ORDERS["discover"]}
        _choice(words.ORDER, orders, "discover", int(wanted.discover))
        tags = {0: words.ANY_TAG} | {tag_id(tag.key): tag.name for tag in found.tags}
        _choice(words.TAG, tags, "tag", wanted.tag, words.TAG_MORE)
        if facets:
            sides = {0: words.ALL_OF_ME} | {number_of_side(one.facet_id): name_of(one) for one in facets}
            _choice(words.FACET, sides, "facet", wanted.side or 0)
    with st.container(key="wishes_more", horizontal=True, vertical_alignment="center"):
        _stand("sides", wanted.side is not None)
        st.toggle(words.SIDES, key="sides", on_change=_keep)
        _stand("lately", wanted.lately)
        st.toggle(words.LATELY, key="lately", help=words.LATELY_UNKNOWN, on_change=_keep)
        if found.n_dismissed:
            _dismissed(visit, found.n_dismissed)
    if wish.n_looked_through > wish.top_n:
        st.html(f'<p class="es-more">{markup.text(words.LOOKED_THROUGH.format(n=wish.n_looked_through))}</p>')


def name_of(facet: TasteFacet) -> str:
    """A side of a taste as a filter calls it; what has no name is called as on My taste."""
    if facet.kind is FacetKind.PLAYLIST and facet.name:
        return words.FACET_PLAYLIST.format(name=markup.isolated(facet.name))
    return facet.name if facet.kind is FacetKind.CLUSTER else texts.parts.part_name(facet.facet_id)


def as_it_stands() -> Asked:
    """What the widgets say, which may be ahead of the address; the first page."""
    state, before = st.session_state, asked.read()
    sides = state.get("sides", before.side is not None)
    return Asked(
        tag=state.get("tag", before.tag),
        side=state.get("facet", before.side or 0) if sides else None,
        lately=state.get("lately", before.lately),
        discover=bool(state.get("discover", before.discover)),
    )


def _keep() -> None:
    """What was chosen goes into the address, from which everything is drawn."""
    asked.put(as_it_stands())


def _stand(key: str, value: bool | int) -> None:
    """Let a widget say what the address says: it wins, so that Back undoes what was chosen."""
    if st.session_state.get(key) != value:
        st.session_state[key] = value


def _choice(label: str, options: Mapping[int, str], key: str, value: int, more: str | None = None) -> None:
    _stand(key, value if value in options else next(iter(options)))
    st.selectbox(label, list(options), format_func=options.__getitem__, key=key, on_change=_keep, help=more)


def _dismissed(visit: Visit, n: int) -> None:
    st.html(f'<p class="es-more">{markup.text(words.hidden(n))}</p>', width="content")
    st.button(
        words.UNHIDE, key="unhide", type="tertiary", on_click=partial(acts.undo_dismissals, visit.application)
    )
