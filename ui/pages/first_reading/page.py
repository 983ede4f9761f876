"""First reading of a library, with its progress."""

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from matcher.browsing.reasons import tell_apart
from matcher.browsing.story import Story
from matcher.domain.consent import SeenMatch
from matcher.errors import EarshotError, NotSynced, Stopped
from ui import messages, texts
from ui.actions import outcome
from ui.html import controls, draw, html, markup
from ui.messages import Action, Message
from ui.pages.problem import page
from ui.request import FIRST_READING, STORY_WAITS, Request
from ui.shared import glossary, notice, story, sync_progress
from ui.shared.card import card
from wiring.syncs import SyncState, SyncStatus

N_FIRST = 5
"""Matches shown while the rest is still being read."""
_SKIPPED = "story_skipped"


def show(request: Request, sync: SyncState | None) -> None:
    """Draw the first reading; starts it if it is not running, or leads to a file."""
    if sync is None and not request.reads_service():
        markup.announce(texts.sync.BRING_TITLE, texts.sync.BRING_LEAD)
        with st.container(horizontal=True, horizontal_alignment="center"):
            draw(notice.bring(texts.sync.BRING_TITLE), width="content")
            draw(markup.link(texts.sync.NAME, notice.NAME, "es-button es-tall"), width="content")
            if way := notice.connect_spotify(request):
                draw(way, width="content")
        return
    state = sync or request.start_sync()
    if state.status is not SyncStatus.RUNNING:
        _stopped(request, state.error or NotSynced("a sync ended without a profile"))
        return
    st.session_state[FIRST_READING] = True
    st.session_state[STORY_WAITS] = True
    notice.tell(request, outcome.READING)
    _reading(request, state)


def _first_matches(request: Request, state: SyncState) -> Sequence[SeenMatch]:
    """Matches of what has been read so far; empty if there are none yet."""
    if state.so_far is None:
        return ()
    try:
        return request.application.browsing.look_ahead(request.listener_id, state.so_far, N_FIRST)
    except EarshotError:  # the complete reading shows the same error
        return ()


def _reading(request: Request, state: SyncState) -> None:
    """Draw one layout, whose parts fill: progress, the story, first matches."""
    draw(markup.title(texts.sync.FINDING_TITLE, texts.sync.FINDING_LEAD))
    with st.container(key="panel_reading"):
        sync_progress.watch(request, sync_progress.draw_beside, state.n_parts_read)
    if not controls.is_remembered(_SKIPPED):
        draw(story.cards(_story(request, state)))
        st.button(texts.story.SKIP, key="skip_story", on_click=controls.remember, args=(_SKIPPED,))
    if first := _first_matches(request, state):
        _show_first(request, first)


def _story(request: Request, state: SyncState) -> Story | None:
    """The story of what has been read so far; None if there is none yet."""
    if state.so_far is None:
        return None
    try:
        return request.application.stories.tell(request.listener_id, state.so_far)
    except EarshotError:  # the complete reading shows the same error
        return None


def _show_first(request: Request, first: Sequence[SeenMatch]) -> None:
    """First matches, without buttons: the list changes when all has been read."""
    lead = '<header class="es-panel-head"><h2>{}</h2><p>{}</p>{}</header>'
    draw(html(lead, texts.sync.FIRST_TITLE, texts.sync.FIRST_LEAD, glossary.of("reading")))
    links = request.links()
    for match, why in zip(first, tell_apart(first), strict=True):
        draw(card(match, why, links=links))


def _of_file(message: Message, error: EarshotError) -> Message:
    """The same, for somebody who can only bring another file."""
    if isinstance(error, Stopped):
        message = replace(message, happened=texts.sync.BRING_AGAIN, cure="")
    return replace(message, action=Action.BRING)


def _stopped(request: Request, error: EarshotError) -> None:
    """Show why the reading stopped."""
    message = messages.message_for(error)
    if not request.reads_service():
        page.show_to(request, _of_file(message, error))
        return
    if message.action is Action.SIGN_IN:
        # so that reading starts again after the sign-in
        request.application.syncs.dismiss(request.listener_id)
    elif message.action is not Action.RESUME:
        message = replace(message, action=Action.RETRY)
    page.show_to(request, message)
