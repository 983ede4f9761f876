"""Matches: the listeners nearest to me, and what I share with each."""

import streamlit as st

from matcher.errors import Stopped
from matcher.listening import PartStatus
from matcher.service import MatchList
from ui import markup, messages, texts
from ui.components import notice, profile_header, refresh_button, sync_progress
from ui.components.card import cards
from ui.components.steps import calls_of
from ui.visit import FIRST_READING, Dates, Visit
from wiring.syncs import SyncState, SyncStatus

PAGE = 20
MOST = 50
_WIDE = "all_matches"


def n_shown() -> int:
    """How many matches this browser tab wants to see."""
    return MOST if st.session_state.get(_WIDE) else PAGE


def show(visit: Visit) -> None:
    """Draw the screen.

    Raises:
        EarshotError: what the listener, the matches or the dates raise; nothing is drawn then.
    """
    sync = visit.sync()  # before the matches: what it says is done is then in the store
    listener, found, dates = visit.listener(), visit.matches(n_shown()), visit.dates()
    demo = visit.application.settings.demo
    if dates.reconnect_by_utc is not None:
        told = texts.grammar.at(texts.frame.RECONNECT_BY, dates.reconnect_by_utc)
        notice.reminder(told, notice.sign_in(demo))
    profile_header.show(listener, found, attributed=not demo)
    _refreshing(visit, dates, sync)
    _list(found)


def _refreshing(visit: Visit, dates: Dates, sync: SyncState | None) -> None:
    """The list's heading with the refresh: its button, its progress, or how it ended, told once."""
    running = sync is not None and sync.status is SyncStatus.RUNNING
    with st.container(
        key="heading", horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
    ):
        st.html(f'<h2 class="es-heading">{markup.text(texts.matches.LISTENERS)}</h2>', width="content")
        if not running:
            refresh_button.show(visit, dates.refresh_at_utc)
    with st.container():  # always there, so that what follows keeps its place, and stays unfolded
        if sync is not None:
            _news(visit, sync)


def _news(visit: Visit, sync: SyncState) -> None:
    if sync.status is SyncStatus.RUNNING:
        sync_progress.watch(visit, sync_progress.draw_strip)
        return
    first = st.session_state.pop(FIRST_READING, False)
    if sync.error is not None or not first:
        _ended(visit, sync)
    visit.dismiss_sync()


def _ended(visit: Visit, sync: SyncState) -> None:
    if isinstance(sync.error, Stopped):
        told = messages.message_for(sync.error)
        notice.done(f"{told.title}.", f"{told.happened} {told.cure}")
    elif sync.error is not None:
        notice.show_to(visit, messages.message_for(sync.error))
    elif sync.changed:
        notice.done(texts.sync.CHANGED, _with_gaps(texts.sync.CHANGED_MORE, sync))
    else:
        notice.done(texts.sync.UNCHANGED, _with_gaps(texts.sync.UNCHANGED_MORE, sync))


def _with_gaps(told: str, sync: SyncState) -> str:
    """What is told, and what could not be read."""
    failed = (part for part, status in sync.parts.items() if status is PartStatus.FAILED)
    denied = (part for part, status in sync.parts.items() if status is PartStatus.DENIED)
    gaps = (texts.sync.unread(texts.sync.KEPT, failed), texts.sync.unread(texts.sync.DENIED, denied))
    calls = calls_of(sync)
    ending = (texts.sync.skipped(sync.n_playlists_skipped), calls and f"{calls}.")
    return " ".join(text for text in (told, *gaps, *ending) if text)


def _list(found: MatchList) -> None:
    """The cards, a page at a time, so that a second page leaves the first one as it is."""
    for start in range(0, len(found.matches), PAGE):
        st.html(cards(found.matches[start : start + PAGE], first=start + 1))
    if n_shown() == PAGE <= len(found.matches) and found.n_candidates > PAGE:
        st.button(texts.matches.SHOW_MORE, key="more", on_click=_widen)


def _widen() -> None:
    st.session_state[_WIDE] = True
