"""Privacy: what others see of what both hear, kind by kind and part by part."""

from collections.abc import Mapping
from functools import partial
from hashlib import sha256

import streamlit as st

from matcher.consent import Sharing
from ui import decisions, markup
from ui.decisions import privacy as deeds
from ui.sections.being_found import switch
from ui.sections.panel import panel, row
from ui.texts import privacy as words
from ui.texts.parts import part_name
from ui.visit import Visit

N_FACETS = 12
_ALL = "all_facets"


def show(visit: Visit, sharing: Sharing) -> None:
    """A switch for each kind of thing."""
    with panel("sharing", words.SHARING, words.SHARING_LEAD):
        decisions.tell(visit, decisions.take("sharing"))
        _kind(visit, "artists", words.SHARE_ARTISTS, sharing.artists)
        _kind(visit, "tags", words.SHARE_TAGS, sharing.tags)
        shown = sharing.tracks and sharing.artists
        _kind(
            visit,
            "tracks",
            words.SHARE_TRACKS,
            shown,
            disabled=not sharing.artists,
            help=words.SHARE_TRACKS_HELP,
        )
        _kind(visit, "profile_link", words.SHARE_LINK, sharing.profile_link)
        _kind(visit, "cards", words.SHARE_CARDS, sharing.cards, help=words.SHARE_CARDS_HELP)


def show_facets(visit: Visit, facets: Mapping[str, tuple[str, bool]]) -> None:
    """A switch for each part of the library: `facets` has name and whether it is shown, by id."""
    with panel("facets", words.FACETS, words.FACETS_LEAD if facets else words.NO_FACETS):
        decisions.tell(visit, decisions.take("facets"))
        listed = sorted(facets.items(), key=lambda one: (bool(one[1][0]), one[1][0].casefold(), one[0]))
        every = st.session_state.get(_ALL) or len(listed) <= N_FACETS
        with st.container(key="parts_kept"):
            for facet_id, (name, shown) in listed if every else listed[:N_FACETS]:
                _facet(visit, facet_id, name, shown)
        if not every:
            st.button(words.MORE_FACETS, key="more_facets", on_click=_widen)


def _kind(visit: Visit, kind: str, label: str, on: bool, **more: object) -> None:
    switch(visit, "sharing", kind, label, on, partial(_share, kind), **more)


def _share(kind: str, visit: Visit, wanted: bool) -> None:
    deeds.share(visit, kind, wanted)


def _facet(visit: Visit, facet_id: str, name: str, shown: bool) -> None:
    """Its name is somebody's own text, so it stands beside the switch and not in its label."""
    key = "facet_" + sha256(facet_id.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    with row(key, markup.name(name) if name else markup.text(part_name(facet_id))):
        switch(visit, "facets", key, words.FACET_SHOWN, shown, partial(_share_facet, facet_id))


def _share_facet(facet_id: str, visit: Visit, wanted: bool) -> None:
    deeds.share_facet(visit, facet_id, wanted)


def _widen() -> None:
    st.session_state[_ALL] = True
