"""Finding your people: the library is read for the first time, and one can watch."""

from dataclasses import replace

import streamlit as st

from matcher.errors import EarshotError, NotSynced
from ui import messages, texts
from ui.components import heading, sync_progress
from ui.messages import Action
from ui.views import problem
from ui.visit import FIRST_READING, Visit
from wiring.syncs import SyncState, SyncStatus


def show(visit: Visit, sync: SyncState | None) -> None:
    """Draw the reading of a library; it begins by itself, and a reload keeps watching the same one."""
    state = sync or visit.start_sync()
    if state.status is not SyncStatus.RUNNING:
        _stopped(visit, state.error or NotSynced("a sync ended without a profile"))
        return
    st.session_state[FIRST_READING] = True
    heading.show(texts.sync.FINDING_TITLE, texts.sync.FINDING_LEAD, listening=True)
    sync_progress.watch(visit, sync_progress.draw_full)


def _stopped(visit: Visit, error: EarshotError) -> None:
    """Say why. What a new sign-in mends is forgotten at once, so that reading begins anew after it."""
    message = messages.message_for(error)
    if message.action is Action.SIGN_IN:
        visit.dismiss_sync()
    elif message.action is not Action.RESUME:
        message = replace(message, action=Action.RETRY)
    problem.show_to(visit, message)
