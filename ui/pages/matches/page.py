"""Matches: the nearest listeners, and what they have in common with the viewer."""

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial

import streamlit as st
from markupsafe import Markup

from matcher.browsing.history import Kind, WhatChanged
from matcher.browsing.reasons import tell_apart
from matcher.browsing.service import MatchFilters, Sight
from matcher.domain.consent import Relation
from matcher.domain.listening import PartStatus
from matcher.errors import EarshotError, Stopped, TasteTooSoon
from matcher.ports import Choices, Contact, Listener
from ui import clock, messages, texts
from ui.actions import between_listeners, buttons, outcome
from ui.html import EMPTY, controls, draw, html, joined, markup
from ui.messages import Message
from ui.pages.matches import facet_chips, filters, heading, paging, query_parameters, words
from ui.request import FIRST_READING, Dates, Request
from ui.screen import address
from ui.shared import hidden_note, notice, story, sync_progress
from ui.shared.card import card, disc
from ui.shared.progress_steps import calls_of
from wiring.syncs import SyncState, SyncStatus

N_CONNECTED = 12


def show(request: Request) -> None:
    """Draw the screen: the nearest listener stands first, what the list rests on last."""
    sync = request.sync()  # before the matches: a finished sync is then in the store
    listener, wanted = request.listener(), query_parameters.read()
    facets = facet_chips.found(request) if wanted.facet else facet_chips.known(request)
    match_filters = paging.paged(filters.chosen(wanted, facets or ()), wanted)
    found, match_filters, too_soon = _looked(request, match_filters)
    dates, contacts = request.dates(), request.application.people.contacts(request.listener_id)
    choices = request.choices()
    _reminders(request, dates)
    _heading(request, listener, dates, sync)
    if note := hidden_note.line(request, choices):
        draw(note)
    _requests(request, contacts)
    if found.changed is not None and (since := _since(found.changed)):
        draw(since)
    if waits := story.waiting():
        draw(waits)
    narrowing = st.empty()
    bar = partial(filters.bar, request, found, match_filters, wanted)
    draw(bar(facets or ()), place=narrowing)
    if too_soon is not None:
        notice.show_to(request, too_soon)
    _list(request, found, match_filters, paging.number_of(found, wanted), choices)
    _below(request, found, contacts, of_facet=bool(match_filters.facet_id))
    if facets is None:  # found once the list is drawn, as that takes a moment
        with suppress(EarshotError):  # only the chips are missing then
            draw(bar(facet_chips.found(request)), place=narrowing)


def _reminders(request: Request, dates: Dates) -> None:
    if dates.reconnect_by_utc is not None:
        told = texts.grammar.at(texts.frame.RECONNECT_BY, clock.here(dates.reconnect_by_utc))
        notice.reminder(told, notice.sign_in(request.application.settings.demo))
    if dates.rests_until_utc is not None:
        until = clock.here(messages.whole_minute(dates.rests_until_utc))
        notice.reminder(texts.grammar.at(texts.sync.RESTING, until))


def _looked(request: Request, match_filters: MatchFilters) -> tuple[Sight, MatchFilters, Message | None]:
    """The matches; after too many facets, those of the whole taste, and a message."""
    look = partial(request.application.browsing.look, request.listener_id)
    try:
        return look(match_filters), match_filters, None
    except TasteTooSoon as error:
        whole = replace(match_filters, facet_id="")
        return look(whole), whole, messages.message_for(error)


def _requests(request: Request, contacts: Sequence[Contact]) -> None:
    """Draw requests to the listener in one line that unfolds, and the outcome of the last answer."""
    notice.tell(request, between_listeners.REQUESTS)
    asking = [one for one in contacts if one.relation is Relation.ASKED_BY_THEM]
    if not asking:
        return
    rows = joined(_asker(request, one) for one in asking)
    folded = '<details class="es-tuck es-asking" data-fold="requests"><summary>{}</summary>{}</details>'
    draw(html(folded, words.asking(len(asking)), rows))


def _asker(request: Request, one: Contact) -> Markup:
    """A request with its buttons; hidden or paused listeners appear by alias alone."""
    unseen = "" if one.in_sight else html("<br><small>{}</small>", texts.connecting.ASKER_UNSEEN)
    named = texts.card.named(texts.card.OPEN, one.alias)
    link = markup.link(texts.card.OPEN, address("match", listener=one.listener_id), "es-button", named)
    place, key = between_listeners.REQUESTS, one.listener_id
    answers = buttons.connection(request, place, key, one.relation, alias=one.alias)
    return html(
        '<div class="es-asks">{}<span><b>{}</b>{}</span>{}</div>',
        *(disc(one.alias), markup.name(one.alias), unseen),
        controls.row(link if one.in_sight else "", answers),
    )


def also_connected(contacts: Sequence[Contact], found: Sight) -> list[Contact]:
    """Visible connections that are not in the list."""
    listed = {one.listener_id for one in found.matches}
    known = (one for one in contacts if one.relation is Relation.CONNECTED and one.in_sight)
    return [one for one in known if one.listener_id not in listed]


