"""A joint playlist: tracks with whose they are, how satisfied each listener is, ways to take it along."""

from collections.abc import Mapping

import streamlit as st

from matcher.errors import EarshotError
from matcher.joint import FairPlaylist
from matcher.playlist import JointTrack, playlist_csv, playlist_m3u
from ui import company, markup, messages, texts
from ui.components import notice
from ui.texts.grammar import percent
from ui.visit import Visit

PERMISSION = "/login?for=playlist"
words = texts.groups

Names = Mapping[str, str]
"""What to call each listener, by id, in the order to show them in."""


def show(visit: Visit, playlist: FairPlaylist, names: Names) -> None:
    """Draw it; says so when there is no track.

    Args:
        visit: who looks.
        playlist: what was made.
        names: aliases of all listeners, or "you".
    """
    if not playlist.tracks:
        heading = f"<h2>{markup.text(words.PLAYLIST)}</h2>"
        st.html(f'<section class="es-panel">{heading}{_p(words.PLAYLIST_NONE)}</section>')
        return
    st.html(_tracks(playlist, names))
    with st.container(key="pair_playlist", horizontal=True):
        st.html(_satisfaction(playlist, names))
        with st.container(key="take_along"):
            _take_along(visit, playlist, names)


def _p(told: str) -> str:
    return f"<p>{markup.text(told)}</p>"


def _tracks(playlist: FairPlaylist, names: Names) -> str:
    columns = ("", words.COLUMN_TRACK, words.COLUMN_FROM, words.COLUMN_SERVES)
    head = markup.joined(
        f'<th scope="col">{markup.text(one)}</th>' if one else "<td></td>" for one in columns
    )
    rows = markup.joined(_row(place, one, names) for place, one in enumerate(playlist.tracks, start=1))
    table = f'<table class="es-table es-joint"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'
    heading = f"<h2>{markup.text(words.PLAYLIST)}</h2>{_p(words.PLAYLIST_MORE)}"
    return f'<section class="es-panel">{heading}{table}</section>'


def _row(place: int, track: JointTrack, names: Names) -> str:
    artist = f'<span class="es-by">{markup.name(track.artist)}</span>' if track.artist else ""
    owners = markup.joined(f"<li>{markup.name(names[one])}</li>" for one in track.owners if one in names)
    return (
        f'<tr><td class="es-place-no">{place}</td><th scope="row">{markup.name(track.title)}{artist}</th>'
        f'<td><ul class="es-owners">{owners}</ul></td><td>{_serves(track, names)}</td></tr>'
    )


def _serves(track: JointTrack, names: Names) -> str:
    """A column a listener, the higher the more they would like it."""
    shares = [track.liking.get(one, 0.0) for one in names]
    told = markup.text(words.liking(list(names.values()), shares))
    bars = markup.joined(f'<i style="--share:{share:.2f}"></i>' for share in shares)
    return f'<span class="es-serves" role="img" aria-label="{told}" title="{told}">{bars}</span>'


def _satisfaction(playlist: FairPlaylist, names: Names) -> str:
    told = playlist.satisfaction.items()
    rows = markup.joined(_satisfied(names[one], share) for one, share in told if one in names)
    heading = f"<h2>{markup.text(words.SATISFIED)}</h2>{_p(words.SATISFIED_MORE)}"
    return f'<section class="es-panel">{heading}<ul class="es-satisfied">{rows}</ul></section>'


def _satisfied(name: str, share: float) -> str:
    bar = (
        f'<span class="es-progress" aria-hidden="true"><span style="width:{share * 100:.0f}%"></span></span>'
    )
    return f"<li>{markup.name(name)}{bar}<b>{percent(share)}</b></li>"


def _take_along(visit: Visit, playlist: FairPlaylist, names: Names) -> None:
    links = visit.application.playlists.links(playlist.tracks)
    listing = playlist_csv(playlist.tracks, names, links)
    st.download_button(words.CSV, listing, words.CSV_FILE, "text/csv", key="csv", on_click="ignore")
    entries = playlist_m3u(playlist.tracks, names, links, words.PLAYLIST)
    st.download_button(words.M3U, entries, words.M3U_FILE, "audio/x-mpegurl", key="m3u", on_click="ignore")
    if not visit.application.playlists.may_make(visit.listener_id):
        link = markup.link(words.MAKE_ASK, PERMISSION)
        st.html(f'<p class="es-evidence">{link}. {markup.text(words.MAKE_ASK_MORE)}</p>')
    elif st.button(words.MAKE, key="make_playlist", type="primary"):
        _make(visit, playlist, len(names))


def _make(visit: Visit, playlist: FairPlaylist, n: int) -> None:
    """Runs in the run that the button began, for which the session was looked up."""
    name, description = words.MAKE_NAME.format(n=n), words.MAKE_DESCRIPTION.format(n=n)
    try:
        made = company.make_in_library(visit, name, description, playlist)
    except EarshotError as error:
        notice.show_to(visit, messages.message_for(error))
        return
    more = words.made_more(made.n_added, len(made.not_found))
    notice.done(words.MADE if made.complete else words.MADE_EMPTY, more)
    if made.url:
        st.html(f"<p>{markup.outward(words.MADE_OPEN, made.url)}</p>")
