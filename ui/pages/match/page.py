"""A match: reasons, common items, discoveries, and actions."""

from collections.abc import Mapping

import streamlit as st
from markupsafe import Markup

from matcher.browsing.feedback import FeedbackAction
from matcher.browsing.history import DEPTH, Kind, MatchChange, Reason
from matcher.browsing.service import CloseLook
from matcher.domain.consent import Relation, SeenMatch
from matcher.errors import UnknownListener
from matcher.ports import Choices, Listener
from ui import charts, clock, texts
from ui.actions import between_listeners, buttons, outcome
from ui.charts import audio
from ui.html import EMPTY, controls, draw, html, markup
from ui.pages.match import connected, in_common, moment, reasons, safety, sharing_card, words
from ui.request import Request
from ui.screen import address, argument, as_left
from ui.shared import card, glossary, hidden_note, notice


def show(request: Request) -> None:
    """Draw the screen of the listener in the URL, if visible."""
    me, other_id = request.listener(), argument("listener")
    try:
        seen = request.application.browsing.look_closely(request.listener_id, other_id)
        request.note(other_id, FeedbackAction.OPENED)
    except UnknownListener:
        _not_there()
        return
    match, choices = seen.match, request.choices()
    found = connected.ask(request, match)
    links = request.links(*([match.listener_id] if found else []))
    _back()
    plays = request.plays(*([match.listener_id] if found else []))
    _head(request, me, seen, choices)
    if match.relation is Relation.CONNECTED:
        # what they came for first; how the number is worked out, and the way out, last
        connected.show(request, me, match, found)
        sharing_card.show(request, me, match)
        _sound(seen)
        in_common.show(match, links, seen.effects, plays)
        _why(seen)
        draw(safety.disconnect(request, match.listener_id, match.alias))
    else:
        moment.wait(match.listener_id)
        _why(seen)
        _sound(seen)
        in_common.show(match, links, seen.effects, plays)
        connected.show(request, me, match, found)
        sharing_card.show(request, me, match)
    safety.show(request, match.listener_id, match.alias)


def _not_there() -> None:
    for place in (between_listeners.MATCH, between_listeners.SAFETY):
        outcome.take(place)  # the page itself shows the outcome
    draw(markup.title(words.NOT_THERE, words.NOT_THERE_MORE))
    _back()


def _back() -> None:
    draw(html('<p class="es-back">{}</p>', markup.link(words.BACK, address("", **as_left("")))))


def _head(request: Request, me: Listener, seen: CloseLook, choices: Choices) -> None:
    match = seen.match
    told = (words.RELATIONS if choices.in_sight else words.RELATIONS_UNSEEN)[match.relation]
    told = words.OPEN_DATA_NOTE if match.is_open_data else told
    note = html('<p class="es-note">{}</p>', words.SYNTHETIC_NOTE) if _answers_at_once(match) else ""
    link = markup.outward(words.PROFILE_LINK, match.profile_url) if match.profile_url else ""
    head = html(
        '<header class="es-me es-match">{}<div><h1>{}</h1><p class="es-labels">{}</p>'
        '<p class="es-evidence">{} {}</p>{}</div>{}</header>',
        *(_discs(me, match), _names(me, match), card.labels(match)),
        *(told, link, note, card.nearness(match)),
    )
    draw(head)
    moment.show(match.listener_id)
    draw(_meaning(seen) + _since(seen) + glossary.of("match"))
    if match.relation is not Relation.CONNECTED and not match.is_open_data:
        place = between_listeners.MATCH
        draw(
            controls.row(
                buttons.connection(request, place, match.listener_id, match.relation, alias=match.alias)
            )
        )
    notice.tell(request, between_listeners.MATCH)
    hidden_note.show_beside(choices, match.relation)


def _discs(me: Listener, match: SeenMatch) -> Markup:
    """The record of the other; once connected, both records, one over the other."""
    if match.relation is not Relation.CONNECTED:
        return card.disc(match.alias)
    return html('<span class="es-two">{}{}</span>', card.disc(me.alias), card.disc(match.alias))


def _names(me: Listener, match: SeenMatch) -> Markup:
    theirs = markup.name(match.alias, "es-alias")
    if match.relation is not Relation.CONNECTED:
        return theirs
    return markup.filled(words.BOTH, me=markup.name(me.alias, "es-alias"), other=theirs)


