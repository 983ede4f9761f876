"""Actions of two connected listeners: discover music, make a playlist."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import streamlit as st
from markupsafe import Markup

from matcher.domain.consent import Relation, SeenMatch
from matcher.errors import NotConnected, NotSynced
from matcher.groups.discovery import Find
from matcher.groups.joint_playlist import FairPlaylist
from matcher.ports import ARTIST, TRACK, Linkable, Listener
from ui import texts
from ui.html import controls, draw, html, joined, markup
from ui.pages.match import words
from ui.pages.match.in_common import named
from ui.request import Request
from ui.screen import address, argument
from ui.shared import heard, joint_playlist

lists = texts.playlist
N_FINDS = 12
MADE = "playlist"
"""Query parameter: make the playlist at once."""


@dataclass(frozen=True, slots=True)
class Found:
    """Discoveries and playlist of two connected listeners.

    Attributes:
        artists, tracks: of the other, recommended to the listener.
        playlist: for both; None unless requested.
        links: of the recommendations, by canonical key.
    """

    artists: tuple[Find, ...] = ()
    tracks: tuple[Find, ...] = ()
    playlist: FairPlaylist | None = None
    links: Mapping[str, str] = field(default_factory=dict)


def ask(request: Request, match: SeenMatch) -> Found | None:
    """Find both; None if not connected, or if one has no profile of this model."""
    if match.relation is not Relation.CONNECTED:
        return None
    groups, other = request.application.groups, match.listener_id
    try:
        artists, tracks = groups.discover_through(request.listener_id, other, N_FINDS)
        wanted = controls.is_remembered(f"playlist_{other}") or bool(argument(MADE))
        playlist = groups.make_playlist(request.listener_id, [other]) if wanted else None
    except (NotConnected, NotSynced):  # changed after the match was loaded
        return None
    return Found(artists, tracks, playlist, _links(request, other, artists, tracks))


def _links(
    request: Request, owner_id: str, artists: Sequence[Find], tracks: Sequence[Find]
) -> Mapping[str, str]:
    finds = [*((ARTIST, one) for one in artists), *((TRACK, one) for one in tracks)]
    items = [Linkable(kind, one.key, one.name, one.artist, (owner_id,)) for kind, one in finds]
    return request.application.playlists.links(items)


def show(request: Request, me: Listener, match: SeenMatch, found: Found | None) -> None:
    """Draw both, or a note on when they become available."""
    heading = html('<h2 class="es-heading">{}</h2>', words.DISCOVER)
    if found is None:
        draw(html('{}<p class="es-told es-below">{}</p>', heading, words.LATER))
        return
    if found.playlist is not None:
        _playlist(request, me, match, found.playlist)
    else:
        _offer(match.listener_id)
    draw(heading + _finds(found))


def _offer(other_id: str) -> None:
    draw(html('<h2 class="es-heading">{}</h2><p class="es-more">{}</p>', lists.FOR_TWO, lists.FOR_TWO_MORE))
    wanted = partial(controls.remember, f"playlist_{other_id}")
    st.button(lists.DRAW_UP, key="make_playlist", type="primary", on_click=wanted)


def _finds(found: Found) -> Markup:
    if not (found.artists or found.tracks):
        return html('<p class="es-told es-below">{}</p>', words.NOTHING_NEW)
    links = found.links
    lists = (_list(words.ARTISTS, found.artists, links), _list(words.TRACKS, found.tracks, links))
    more = html('<p class="es-more">{}</p>', words.DISCOVER_MORE)
    return html('{}<div class="es-lists">{}</div>', more, joined(lists))


def _list(title: str, finds: tuple[Find, ...], links: Mapping[str, str]) -> Markup:
    rows = markup.items(_find(one, links.get(one.key, "")) for one in finds)
    body = html("<ol>{}</ol>", rows) if rows else html('<p class="es-more">{}</p>', words.NOTHING_NEW)
    return html('<section class="es-panel"><h3>{}</h3>{}</section>', title, body)


def _find(find: Find, link: str) -> Markup:
    return heard.beside(heard.play(find.name, find.artist, link), named(find.name, find.artist, link))


def _playlist(request: Request, me: Listener, match: SeenMatch, playlist: FairPlaylist) -> None:
    names = {"one": me.alias, "other": match.alias}
    about = joint_playlist.About(
        heading=lists.FOR_TWO,
        more=lists.FOR_TWO_MORE,
        name=lists.NAME_FOR_TWO.format(**names),
        description=lists.ABOUT_FOR_TWO.format(**names),
        page=address("match", listener=match.listener_id, **{MADE: "1"}),
    )
    aliases = {me.listener_id: me.alias, match.listener_id: match.alias}
    joint_playlist.show(request, playlist, aliases, about)
