"""Groups: the listener and some of their connections."""

from collections.abc import Mapping, Sequence
from functools import partial

import streamlit as st
from markupsafe import Markup

from matcher.domain.calibration import Band
from matcher.domain.consent import Relation, SeenMatch
from matcher.errors import EarshotError
from matcher.groups.group import FEWEST, MOST, Common, Group
from matcher.ports import Contact
from ui import charts, messages, screen, texts
from ui.actions import between_listeners
from ui.html import EMPTY, controls, draw, html, joined, markup
from ui.pages.groups import group_card, words
from ui.request import Request
from ui.shared import glossary, hidden_note, joint_playlist, mark, notice
from ui.shared.card import band, chips, disc
from ui.texts.grammar import percent

WITH = "with"
"""Query parameter for the members' ids, kept by a reload."""
CHOSEN_AT_FIRST = 4
ASKED = 6
"""Matches suggested to listeners with too few connections."""
_MEMBERS = "members"
SHOWN = {"artists": 14, "tags": 10, "tracks": 6}
"""Most common items shown, by kind."""


def show(request: Request) -> None:
    """Draw the screen."""
    request.profile()
    contacts = _connected(request)
    few = len(contacts) < FEWEST - 1
    near = request.nearest(ASKED) if few else ()
    draw(markup.title(words.TITLE, words.LEAD, glossary.of("groups")))
    notice.tell(request, between_listeners.GROUPS)
    if few:
        hidden_note.show(request.choices())
        _too_few(request, contacts, near)
    else:
        _group(request, _choose(contacts))


def _connected(request: Request) -> list[Contact]:
    """Visible connections of the listener, by alias."""
    contacts = request.application.people.contacts(request.listener_id)
    seen = (one for one in contacts if one.relation is Relation.CONNECTED and one.in_sight)
    return sorted(seen, key=lambda one: (one.alias.casefold(), one.listener_id))


# ---- too few ------------------------------------------------------------------------------------------


def _too_few(request: Request, contacts: Sequence[Contact], near: Sequence[SeenMatch]) -> None:
    first = words.FEW_ONE if contacts else words.FEW_NONE
    demo = f" {words.FEW_DEMO}" if request.application.settings.demo else ""
    draw(markup.section(words.FEW_TITLE, html("<p>{} {}{}</p>", first, words.FEW_HOW, demo), css="es-notice"))
    if near:
        draw(html('<h2 class="es-heading">{}</h2>', words.FEW_NEAREST))
    links = request.links() if near else {}
    if near:
        draw(html('<div class="es-askable">{}</div>', joined(_who(request, one, links) for one in near)))


def _who(request: Request, match: SeenMatch, links: Mapping[str, str]) -> Markup:
    shared = chips(match.artists[:4], 4, links) if match.artists else ""
    near = html('<span class="es-band">{}</span>', band(match))
    name = html("<h3>{}</h3>", markup.name(match.alias))
    who = html("{}<div>{}{}{}</div>", disc(match.alias), name, near, shared)
    return html('<article class="es-asked">{}{}</article>', who, _ask(request, match))


def _ask(request: Request, match: SeenMatch) -> Markup:
    told = {Relation.ASKED_BY_ME: words.ASKED, Relation.CONNECTED: words.IS_CONNECTED}.get(match.relation)
    if told:
        return html('<p class="es-evidence">{}</p>', told)
    asked = match.relation is Relation.ASKED_BY_THEM
    do = partial(
        between_listeners.agree if asked else between_listeners.ask,
        request,
        between_listeners.GROUPS,
        match.listener_id,
    )
    label = texts.card.AGREE if asked else words.ASK
    named = texts.card.named(label, match.alias)
    return controls.button(request, label, f"ask_{match.listener_id}", do, named=named)


# ---- a group ------------------------------------------------------------------------------------------


def _choose(contacts: Sequence[Contact]) -> tuple[str, ...]:
    """Members of the group: those in the URL, else the first few connections.

    The URL overrides the widget, and is written only on a choice: so Back undoes a choice, or leaves the
    screen.
    """
    known = {one.listener_id: one.alias for one in contacts}
    wanted = _wanted(list(known))
    if st.session_state.get(_MEMBERS) != wanted:
        st.session_state[_MEMBERS] = wanted
    chosen = st.multiselect(
        words.CHOOSE,
        list(known),
        format_func=known.__getitem__,
        key=_MEMBERS,
        help=words.CHOOSE_HELP,
        max_selections=MOST - 1,
        placeholder=words.CHOOSE_NOBODY,
        select_all=False,
        on_change=_keep,
    )
    return tuple(chosen)