def _answers_at_once(match: SeenMatch) -> bool:
    return match.is_made_up and match.relation is Relation.STRANGERS


def _meaning(seen: CloseLook) -> Markup:
    match = seen.match
    told = texts.card.BAND_MEANING[match.band]
    if match.percent is not None:
        told = texts.card.percent_meaning(match.percent)
    if seen.n_nearer is not None and seen.n_others > 1:
        told = f"{words.nearer_than(seen.n_nearer, seen.n_others)} {told}"
    return html('<p class="es-meaning">{}</p>', f"{told} {words.WORKED_OUT}")


def _since(seen: CloseLook) -> Markup:
    """Change of this match since the last look, and its reasons; EMPTY if unknown."""
    told = _changed(seen)
    if seen.before_utc is None or not told:
        return EMPTY
    since = texts.grammar.at(words.CHANGED, clock.here(seen.before_utc))
    return html('<p class="es-told"><b>{}:</b> {}.</p>', since, told)


def _changed(seen: CloseLook) -> str:
    change = seen.change
    if change is None:
        return words.CHANGE_SAME if seen.is_same else ""
    if change.kind is Kind.MOVED:
        # likenesses of two models are on two scales
        told = _moved(change, seen.match.percent is not None and Reason.MODEL not in change.reasons)
    else:
        told = (words.CHANGE_NEW if change.kind is Kind.NEW else words.CHANGE_GONE).format(n=DEPTH)
    why = texts.card.WHY_ALL.format(reasons=card.why(change)).rstrip(".")
    return f"{told}. {why}"


def _moved(change: MatchChange, exact: bool) -> str:
    """Movement of a match; the change of score only if the score itself is shown."""
    pattern = words.CHANGE_UP if change.moved_up > 0 else words.CHANGE_DOWN
    places = texts.card.places(abs(change.moved_up))
    place = pattern.format(places=places) if change.moved_up else words.CHANGE_PLACE
    if exact:
        return f"{place}, {words.CHANGE_SCORE.format(change=texts.grammar.change(change.score_change))}"
    return place if change.moved_up else f"{place}, {words.CHANGE_NEARNESS}"


def _why(seen: CloseLook) -> None:
    match = seen.match
    if match.parts is None:
        draw(_reasons(seen, words.STRONGEST if match.reasons else words.NO_REASONS))
        return
    parts = _parts(match.parts)
    with st.container(key="pair_why", horizontal=True):
        markup.draw_chart(charts.waterfall(words.WATERFALL, parts))
        draw(_reasons(seen, words.WATERFALL_NOTE))


def _reasons(seen: CloseLook, note: str) -> Markup:
    return markup.section(words.WHY, reasons.listed(seen), html('<p class="es-more">{}</p>', note))


def _parts(parts: Mapping[str, float]) -> list[charts.Part]:
    """Parts of a score, largest first, without zeros; their sum is the score."""
    named = texts.card.COMPONENTS
    return [
        charts.Part(named.get(name, name), value, texts.card.COMPONENT_MEANING.get(name, ""))
        for name, value in sorted(parts.items(), key=lambda part: (-part[1], part[0]))
        if abs(value) > 1e-6
    ]


def _sound(seen: CloseLook) -> None:
    """Sound of both, and their overlap."""
    with st.container(key="pair_sound", horizontal=True):
        markup.draw_chart(_radar(seen))
        if seen.match.relation is Relation.CONNECTED:
            in_common.show_overlap(seen.match, seen.evidence)
        else:
            draw(_later())
    if seen.my_sound is None:
        draw(html('<p class="es-more">{}</p>', words.NO_SOUND))
    elif seen.match.relation is Relation.CONNECTED and seen.their_sound is None:
        draw(html('<p class="es-more">{}</p>', words.SOUND_KEPT))


def _radar(seen: CloseLook) -> Markup:
    mine = [audio.outline(words.YOU, seen.my_sound)] if seen.my_sound else []
    theirs = [audio.outline(seen.match.alias, seen.their_sound)] if seen.their_sound else []
    return charts.radar(words.SOUND, audio.axes(), [*mine, *theirs])


def _later() -> Markup:
    """What a connection will show."""
    rows = markup.items(one for one in words.AFTER)
    return markup.section(words.AFTER_TITLE, html('<ul class="es-reasons es-even">{}</ul>', rows))
