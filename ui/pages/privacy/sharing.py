"""Privacy: shared kinds and parts of the library."""

from collections.abc import Iterator, Mapping
from hashlib import sha256

import streamlit as st
from markupsafe import Markup

from matcher.domain.consent import Sharing, Switch
from ui.html import controls, draw, html, joined, markup
from ui.html.fold import fold
from ui.pages.privacy import actions, words
from ui.pages.privacy.being_found import switch
from ui.request import Request
from ui.shared import notice
from ui.texts.parts import part_name

N_FACETS = 12
_ALL = "all_facets"


def show(request: Request, sharing: Sharing, has_link: bool = True) -> None:
    """Draw a switch per kind; `has_link`: the account has a profile at Spotify."""
    with fold("sharing", words.SHARING, words.sharing_line(sharing), words.SHARING_LEAD):
        notice.tell(request, "sharing")
        draw(html('<div class="es-switches">{}</div>', joined(_kinds(request, sharing, has_link))))


def _kinds(request: Request, sharing: Sharing, has_link: bool) -> Iterator[Markup]:
    """Switches by kind."""
    yield _kind(request, "artists", words.SHARE_ARTISTS, sharing.artists, words.SHARE_ARTISTS_HELP)
    yield _kind(request, "tags", words.SHARE_TAGS, sharing.tags, words.SHARE_TAGS_HELP)
    # a track names its artist, so tracks are off without artists
    tracks, rests = sharing.tracks and sharing.artists, not sharing.artists
    yield _kind(request, "tracks", words.SHARE_TRACKS, tracks, words.SHARE_TRACKS_HELP, rests)
    if has_link:
        yield _kind(request, "profile_link", words.SHARE_LINK, sharing.profile_link)
    yield _kind(request, "cards", words.SHARE_CARDS, sharing.cards, words.SHARE_CARDS_HELP)


def show_facets(request: Request, facets: Mapping[str, tuple[str, bool]]) -> None:
    """Draw a switch per part: `facets` has name and state by id."""
    state = words.facets_line([shown for _, shown in facets.values()])
    with fold("facets", words.FACETS, state, words.FACETS_LEAD if facets else words.NO_FACETS):
        notice.tell(request, "facets")
        listed = sorted(facets.items(), key=lambda one: (bool(one[1][0]), one[1][0].casefold(), one[0]))
        every = controls.is_remembered(_ALL) or len(listed) <= N_FACETS
        parts = (_facet(request, key, *part) for key, part in (listed if every else listed[:N_FACETS]))
        if facets:
            draw(html('<div class="es-switches es-parts">{}</div>', joined(parts)))
        if not every:
            st.button(words.MORE_FACETS, key="more_facets", on_click=controls.remember, args=(_ALL,))


def _kind(
    request: Request, kind: Switch, label: str, on: bool, more: str = "", rests: bool = False
) -> Markup:
    def share(now: Request, wanted: bool) -> None:
        actions.share(now, kind, wanted)

    return switch(request, "sharing", kind, label, on, None if rests else share, more)


def _facet(request: Request, facet_id: str, name: str, shown: bool) -> Markup:
    def share(now: Request, wanted: bool) -> None:
        actions.share_facet(now, facet_id, wanted)

    key = "facet_" + sha256(facet_id.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    label = markup.name(name) if name else part_name(facet_id)
    return switch(request, "facets", key, label, shown, share)