def _wanted(known: Sequence[str]) -> list[str]:
    typed = screen.argument(WITH)
    asked = [one for one in dict.fromkeys(typed.split(",")) if one in known][: MOST - 1]
    nobody = WITH in st.query_params and not typed
    return asked or ([] if nobody else list(known[:CHOSEN_AT_FIRST]))


def _keep() -> None:
    st.query_params[WITH] = ",".join(st.session_state[_MEMBERS])


def _group(request: Request, others: tuple[str, ...]) -> None:
    if len(others) < FEWEST - 1:
        draw(html('<p class="es-told" role="status">{}</p>', words.CHOOSE_MORE))
        return
    groups, me = request.application.groups, request.listener_id
    try:
        group, playlist = groups.look_at_group(me, others), groups.make_playlist(me, others)
    except EarshotError as error:
        notice.show_to(request, messages.message_for(error))
        return
    names = {key: words.YOU if key == request.listener_id else group.aliases[key] for key in group.member_ids}
    draw(mark.legend(names.values()))
    with st.container(key="pair_group", horizontal=True):
        with st.container(key="nearness"):
            marks = [(mark.css(n), mark.LETTERS[n]) for n in range(len(names))]
            markup.draw_chart(charts.heat_map(words.MATRIX, list(names.values()), shares_of(group), marks))
            draw(_told(group, names))
        draw(_common(group, names, request.links()))
    aliases = {key: group.aliases[key] for key in group.member_ids}
    joint_playlist.show(request, playlist, aliases, _about(len(names), others))
    group_card.show(request, group)


def _about(n: int, others: tuple[str, ...]) -> joint_playlist.About:
    lists = texts.playlist
    return joint_playlist.About(
        heading=lists.FOR_ALL,
        more=lists.FOR_ALL_MORE,
        name=lists.NAME_FOR_ALL.format(n=n),
        description=lists.ABOUT_FOR_ALL.format(n=n),
        page=screen.address("groups", **{WITH: ",".join(others)}),
    )


def shares_of(group: Group) -> list[list[float | charts.Rough | None]]:
    """Matrix of likenesses in [0, 1], symmetric; a word for two other members."""
    known: dict[frozenset[str], float | charts.Rough] = {
        frozenset(pair): near.percent.value / 100 for pair, near in group.pairs.items()
    }
    known |= {frozenset(pair): _rough(one) for pair, one in group.bands.items()}
    ids = group.member_ids
    return [[known.get(frozenset((one, other))) for other in ids] for one in ids]


def _rough(near: Band) -> charts.Rough:
    dots = words.BAND_DOTS[near]
    return charts.Rough(words.BAND_DEPTH[near], dots, texts.card.BANDS[near].lower())


def _told(group: Group, names: dict[str, str]) -> Markup:
    lines = [words.MATRIX_MORE]
    if group.nearest:
        one, other = (markup.isolated(names[key]) for key in group.nearest)
        share = percent(group.pairs[group.nearest].percent.value / 100)
        lines.insert(0, words.PAIR_NEAREST.format(one=one, other=other, percent=share))
    if group.bands:
        lines.append(words.IN_A_WORD)
    elif group.apart:
        apart = ", ".join(markup.isolated(names[key]) for key in group.apart)
        lines.insert(1, words.APART.format(names=apart))
    return html('<div class="es-beneath">{}</div>', joined(html("<p>{}</p>", one) for one in lines))


def _common(group: Group, names: dict[str, str], links: Mapping[str, str]) -> Markup:
    parts = joined(_kind(kind, getattr(group, kind), names, links) for kind in words.COMMON_KINDS)
    more = html("<p>{}</p>", words.COMMON_MORE if parts else words.COMMON_NONE)
    return markup.section(words.COMMON, more, parts, css="es-panel es-common")


def _kind(kind: str, found: Sequence[Common], names: dict[str, str], links: Mapping[str, str]) -> Markup:
    if not found:
        return EMPTY
    rows = joined(_shared(one, names, links.get(one.key, "")) for one in found[: SHOWN[kind]])
    return html('<h3>{}</h3><ul class="es-chips">{}</ul>', words.COMMON_KINDS[kind], rows)


def _shared(one: Common, names: dict[str, str], address: str) -> Markup:
    heard_by = ", ".join(markup.isolated(names[key]) for key in one.member_ids)
    who = words.HEARD_BY.format(names=heard_by)
    artist = html(' <span class="es-by">{}</span>', markup.name(one.artist)) if one.artist else ""
    count = words.count(len(one.member_ids), len(names))
    all_ids = list(names)
    dots = joined(
        html('<i class="{}"></i>', mark.css(all_ids.index(key))) for key in one.member_ids if key in names
    )
    by = html('<span class="es-dots" aria-hidden="true">{}</span>', dots)
    return html(
        '<li title="{}">{}{} {}<b>{}</b></li>', who, markup.name_outward(one.name, address), artist, by, count
    )
