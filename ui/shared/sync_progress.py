"""Progress of a sync on the page, by polling."""

from collections.abc import Callable
from functools import partial

import streamlit as st
from markupsafe import Markup

from matcher.errors import EarshotError
from ui import messages, texts
from ui.actions.outcome import stop_reading
from ui.html import draw, html, joined
from ui.request import Request, current_request
from ui.shared import notice
from ui.shared.progress_steps import Stage, Step, calls_of, share_of, steps_of
from wiring.syncs import SyncState, SyncStatus

Draw = Callable[[SyncState], None]

EVERY_S = 0.7


@st.fragment(run_every=EVERY_S)
def watch(request: Request, draw: Draw, n_parts_drawn: int = 0) -> None:
    """Draw a running sync; rerun the page when it ends, or the session does.

    Also reruns when more parts than `n_parts_drawn` are read, because the page shows matches of these.
    """
    try:
        same = current_request(request.application) == request
    except EarshotError as error:
        notice.show(messages.message_for(error))
        return
    state = request.sync()
    if not same or state is None or state.status is not SyncStatus.RUNNING:
        st.rerun()
    if state.n_parts_read != n_parts_drawn:
        st.rerun()
    draw(state)
    _stop_button(request, state)


def _stop_button(request: Request, state: SyncState) -> None:
    label = texts.sync.STOPPING if state.stopping else texts.sync.STOP
    ask = partial(stop_reading, request)
    with st.container(key="stop", horizontal=True, horizontal_alignment="center"):
        st.button(label, key="stop_reading", on_click=ask, disabled=state.stopping)


def draw_beside(state: SyncState) -> None:
    """Draw all steps in little space."""
    steps = steps_of(state)
    rows = joined(_row(step) for step in steps)
    calls = f"{made}. {texts.sync.CALLS_MORE}" if (made := calls_of(state)) else ""
    listed = '{}<ol class="es-steps es-abreast">{}</ol><p class="es-calls">{}</p>'
    draw(html(listed, _bar(steps), rows, calls))


def draw_strip(state: SyncState) -> None:
    """Draw the current step on one line."""
    steps = steps_of(state)
    now = ", ".join(f"{step.label} {step.count}".strip() for step in steps if step.stage is Stage.ACTIVE)
    told = " · ".join(part for part in (texts.sync.REFRESHING, now, calls_of(state)) if part)
    draw(html('<div class="es-strip"><p role="status">{}</p>{}</div>', told, _bar(steps)))


def _bar(steps: tuple[Step, ...]) -> Markup:
    percent = round(100 * share_of(steps))
    return html(
        '<div class="es-progress" role="progressbar" aria-valuemin="0" aria-valuemax="100" '
        'aria-valuenow="{0}" aria-label="{1}"><span style="width:{0}%"></span></div>',
        *(percent, texts.sync.PROGRESS),
    )


def _row(step: Step) -> Markup:
    stage = step.stage.name.lower()
    current = html(' aria-current="step"') if step.stage is Stage.ACTIVE else ""
    return html(
        '<li class="es-step es-{}"{}><span class="es-dot" aria-hidden="true"></span><span>{}</span>'
        '<span class="es-count">{}<span class="es-aloud"> {}</span></span></li>',
        *(stage, current, step.label, step.count, step.stage.value),
    )
