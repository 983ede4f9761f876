"""What two connected listeners can do: discover each other's music, and make a playlist for both."""

from dataclasses import dataclass
from functools import partial

import streamlit as st

from matcher.consent import Relation, SeenMatch
from matcher.discovery import Find
from matcher.errors import EarshotError, NotConnected, NotSynced
from matcher.playlist import JointTrack, playlist_csv, playlist_m3u
from matcher.ports import Listener
from ui import acts, markup, messages, texts
from ui.components import notice
from ui.components.in_common import named
from ui.visit import Visit

words = texts.match
N_FINDS = 12
LOG_IN_FOR_PLAYLISTS = "/login?for=playlist"


@dataclass(frozen=True, slots=True)
class Found:
    """What there is for two; nothing before both agree.

    Attributes:
        artists, tracks: of theirs, what I would like.
        playlist: for both; None where it was not asked for.
    """

    artists: tuple[Find, ...] = ()
    tracks: tuple[Find, ...] = ()
    playlist: tuple[JointTrack, ...] | None = None


def ask(visit: Visit, match: SeenMatch) -> Found | None:
    """What there is for two; None before both agree, and where one of them was not read by this model.

    Raises:
        EarshotError: as `Together`.
    """
    if match.relation is not Relation.CONNECTED:
        return None
    two, other = visit.application.together, match.listener_id
    try:
        artists, tracks = two.discover_both(visit.listener_id, other, N_FINDS)
        playlist = (
            two.make_playlist(visit.listener_id, [other]) if acts.is_asked(f"playlist_{other}") else None
        )
    except (NotConnected, NotSynced):  # since the match was looked at
        return None
    return Found(artists, tracks, playlist)


def show(visit: Visit, me: Listener, match: SeenMatch, found: Found | None) -> None:
    """Both, or when they will be there."""
    st.html(f'<h2 class="es-heading">{markup.text(words.DISCOVER)}</h2>')
    if found is None:
        st.html(f'<p class="es-told">{markup.text(words.LATER)}</p>')
        return
    st.html(_finds(found))
    st.html(
        f'<h2 class="es-heading">{markup.text(words.PLAYLIST)}</h2>'
        f'<p class="es-more">{markup.text(words.PLAYLIST_MORE)}</p>'
    )
    if found.playlist is None:
        wanted = partial(acts.ask_whether, f"playlist_{match.listener_id}")
        st.button(words.MAKE, key="make_playlist", on_click=wanted)
    elif not found.playlist:
        st.html(f'<p class="es-told">{markup.text(words.NO_PLAYLIST)}</p>')
    else:
        _playlist(visit, me, match, found.playlist)


def _finds(found: Found) -> str:
    if not (found.artists or found.tracks):
        return f'<p class="es-told">{markup.text(words.NOTHING_NEW)}</p>'
    lists = (_list(words.ARTISTS, found.artists), _list(words.TRACKS, found.tracks))
    more = f'<p class="es-more">{markup.text(words.DISCOVER_MORE)}</p>'
    return f'{more}<div class="es-lists">{markup.joined(lists)}</div>'


def _list(title: str, finds: tuple[Find, ...]) -> str:
    rows = markup.joined(f"<li>{named(one.name, one.artist)}</li>" for one in finds)
    body = f"<ol>{rows}</ol>" if rows else f'<p class="es-more">{markup.text(words.NOTHING_NEW)}</p>'
    return f'<section class="es-panel"><h3>{markup.text(title)}</h3>{body}</section>'


def _playlist(visit: Visit, me: Listener, match: SeenMatch, tracks: tuple[JointTrack, ...]) -> None:
    aliases = {me.listener_id: me.alias, match.listener_id: match.alias}
    links = visit.application.playlists.links(tracks)
    rows = markup.joined(_track(one, me, match, links.get(one.key, "")) for one in tracks)
    st.html(f'<section class="es-panel"><ol class="es-playlist">{rows}</ol></section>')
    title = words.PLAYLIST_NAME.format(one=me.alias, other=match.alias)
    with st.container(key="deeds_playlist", horizontal=True, vertical_alignment="center"):
        _download(words.AS_CSV, playlist_csv(tracks, aliases, links), "csv", "text/csv")
        _download(words.AS_M3U, playlist_m3u(tracks, aliases, links, title), "m3u8", "audio/x-mpegurl")
    _to_spotify(visit, me, match, tracks)


def _track(track: JointTrack, me: Listener, match: SeenMatch, link: str) -> str:
    both = len(track.owners) > 1
    mine = track.owners[0] == me.listener_id
    who = words.FROM_BOTH if both else words.FROM_YOU if mine else ""
    told = markup.text(who) if who else markup.name(match.alias)
    whose = f'<span class="es-from">{markup.text(words.FROM).replace("{who}", told)}</span>'
    title = named(track.title, track.artist)
    there = f" {markup.outward(words.LISTEN, link)}" if link else ""
    return f"<li><span>{title}{there}</span>{whose}</li>"


def _download(label: str, content: str, ending: str, mime: str) -> None:
    name = f"{words.FILE}.{ending}"
    st.download_button(label, content, name, mime, key=f"take_{ending}", on_click="ignore")


def _to_spotify(visit: Visit, me: Listener, match: SeenMatch, tracks: tuple[JointTrack, ...]) -> None:
    """Creates it when the button was pressed in this very run, so that a reload never creates it twice."""
    playlists = visit.application.playlists
    if not playlists.may_make(visit.listener_id):
        told, link = markup.text(words.GRANT_MORE), markup.link(words.GRANT, LOG_IN_FOR_PLAYLISTS)
        st.html(f'<p class="es-more">{told} {link}</p>')
        return
    if not st.button(words.TO_SPOTIFY, key="to_spotify"):
        return
    about = words.PLAYLIST_ABOUT.format(one=me.alias, other=match.alias)
    title = words.PLAYLIST_NAME.format(one=me.alias, other=match.alias)
    try:
        made = playlists.make(visit.listener_id, title, about, tracks)
    except EarshotError as error:
        notice.show_to(visit, messages.message_for(error))
        return
    told = words.MADE_MORE.format(n=made.n_added, of=len(tracks)) if made.complete else words.MADE_PART
    link = markup.outward(words.OPEN_MADE, made.url) if made.url else ""
    st.html(
        f'<p class="es-told" role="status"><b>{markup.text(words.MADE)}</b> {markup.text(told)} {link}</p>'
    )
