"""The taste map: me, my matches, the neighbourhoods, and where everybody else is."""

from collections import Counter
from collections.abc import Sequence
from math import dist

import streamlit as st

from matcher.browsing.map_view import MapView
from matcher.domain.consent import SeenMatch
from matcher.scoring.taste_map import Community
from ui import charts
from ui.html import markup, picture
from ui.pages.map import words
from ui.request import Request
from ui.screen import address
from ui.shared import card, glossary, groups
from ui.shared.groups import Surroundings
from ui.texts.grammar import percent

LONGEST_DRAWN = 30
"""Letters of two artists that name a neighbourhood in the picture; the table has all artists."""


def show(request: Request) -> None:
    """Draw the screen.

    Raises:
        MapMissing: the model in service has no map.
        NotSynced: the library was not read yet.
        StorageUnreachable: the database does not answer.
    """
    around = groups.look_around(request)
    heading = f"<h1>{markup.text(words.TITLE)}</h1>"
    st.html(f'<header class="es-title">{heading}<p>{markup.text(words.LEAD)}</p></header>')
    view = around.view
    told = words.told(len(view.crowd), len(around.matches))
    drawn = charts.scatter(words.PICTURE, [tuple(one) for one in view.crowd], spots(around), told)
    with st.container(key="pair_map", horizontal=True):
        picture.show(drawn)
        st.html(_matches(around.matches))
    st.html(_meaning())
    st.html(_neighbourhoods(view))


def spots(around: Surroundings) -> list[charts.Spot]:
    """What is named on the map."""
    view, where = around.view, dict(around.view.matches)
    me = charts.Spot(*view.me, words.ME, "me")
    places = [_place(one, number) for number, one in enumerate(view.communities, start=1)]
    return [me, *places, *(_match(one, where[one.listener_id]) for one in around.matches)]


def _place(community: Community, number: int) -> charts.Spot:
    label = _drawn_names(community.names) or words.UNNAMED.format(number=number)
    return charts.Spot(*community.centre, label, "place", words.COMMUNITY.format(names=label))


def _drawn_names(names: Sequence[str]) -> str:
    """Two names where they are short enough, else the first."""
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


def _matches(matches: Sequence[SeenMatch]) -> str:
    rows = markup.joined(_row(one) for one in matches)
    body = f'<ol class="es-mapped">{rows}</ol>' if rows else f"<p>{markup.text(words.MATCHES_NONE)}</p>"
    return (
        f'<section class="es-panel"><h2>{markup.text(words.MATCHES)}</h2>{body}{glossary.of("map")}</section>'
    )


def _row(match: SeenMatch) -> str:
    link = markup.name_link(match.alias, address("match", listener=match.listener_id))
    return f'<li><b aria-hidden="true">{match.rank}</b>{link}{card.band(match)}</li>'


def _meaning() -> str:
    told = markup.joined(f"<p>{markup.text(one)}</p>" for one in (words.SHOWN, words.MEANING))
    heading = f"<h2>{markup.text(words.MEANING_TITLE)}</h2>"
    return f'<section class="es-panel es-read">{heading}{told}</section>'


def _neighbourhoods(view: MapView) -> str:
    heading = f"<h2>{markup.text(words.NEIGHBOURHOODS)}</h2>"
    if not view.communities:
        return f'<section class="es-panel">{heading}<p>{markup.text(words.NEIGHBOURHOODS_NONE)}</p></section>'
    mine = _nearest(view.me, view.communities)
    n_matches = Counter(_nearest(where, view.communities) for _, where in view.matches)
    columns = (words.COLUMN_NAMES, words.COLUMN_SHARE, words.COLUMN_WHO)
    head = markup.joined(f'<th scope="col">{markup.text(one)}</th>' for one in columns)
    rows = markup.joined(
        _neighbourhood(one, place, place == mine, n_matches[place])
        for place, one in enumerate(view.communities)
    )
    more = f"<p>{markup.text(words.NEIGHBOURHOODS_MORE)}</p>"
    table = f'<table class="es-table es-hoods"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'
    return f'<section class="es-panel">{heading}{more}{table}</section>'


def _nearest(where: tuple[float, float], communities: Sequence[Community]) -> int:
    return min(range(len(communities)), key=lambda place: dist(where, communities[place].centre))


def _neighbourhood(community: Community, place: int, mine: bool, n_matches: int) -> str:
    named = f"{markup.text(words.NAMES_JOINED)}".join(map(markup.name, community.names))
    names = named or markup.text(words.UNNAMED.format(number=place + 1))
    css = ' class="es-here"' if mine else ""
    of = f'<span class="es-narrow">{markup.text(words.SHARE_OF)}</span>'
    return (
        f'<tr{css}><th scope="row">{names}</th><td>{percent(community.share)}{of}</td>'
        f"<td>{markup.text(words.who(mine, n_matches))}</td></tr>"
    )
