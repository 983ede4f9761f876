"""Joint playlist: tracks with owners, satisfaction, downloads, export to Spotify."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

import streamlit as st
from markupsafe import Markup

from matcher.domain.playlist import JointTrack, playlist_csv, playlist_m3u
from matcher.errors import EarshotError
from matcher.groups.joint_playlist import FairPlaylist
from matcher.ports import Linkable, MadePlaylist
from ui import messages
from ui.html import EMPTY, draw, html, joined, markup
from ui.request import Request, current_request
from ui.shared import heard, mark, notice
from ui.texts import playlist as words
from ui.texts.grammar import percent

PERMISSION = "/login?for=playlist"
_PRESSED = "make_on_spotify"
"""View state: the button was pressed, but creation has not started."""
_PAIR = 2
"""Listeners who are told apart by two colours; more have a colour and a letter each."""
_BUSY = '<button type="button" class="es-button es-tall es-busy" disabled aria-busy="true">{}</button>'


@dataclass(frozen=True, slots=True)
class About:
    """Names of a playlist.

    Attributes:
        heading, more: on the page.
        name, description: at Spotify.
        page: path of the page, for the return from Spotify's consent.
    """

    heading: str
    more: str
    name: str
    description: str
    page: str


def show(request: Request, playlist: FairPlaylist, aliases: Mapping[str, str], about: About) -> None:
    """Draw the playlist; a note if it has no track.

    `aliases` are of all listeners, by id, in the order to show.
    """
    if not playlist.tracks:
        draw(markup.section(about.heading, html("<p>{}</p>", words.NONE)))
        return
    names = {key: words.YOU if key == request.listener_id else alias for key, alias in aliases.items()}
    links = request.application.playlists.links([*map(Linkable.of, playlist.tracks)])
    draw(_tracks(playlist, names, links, about))
    with st.container(key="pair_playlist", horizontal=True):
        draw(_satisfaction(playlist, names))
        with st.container(key="take_along"):
            draw(html('<h2>{}</h2><p class="es-more">{}</p>', words.TAKE, words.TAKE_MORE))
            _downloads(playlist, aliases, links, about)
            _to_spotify(request, playlist, about)


def _tracks(
    playlist: FairPlaylist, names: Mapping[str, str], links: Mapping[str, str], about: About
) -> Markup:
    columns = ("", words.COLUMN_TRACK, words.COLUMN_FROM, words.COLUMN_SERVES)
    rows = (
        _row(place, one, names, links.get(one.key, "")) for place, one in enumerate(playlist.tracks, start=1)
    )
    more = html("<p>{} {}</p>", about.more, words.SERVES_MORE)
    return markup.section(about.heading, more, markup.table("es-table es-joint", columns, rows))


def _row(place: int, track: JointTrack, names: Mapping[str, str], link: str) -> Markup:
    by = html('<span class="es-by">{}</span>', markup.name(track.artist)) if track.artist else ""
    listen = heard.play(track.title, track.artist, link)
    owners = markup.items(_owner(names, one) for one in track.owners if one in names)
    return html(
        '<tr><td class="es-place-no">{}</td>'
        '<th scope="row"><div class="es-track">{}<span>{}{}</span></div></th>'
        '<td><ul class="es-owners">{}</ul></td><td>{}</td></tr>',
        *(place, listen, markup.name(track.title), by, owners, _serves(track, names)),
    )


def _owner(names: Mapping[str, str], listener_id: str) -> Markup:
    """A name, with its mark where there are more than two."""
    return (_mark(names, listener_id) if len(names) > _PAIR else EMPTY) + markup.name(names[listener_id])


def _mark(names: Mapping[str, str], listener_id: str) -> Markup:
    return mark.of(list(names).index(listener_id))


def _serves(track: JointTrack, names: Mapping[str, str]) -> Markup:
    """A column per listener, by how much they would like a track."""
    shares = [track.liking.get(one, 0.0) for one in names]
    told = markup.attribute(words.liking([markup.isolated(one) for one in names.values()], shares))
    css = [mark.css(n) if len(names) > _PAIR else "" for n in range(len(names))]
    bars = joined(
        html('<i class="{}" style="--share:{:.2f}"></i>', *one) for one in zip(css, shares, strict=True)
    )
    figures = html('<small aria-hidden="true">{}</small>', words.likings(shares))
    return html(
        '<span class="es-serves" role="img" aria-label="{0}" title="{0}">{1}</span> {2}', told, bars, figures
    )


def _satisfaction(playlist: FairPlaylist, names: Mapping[str, str]) -> Markup:
    told = playlist.satisfaction.items()
    rows = joined(_satisfied(_owner(names, one), share) for one, share in told if one in names)
    body = html('<p>{}</p><ul class="es-satisfied">{}</ul>', words.SATISFIED_MORE, rows)
    return markup.section(words.SATISFIED, body)


def _satisfied(name: Markup, share: float) -> Markup:
    bar = html(
        '<span class="es-progress" aria-hidden="true"><span style="width:{:.0f}%"></span></span>', share * 100
    )
    return html("<li><span>{}</span>{}<b>{}</b></li>", name, bar, percent(share))


def _downloads(
    playlist: FairPlaylist, aliases: Mapping[str, str], links: Mapping[str, str], about: About
) -> None:
    # files go to others as well, so they do not say "you"
    listing = playlist_csv(playlist.tracks, aliases, links)
    entries = playlist_m3u(playlist.tracks, aliases, links, about.name)
    with st.container(key="downloads", horizontal=True):
        st.download_button(words.CSV, listing, words.CSV_FILE, "text/csv", key="csv", on_click="ignore")
        st.download_button(
            words.M3U, entries, words.M3U_FILE, "audio/x-mpegurl", key="m3u", on_click="ignore"
        )


def _to_spotify(request: Request, playlist: FairPlaylist, about: About) -> None:
    if not request.has_spotify():
        return  # there is no Spotify to make it in; the files above are for all
    if not request.application.playlists.may_make(request.listener_id):
        link = markup.link(words.MAKE_ASK, f"{PERMISSION}&back={quote(about.page, safe='')}")
        draw(html('<p class="es-more">{}. {}</p>', link, words.MAKE_ASK_MORE))
    else:
        _maker(request, playlist, about)


@st.fragment
def _maker(request: Request, playlist: FairPlaylist, about: About) -> None:
    """The button, or progress while the playlist is created."""
    # a fragment, so that a press redraws only this part and shows progress at once
    place, told = st.empty(), st.empty()
    made = problem = None
    # counts for one run: a reload creates nothing
    if st.session_state.pop(_PRESSED, False):
        # not Streamlit's disabled button, which is unreadable in the dark theme
        draw(html(_BUSY, words.MAKING), place=place)
        draw(html('<p class="es-more" role="status">{}</p>', words.MAKING_MORE), place=told)
        try:
            if current_request(request.application) != request:  # signed out, or another listener
                st.rerun()
            playlists, me = request.application.playlists, request.listener_id
            made = playlists.make(me, about.name, about.description, playlist.tracks)
        except EarshotError as error:
            problem = messages.message_for(error)
    place.button(words.MAKE, key="to_spotify", type="primary", on_click=_press)
    with told.container():
        if problem is not None:
            notice.show_to(request, problem)
        elif made is not None:
            _tell(made)


def _press() -> None:
    st.session_state[_PRESSED] = True


def _tell(made: MadePlaylist) -> None:
    title = words.MADE if made.complete else words.MADE_EMPTY
    notice.done(
        words.MADE_BEFORE if made.was_there else title, words.made_more(made.n_added, len(made.not_found))
    )
    draw(html("<p>{}</p>", markup.outward(words.MADE_OPEN, made.url)))