def _connected(others: Sequence[Contact]) -> Markup:
    """Links to connections."""
    links = [
        markup.link(markup.name(one.alias), address("match", listener=one.listener_id))
        for one in others[:N_CONNECTED]
    ]
    if len(others) > N_CONNECTED:
        links.append(markup.link(words.ALL_CONNECTED, address("people")))
    rows = markup.items(one for one in links)
    section = '<section class="es-connected"><h2 class="es-minor">{}</h2><ul>{}</ul></section>'
    return html(section, words.ALSO_CONNECTED, rows)


def _since(changed: WhatChanged) -> Markup:
    """Changes since the last look, and reasons; EMPTY if only scores changed."""
    counts = Counter(one.kind for one in changed.changes if one.kind is not Kind.MOVED or one.moved_up)
    patterns = ((Kind.NEW, words.N_NEW), (Kind.MOVED, words.N_MOVED), (Kind.GONE, words.N_GONE))
    told = ", ".join(pattern.format(n=counts[kind]) for kind, pattern in patterns if counts[kind])
    if not told:
        return EMPTY
    reasons = sorted({reason for one in changed.changes for reason in one.reasons})
    why = texts.card.WHY_ALL.format(reasons=", ".join(texts.card.WHY[one] for one in reasons))
    since = texts.grammar.at(words.SINCE, clock.here(changed.before_utc))
    return html('<p class="es-told"><b>{}:</b> {}. {}</p>', since, told, why)


def _heading(request: Request, listener: Listener, dates: Dates, sync: SyncState | None) -> None:
    """Draw the head with the refresh button, its progress, or its outcome."""
    running = sync is not None and sync.status is SyncStatus.RUNNING
    with st.container(
        key="heading", horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
    ):
        heading.show_me(listener)
        if not running:
            heading.show_refresh(request, dates.refresh_at_utc)
    notice.tell(request, outcome.READING)
    with st.container():  # always drawn, so that later elements keep their position and state
        if sync is not None:
            _news(request, sync)


def _news(request: Request, sync: SyncState) -> None:
    if sync.status is SyncStatus.RUNNING:
        sync_progress.watch(request, sync_progress.draw_strip)
        return
    first = st.session_state.pop(FIRST_READING, False)
    if sync.error is not None or not first:
        _ended(request, sync)
    request.application.syncs.dismiss(request.listener_id)


def _ended(request: Request, sync: SyncState) -> None:
    if isinstance(sync.error, Stopped):
        told = messages.message_for(sync.error)
        notice.done(f"{told.title}.", f"{told.happened} {told.cure}")
    elif sync.error is not None:
        notice.show_to(request, messages.message_for(sync.error))
    elif sync.changed:
        notice.done(texts.sync.CHANGED, _with_gaps(texts.sync.CHANGED_MORE, sync))
    else:
        notice.done(texts.sync.UNCHANGED, _with_gaps(texts.sync.UNCHANGED_MORE, sync))


def _with_gaps(told: str, sync: SyncState) -> str:
    """`told` with the parts that could not be read."""
    failed = (part for part, status in sync.parts.items() if status is PartStatus.FAILED)
    denied = (part for part, status in sync.parts.items() if status is PartStatus.DENIED)
    gaps = (texts.sync.unread(texts.sync.KEPT, failed), texts.sync.unread(texts.sync.DENIED, denied))
    calls = calls_of(sync)
    ending = (texts.sync.skipped(sync.n_playlists_skipped), calls and f"{calls}.")
    return " ".join(text for text in (told, *gaps, *ending) if text)


def _list(request: Request, found: Sight, match_filters: MatchFilters, number: int, choices: Choices) -> None:
    """Draw the cards of a page; `choices` are the viewer's."""
    page = paging.on_page(found, number)
    first_as = "" if choices.discoverable or choices.note_closed else choices.alias
    notice.tell(request, between_listeners.LIST)
    shown = {between_listeners.at_card(one.listener_id) for one in page}
    for place in outcome.waiting(between_listeners.CARD):
        if place not in shown:
            notice.tell(request, place)
    if not found.matches:
        told = words.ALL_HIDDEN if found.n_dismissed and not found.tags else words.NARROWED_TO_NOBODY
        draw(html('<p class="es-told" role="status">{}</p>', told))
    changes = {one.other_id: one for one in found.changed.changes} if found.changed else {}
    links = request.links()
    for one, why in zip(page, tell_apart(page), strict=True):
        of_whom = (one.listener_id, one.relation)
        may_ask = not one.is_open_data
        below = buttons.for_card(request, *of_whom, choices.in_sight, may_ask, one.alias, first_as)
        draw(card(one, why, changes.get(one.listener_id), links, below))
        notice.tell(request, between_listeners.at_card(one.listener_id))
    paging.show(request, found, match_filters, number)


def _below(request: Request, found: Sight, contacts: Sequence[Contact], of_facet: bool) -> None:
    """Draw what comes after the list: who was hidden, further connections, what the list rests on."""
    if found.n_dismissed:
        draw(_dismissed(request, found.n_dismissed))
    if others := also_connected(contacts, found):
        draw(_connected(others))
    draw(heading.basis(found, of_facet))


def _dismissed(request: Request, n: int) -> Markup:
    """Number of hidden matches, with a button to show them."""
    do = partial(between_listeners.undo_dismissals, request)
    button = controls.button(request, words.UNHIDE, "unhide", do, controls.PLAIN)
    return html('<p class="es-put-away"><span class="es-more">{}</span>{}</p>', words.hidden(n), button)
