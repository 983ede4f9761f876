"""Taste map: the listener, their matches, communities, and the map points."""

from collections import Counter
from collections.abc import Sequence
from math import dist

import streamlit as st
from markupsafe import Markup, escape

from matcher.browsing.map_view import MapView
from matcher.domain.consent import SeenMatch
from matcher.scoring.taste_map import Community
from ui import charts
from ui.html import EMPTY, draw, html, joined, markup
from ui.pages.map import words
from ui.request import Request
from ui.screen import address
from ui.shared import card, glossary
from ui.texts.grammar import percent

ON_MAP = 20
"""Most matches on the map."""
LONGEST_DRAWN = 30
"""Most letters of a community's name on the map; the table has all its artists."""


def show(request: Request) -> None:
    """Draw the screen; raises `MapMissing` if the model has no map."""
    seen = request.nearest(ON_MAP)
    view = request.application.map_view.draw_for(request.listener_id, [one.listener_id for one in seen])
    drawn = dict(view.matches)
    matches = [one for one in seen if one.listener_id in drawn]
    draw(markup.title(words.TITLE, words.LEAD))
    told = words.told(len(view.crowd), len(matches))
    chart = charts.scatter(words.PICTURE, [tuple(one) for one in view.crowd], spots(view, matches), told)
    with st.container(key="pair_map", horizontal=True):
        markup.draw_chart(chart)
        draw(_matches(matches))
    draw(_meaning())
    draw(_neighbourhoods(view))


def spots(view: MapView, matches: Sequence[SeenMatch]) -> list[charts.Spot]:
    """Labelled points of the map."""
    where = dict(view.matches)
    me = charts.Spot(*view.me, words.ME, "me")
    places = [_place(one, number) for number, one in enumerate(view.communities, start=1)]
    return [me, *places, *(_match(one, where[one.listener_id]) for one in matches)]


def _place(community: Community, number: int) -> charts.Spot:
    label = _drawn_names(community.names) or words.UNNAMED.format(number=number)
    return charts.Spot(*community.centre, label, "place", words.COMMUNITY.format(names=label))


def _drawn_names(names: Sequence[str]) -> str:
    """Two names if short enough, else the first."""
    both = words.NAMES_JOINED.join(names[:2])
    return both if len(both) <= LONGEST_DRAWN else "".join(names[:1])


def _match(match: SeenMatch, where: tuple[float, float]) -> charts.Spot:
    tip = words.MATCH.format(rank=match.rank, alias=markup.isolated(match.alias))
    return charts.Spot(
        *where,
        match.alias,
        "match",
        tip,
        badge=str(match.rank),
        href=address("match", listener=match.listener_id),
    )


def _matches(matches: Sequence[SeenMatch]) -> Markup:
    rows = joined(_row(one) for one in matches)
    body = html('<ol class="es-mapped">{}</ol>', rows) if rows else html("<p>{}</p>", words.MATCHES_NONE)
    return markup.section(words.MATCHES, body, glossary.of("map"))


def _row(match: SeenMatch) -> Markup:
    link = markup.link(markup.name(match.alias), address("match", listener=match.listener_id))
    return html('<li><b aria-hidden="true">{}</b>{}{}</li>', match.rank, link, card.band(match))


def _meaning() -> Markup:
    told = joined(html("<p>{}</p>", one) for one in (words.SHOWN, words.MEANING))
    return markup.section(words.MEANING_TITLE, told, css="es-panel es-read")


def _neighbourhoods(view: MapView) -> Markup:
    if not view.communities:
        return markup.section(words.NEIGHBOURHOODS, html("<p>{}</p>", words.NEIGHBOURHOODS_NONE))
    mine = _nearest(view.me, view.communities)
    n_matches = Counter(_nearest(where, view.communities) for _, where in view.matches)
    columns = (words.COLUMN_NAMES, words.COLUMN_SHARE, words.COLUMN_WHO)
    rows = (
        _neighbourhood(one, place, place == mine, n_matches[place])
        for place, one in enumerate(view.communities)
    )
    more, table = (
        html("<p>{}</p>", words.NEIGHBOURHOODS_MORE),
        markup.table("es-table es-hoods", columns, rows),
    )
    return markup.section(words.NEIGHBOURHOODS, more, table)


def _nearest(where: tuple[float, float], communities: Sequence[Community]) -> int:
    return min(range(len(communities)), key=lambda place: dist(where, communities[place].centre))


def _neighbourhood(community: Community, place: int, mine: bool, n_matches: int) -> Markup:
    named = escape(words.NAMES_JOINED).join(map(markup.name, community.names))
    names = named or words.UNNAMED.format(number=place + 1)
    return html(
        '<tr{}><th scope="row">{}</th><td>{}<span class="es-narrow">{}</span></td><td>{}</td></tr>',
        html(' class="es-here"') if mine else EMPTY,
        *(names, percent(community.share), words.SHARE_OF, words.who(mine, n_matches)),
    )
