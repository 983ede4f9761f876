"""Everything two listeners share, with a search."""

import streamlit as st

from matcher.consent import Relation, SeenItem, SeenMatch
from matcher.profile import Evidence
from ui import charts, markup, texts
from ui.components import picture

words = texts.match


def show_overlap(match: SeenMatch, mine: Evidence) -> None:
    """The two records with what both share; nothing where the other shares no artists.

    Artists and tracks where both are shown, else artists alone: what is counted is the same on both sides.
    """
    if match.n_more is None:
        return
    n_mine, n_shared, n_more = mine.n_artists, len(match.artists), match.n_more
    title, noun = words.OVERLAP_ARTISTS, words.ITEMS_ARTISTS
    if match.n_more_tracks is not None:
        n_mine, n_shared = n_mine + mine.n_tracks, n_shared + len(match.tracks)
        n_more, title, noun = n_more + match.n_more_tracks, words.OVERLAP, words.ITEMS
    left, right = charts.Heap(words.YOU, max(n_mine, n_shared)), charts.Heap(match.alias, n_more + n_shared)
    picture.show(charts.overlap(title, left, right, n_shared, noun))


def show(match: SeenMatch) -> None:
    """What both share, as far as the other shows it: artists, tracks, tags."""
    st.html(f'<h2 class="es-heading">{markup.text(words.SHARED)}</h2>')
    key = f"search_{match.listener_id}"
    asked = st.text_input(words.SEARCH, key=key, max_chars=100, placeholder=words.SEARCH_HINT, live=True)
    found = lists(match, (asked or "").strip().casefold())
    st.html(found or f'<p class="es-told" role="status">{markup.text(words.NOT_FOUND)}</p>')


def lists(match: SeenMatch, asked: str) -> str:
    """The three lists as HTML, of what contains the text that is asked for; empty where nothing does."""
    tracks_later = match.relation is not Relation.CONNECTED
    parts = (
        _list(texts.card.SHARED_ARTISTS, match.artists, asked, words.NO_ARTISTS),
        _list(
            texts.card.SHARED_TRACKS, match.tracks, asked, words.LATER if tracks_later else words.NO_TRACKS
        ),
        _list(texts.card.SHARED_TAGS, match.tags, asked, words.NO_TAGS),
    )
    found = markup.joined(parts)
    return f'<div class="es-lists">{found}</div>' if found else ""


def _list(title: str, items: tuple[SeenItem, ...], asked: str, none: str) -> str:
    wanted = [item for item in items if asked in f"{item.artist} {item.name}".casefold()]
    if asked and not wanted:
        return ""
    count = f' <span class="es-n">{len(wanted):,}</span>' if wanted else ""
    rows = markup.joined(f"<li>{named(item.name, item.artist)}</li>" for item in wanted)
    nothing = f'<p class="es-more">{markup.text(none)}</p>'
    body = f'<ul class="es-long" tabindex="0">{rows}</ul>' if rows else nothing
    return f'<section class="es-panel"><h3>{markup.text(title)}{count}</h3>{body}</section>'


def named(name: str, artist: str) -> str:
    """A track with its artist, or what has no artist, as HTML."""
    by = f' <span class="es-by">– {markup.name(artist)}</span>' if artist else ""
    return f"{markup.name(name)}{by}"
