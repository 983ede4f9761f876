"""Taste map: the listener, their matches, communities, and the map points."""

from collections import Counter
from collections.abc import Sequence
from math import dist

import streamlit as st
from markupsafe import Markup, escape

from matcher.browsing.map_view import MapView
from matcher.domain.consent import SeenMatch
from matcher.domain.profile import Evidence
from matcher.scoring.taste_map import Community
from ui import charts, messages, texts
from ui.actions import outcome
from ui.actions.outcome import Outcome
from ui.html import EMPTY, draw, html, joined, markup
from ui.pages.map import choosing, words
from ui.pages.taste import exclusions
from ui.pages.taste.actions import N_NEAREST, Before
from ui.request import Request
from ui.screen import address
from ui.shared import card, glossary, notice
from ui.texts.grammar import percent

ON_MAP = 20
"""Most matches on the map."""
LONGEST_DRAWN = 30
"""Most letters of a community's name on the map; the table has all of it."""
N_SHARED = 2
"""Things you both hear, in the readout of a match."""
_ME = "map_me"
"""View state: where my dot was drawn last."""

Place = tuple[float, float]


def show(request: Request) -> None:
    """Draw the screen; raises `MapMissing` if the model has no map."""
    evidence = request.profile().evidence
    found = choosing.around(request, ON_MAP)
    ids = [one.listener_id for one in found.seen]
    view = request.application.map_view.draw_for(request.listener_id, ids, found.part)
    told = _told(found)
    before = _before(view.me, told)
    drawn = dict(view.matches)
    matches = [one for one in found.seen if one.listener_id in drawn]
    draw(markup.title(words.TITLE, words.LEAD) + choosing.facets(request, found))
    if found.problem is not None:
        notice.show_to(request, messages.message_for(found.problem))
    if told is not None:
        notice.show_outcome(request, told)
    picture = words.told(len(view.crowd), len(matches))
    chart = charts.scatter(
        words.PICTURE, [tuple(one) for one in view.crowd], spots(view, matches, before), picture
    )
    with st.container(key="pair_map", horizontal=True):
        markup.draw_chart(chart)
        draw(_matches(matches, found))
    if leaving := choosing.leaving(request, found, _now(found, evidence)):
        draw(leaving)
    draw(_meaning())
    draw(_neighbourhoods(view))


def _told(found: choosing.Around) -> Outcome | None:
    """What came of leaving something out, completed with the nearest listeners now."""
    told = outcome.take(exclusions.PLACE)
    return told.finish(found.seen[:N_NEAREST]) if told and told.finish else told


def _now(found: choosing.Around, evidence: Evidence) -> Before:
    """What is now, for the outcome of the next change."""
    return Before(evidence, tuple(one.listener_id for one in found.seen[:N_NEAREST]))


def _before(me: Place, told: Outcome | None) -> Place | None:
    """Where my dot was before something was left out; None if it was not, or did not move."""
    was: Place | None = st.session_state.get(_ME)
    st.session_state[_ME] = me
    return was if told is not None and told.problem is None and was != me else None


def spots(view: MapView, matches: Sequence[SeenMatch], before: Place | None = None) -> list[charts.Spot]:
    """Labelled points of the map: with a part of my taste, my dot is where that lies."""
    where = dict(view.matches)
    me = charts.Spot(*(view.part or view.me), words.ME, "me")
    was = [charts.Spot(*view.me, words.ALL_OF_ME, "was")] if view.part else []
    was += [charts.Spot(*before, words.BEFORE, "was")] if before else []
    places = [_place(one, number) for number, one in enumerate(view.communities, start=1)]
    return [me, *was, *places, *(_match(one, where[one.listener_id]) for one in matches)]


def _place(community: Community, number: int) -> charts.Spot:
    label = _drawn_names(community.tags or community.names) or words.UNNAMED.format(number=number)
    return charts.Spot(*community.centre, label, "place")


def _drawn_names(names: Sequence[str]) -> str:
    """Two names if short enough, else the first."""
    both = words.NAMES_JOINED.join(names[:2])
    return both if len(both) <= LONGEST_DRAWN else "".join(names[:1])


def _match(match: SeenMatch, where: Place) -> charts.Spot:
    shared = [markup.isolated(one.name) for one in (*match.artists, *match.tags)[:N_SHARED]]
    near = texts.card.BANDS[match.band].lower()
    return charts.Spot(
        *where,
        match.alias,
        "match",
        words.match(match.rank, markup.isolated(match.alias), near, shared),
        badge=str(match.rank),
        href=address("match", listener=match.listener_id),
    )


def _matches(matches: Sequence[SeenMatch], found: choosing.Around) -> Markup:
    rows = joined(_row(one) for one in matches)
    body = html('<ol class="es-mapped">{}</ol>', rows) if rows else html("<p>{}</p>", words.MATCHES_NONE)
    facet = markup.isolated(found.facet.name) if found.facet else ""
    told = html('<p class="es-more es-result">{}</p>', words.drawn(len(matches), facet))
    return markup.section(words.MATCHES, told, body, glossary.of("map"))


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


def _nearest(where: Place, communities: Sequence[Community]) -> int:
    return min(range(len(communities)), key=lambda place: dist(where, communities[place].centre))


def _neighbourhood(community: Community, place: int, mine: bool, n_matches: int) -> Markup:
    names = _named(community.tags) or _named(community.names) or words.UNNAMED.format(number=place + 1)
    more = _named(community.names) if community.tags else EMPTY
    return html(
        '<tr{}><th scope="row">{}{}</th><td>{}<span class="es-narrow">{}</span></td><td>{}</td></tr>',
        html(' class="es-here"') if mine else EMPTY,
        *(names, html("<small>{}</small>", more) if more else EMPTY),
        *(percent(community.share), words.SHARE_OF, words.who(mine, n_matches)),
    )


def _named(names: Sequence[str]) -> Markup:
    return escape(words.NAMES_JOINED).join(map(markup.name, names))
