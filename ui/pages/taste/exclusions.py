"""My taste: exclusions, with their effect on the matches."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256

import streamlit as st
from markupsafe import Markup

from matcher.domain.consent import SeenMatch
from matcher.domain.exclusions import Exclusion, Kind
from matcher.domain.names.spelling import normalise
from matcher.domain.profile import Evidence
from matcher.taste.library_entries import Entry
from ui import clock
from ui.actions import outcome
from ui.actions.outcome import Outcome
from ui.html import controls, draw, html, joined, markup
from ui.pages.taste import actions, words
from ui.pages.taste.actions import Before
from ui.request import Request
from ui.shared import notice
from ui.texts import grammar
from ui.texts.parts import part_name

N_SHOWN = 6
PLACE = "taste"
_KIND, _FIND, _FROM, _TO = "taste_kind", "taste_find", "taste_from", "taste_to"


@dataclass(frozen=True, slots=True)
class Choice:
    """Data for the exclusions panel.

    Attributes:
        kind: the selected kind.
        entries: everything of that kind in the library.
        exclusions: latest first.
        nearest: present nearest listeners.
        evidence: of the profile.
    """

    kind: Kind
    entries: Sequence[Entry]
    exclusions: Sequence[Entry]
    nearest: Sequence[SeenMatch]
    evidence: Evidence

    @property
    def before(self) -> Before:
        """State before a change, for its outcome."""
        return Before(self.evidence, tuple(one.listener_id for one in self.nearest))


def kind_looked_at() -> Kind:
    """The kind selected in this tab."""
    place: int = st.session_state.get(_KIND, 0)
    return list(Kind)[place]


def _look_at(kind: str) -> None:
    st.session_state[_KIND] = list(Kind).index(Kind(kind))


def show(request: Request, choice: Choice) -> None:
    """Draw choices on the left, their effect on matches on the right."""
    told = outcome.take(PLACE)
    if told and told.finish:
        told = told.finish(choice.nearest)
    with markup.panel("leave", words.LEAVE_OUT, words.LEAVE_OUT_LEAD):
        if told:
            notice.show_outcome(request, told)
        with st.container(key="halves_leave", horizontal=True):
            with st.container(key="half_choose"):
                _choose(request, choice)
            with st.container(key="half_near"):
                draw(_nearest(choice.nearest, told))
        _exclusions(request, choice)


def name_of(entry: Entry) -> str:
    """Name of an entry; months and parts have our own names."""
    if entry.thing.kind is Kind.PERIOD:
        return words.month(entry.thing.value)
    if entry.name:
        by = (
            html(' <span class="es-by">{}</span>', markup.name(entry.artist_name))
            if entry.artist_name
            else ""
        )
        return markup.name(entry.name) + by
    if entry.thing.kind is Kind.FACET:
        return part_name(entry.thing.value)
    return markup.name(entry.thing.value)


def leave_out(request: Request, thing: Exclusion, before: Before) -> None:
    """Action of a button that adds an exclusion."""
    outcome.perform(request, PLACE, lambda now: actions.leave_out(now, thing, before))


def leave_out_noise(request: Request, before: Before) -> None:
    """Action of the button that leaves out what is no taste."""
    outcome.perform(request, PLACE, lambda now: actions.leave_out_noise(now, before))


def count_noise(request: Request, before: Before, counts: bool) -> None:
    """Action of the button that lets what is no taste count, or hardly."""
    outcome.perform(request, PLACE, lambda now: actions.count_noise(now, before, counts=counts))


def put_back(request: Request, thing: Exclusion, before: Before) -> None:
    """Action of a button that removes an exclusion."""
    outcome.perform(request, PLACE, lambda now: actions.put_back(now, thing, before))


def _choose(request: Request, choice: Choice) -> None:
    draw(controls.choices(request, words.KIND, "kind", words.KINDS, choice.kind, _look_at))
    if choice.kind is Kind.PERIOD:
        _months(request, choice)
        return
    wanted = st.text_input(
        words.FIND[choice.kind],
        key=f"{_FIND}_{choice.kind}",
        max_chars=100,
        type="search",
        live=True,
        autocomplete="off",
    )
    found = matching(choice.entries, wanted or "")
    if found:
        draw(markup.lines(_entry(request, one, choice.before) for one in found[:N_SHOWN]))
    _more(choice.entries, len(found))


def matching(entries: Sequence[Entry], wanted: str) -> list[Entry]:
    """Entries whose name, artist or part contains the text; all for ""."""
    plain, written = normalise(wanted), wanted.strip().casefold()
    if not written:
        return list(entries)
    return [one for one in entries if written in _written(one) or (plain and plain in one.thing.value)]


def _written(entry: Entry) -> str:
    name = entry.name or (part_name(entry.thing.value) if entry.thing.kind is Kind.FACET else "")
    return f"{name}\n{entry.artist_name}".casefold()


def _more(entries: Sequence[Entry], n_found: int) -> None:
    told = words.NOTHING_FOUND if entries else words.NOTHING_OF_IT
    if n_found > N_SHOWN:
        told = words.MORE.format(n=f"{n_found - N_SHOWN:,}")
    if not n_found or n_found > N_SHOWN:
        draw(html('<p class="es-more">{}</p>', told))


def _entry(request: Request, entry: Entry, before: Before) -> Markup:
    told = words.share(entry.share) if entry.since_utc is None else words.IS_OUT
    key = key_of(entry.thing)
    if entry.since_utc is None:
        do = partial(leave_out, request, entry.thing, before)
        button = controls.button(request, words.LEAVE, f"leave_{key}", do)
    else:
        button = _back_button(request, f"undo_{key}", entry.thing, before)
    return _line(entry, told, button)


def _line(entry: Entry, told: str, button: str) -> Markup:
    return html("<li>{}{}</li>", markup.entry(name_of(entry), told), button)


def _months(request: Request, choice: Choice) -> None:
    entries = choice.entries
    if not entries:
        draw(html('<p class="es-more">{}</p>', words.NO_MONTHS))
        return
    months = [one.thing.value for one in entries]
    with st.container(key="months", horizontal=True):
        first = st.selectbox(words.FROM_MONTH, months, len(months) - 1, format_func=words.month, key=_FROM)
        last = st.selectbox(words.TO_MONTH, months, len(months) - 1, format_func=words.month, key=_TO)
    if not first or not last or last < first:
        draw(html('<p class="es-more" role="alert">{}</p>', words.WRONG_MONTHS))
        return
    covered = sum(one.share for one in entries if first <= one.thing.value <= last)
    draw(html('<p class="es-more">{}</p>', words.share(min(covered, 1.0))))
    value = first if first == last else f"{first}..{last}"
    do = partial(leave_out, request, Exclusion(Kind.PERIOD, value), choice.before)
    draw(controls.row(controls.button(request, words.LEAVE_MONTHS, "leave_months", do)))


def _exclusions(request: Request, choice: Choice) -> None:
    heading = html('<h3 class="es-minor">{}</h3>', words.EXCLUSIONS)
    if not choice.exclusions:
        draw(html('{}<p class="es-more">{}</p>', heading, words.NO_EXCLUSIONS))
        return
    draw(heading + markup.lines(_left(request, one, choice.before) for one in choice.exclusions))


def _left(request: Request, entry: Entry, before: Before) -> Markup:
    button = _back_button(request, f"back_{key_of(entry.thing)}", entry.thing, before)
    return _line(entry, _since(entry), button)


def _since(entry: Entry) -> str:
    kind = words.KIND_OF[entry.thing.kind]
    since = grammar.at(words.SINCE, clock.here(entry.since_utc)) if entry.since_utc else ""
    left = "" if entry.n_items else words.NOT_THERE
    return " · ".join(one for one in (kind, since, left) if one)


def _back_button(request: Request, key: str, thing: Exclusion, before: Before) -> Markup:
    do = partial(put_back, request, thing, before)
    return controls.button(request, words.UNDO, key, do)


def _nearest(nearest: Sequence[SeenMatch], told: Outcome | None) -> Markup:
    fresh = told.fresh if told else frozenset()
    badge = html(' <span class="es-new">{}</span>', words.NEW)
    rows = joined(
        html("<li>{}{}</li>", markup.name(one.alias), badge if one.listener_id in fresh else "")
        for one in nearest
    )
    head = html('<h3 class="es-minor">{}</h3>', words.NEAREST)
    if not nearest:
        return html('{}<p class="es-more">{}</p>', head, words.NEAREST_NONE)
    return html('{}<ol class="es-nearest">{}</ol>', head, rows)


def key_of(thing: Exclusion) -> str:
    """Key of an exclusion in the page's state, without its name."""
    return sha256(f"{thing.kind}\n{thing.value}".encode("utf-8", "surrogatepass")).hexdigest()[:12]
