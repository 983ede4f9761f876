"""Common items of two listeners, with a search."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import streamlit as st
from markupsafe import Markup

from matcher.domain.consent import Relation, SeenItem, SeenMatch
from matcher.domain.profile import Evidence
from matcher.matching.service import ItemId
from matcher.people.disclosure import LEAST_REASON
from ui import charts, texts
from ui.html import EMPTY, draw, html, joined, markup
from ui.pages.match import words
from ui.shared import heard

Effects = Mapping[ItemId, float]
NO_EFFECTS: Effects = MappingProxyType({})
NO_LINKS: Mapping[str, str] = MappingProxyType({})


def show_overlap(match: SeenMatch, mine: Evidence) -> None:
    """Draw the overlap of two libraries; nothing if the other shares no artists.

    Counts artists and tracks if both are shown, else artists alone, so that both sides count the same.
    """
    if match.n_more is None:
        return
    n_mine, n_shared, n_more = mine.n_artists, len(match.artists), match.n_more
    title, noun = words.OVERLAP_ARTISTS, words.ITEMS_ARTISTS
    if match.n_more_tracks is not None:
        n_mine, n_shared = n_mine + mine.n_tracks, n_shared + len(match.tracks)
        n_more, title, noun = n_more + match.n_more_tracks, words.OVERLAP, words.ITEMS
    left, right = charts.Heap(words.YOU, max(n_mine, n_shared)), charts.Heap(match.alias, n_more + n_shared)
    markup.draw_chart(charts.overlap(title, left, right, n_shared, noun))


def show(
    match: SeenMatch, links: Mapping[str, str], effects: Effects, plays: Mapping[str, str] = NO_LINKS
) -> None:
    """Common artists, tracks and tags that the other shows; `links` and `plays` by canonical key."""
    title = words.SHARED if match.relation is Relation.CONNECTED else words.SHARED_FEW
    note = html('<p class="es-more">{}</p>', words.EFFECTS) if effects else EMPTY
    draw(html('<h2 class="es-heading">{}</h2>{}', title, note))
    key = f"search_{match.listener_id}"
    asked = st.text_input(words.SEARCH, key=key, max_chars=100, placeholder=words.SEARCH_HINT, live=True)
    found = lists(match, (asked or "").strip().casefold(), links, effects, plays)
    draw(found or html('<p class="es-told" role="status">{}</p>', words.NOT_FOUND))


def lists(
    match: SeenMatch,
    asked: str,
    links: Mapping[str, str],
    effects: Effects = NO_EFFECTS,
    plays: Mapping[str, str] = NO_LINKS,
) -> Markup:
    """The three lists, filtered by `asked`; EMPTY if nothing matches."""
    later = match.relation is not Relation.CONNECTED
    some = texts.card
    kinds = (
        ("artists", some.FEW_ARTISTS, match.artists, words.NOTHING_YET)
        if later
        else ("artists", some.SHARED_ARTISTS, match.artists, words.NO_ARTISTS),
        ("tracks", some.SHARED_TRACKS, match.tracks, words.LATER if later else words.NO_TRACKS),
        ("tags", some.FEW_TAGS, match.tags, words.NOTHING_YET)
        if later
        else ("tags", some.SHARED_TAGS, match.tags, words.NO_TAGS),
    )
    parts = (
        _list(
            title,
            _rows(kind, _with(items, asked), links, effects, {} if kind == "tags" else plays),
            none,
            bool(asked),
        )
        for kind, title, items, none in kinds
    )
    found = joined(parts)
    return html('<div class="es-lists">{}</div>', found) if found else EMPTY


def _with(items: tuple[SeenItem, ...], asked: str) -> list[SeenItem]:
    return [item for item in items if asked in f"{item.artist} {item.name}".casefold()]


def _rows(
    kind: str,
    items: list[SeenItem],
    links: Mapping[str, str],
    effects: Effects,
    plays: Mapping[str, str],
) -> list[Markup]:
    """Items with their effects, largest first; then those without, in their order."""
    known = [effects.get((kind, item.key)) for item in items]
    order = sorted(range(len(items)), key=lambda at: (known[at] is None, -(known[at] or 0.0)))
    return [_item(items[at], links, known[at], plays.get(items[at].key, "")) for at in order]


def _item(item: SeenItem, links: Mapping[str, str], effect: float | None, play: str) -> Markup:
    name = named(item.name, item.artist, links.get(item.key, ""))
    name = heard.beside(heard.play(item.name, item.artist, play), name)
    if effect is None or abs(effect) < LEAST_REASON:
        return html("<li>{}</li>", name)
    points = html('<b class="es-points">{}</b>', texts.grammar.points(effect))
    return html('<li class="es-weighed"><span>{}</span>{}</li>', name, points)


def _list(title: str, rows: Sequence[str], none: str, searched: bool) -> Markup:
    if searched and not rows:
        return EMPTY
    count = html(' <span class="es-n">{:,}</span>', len(rows)) if rows else ""
    nothing = html('<p class="es-more">{}</p>', none)
    body = html('<ul class="es-long" tabindex="0">{}</ul>', joined(rows)) if rows else nothing
    return html('<section class="es-panel"><h3>{}{}</h3>{}</section>', title, count, body)


def named(name: str, artist: str, address: str = "") -> Markup:
    """A name with its artist, if any, linked to `address`."""
    by = html(' <span class="es-by">– {}</span>', markup.name(artist)) if artist else ""
    return markup.name_outward(name, address) + by
