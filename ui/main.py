"""The script that Streamlit runs for every visit: chooses and draws the page."""

import logging
from collections.abc import Callable
from functools import partial

import streamlit as st

from matcher.errors import EarshotError, NotSynced
from ui import messages, screen, texts
from ui.actions import outcome
from ui.html import EMPTY, controls, draw, skeleton
from ui.pages.first_reading import page as finding
from ui.pages.landing import page as landing
from ui.pages.matches import query_parameters
from ui.pages.privacy import actions, receipt
from ui.pages.problem import page as problem
from ui.request import Request, current_request
from ui.screen import Screen
from ui.screens import SCREENS
from ui.shared import connection, frame, notice, session_watch
from wiring.bootstrap import Application, application
from wiring.signing_in.sessions import cookie_name

log = logging.getLogger(__name__)

Page = Callable[[], None]


def main() -> None:
    """Look up listener and screen, then draw; on every run."""
    here = screen.current(SCREENS)
    st.set_page_config(page_title=texts.frame.titled(here.title), page_icon=frame.ICON, layout="centered")
    try:
        page = page_for(application(), here)
    except EarshotError as error:
        log.warning("no page could be made: %s", type(error).__name__)
        page = partial(problem.show, messages.message_for(error))
    page()


def page_for(running: Application, here: Screen) -> Page:
    """The page for the current visitor."""
    told = messages.message_named(screen.argument("problem"), screen.argument("until"))
    request = current_request(running)
    if request is None:
        return page_of_nobody(running, told)
    return partial(show_signed_in, request, here, told)


def page_of_nobody(running: Application, told: messages.Message | None) -> Page:
    """The page without a session; a receipt if this tab has just erased everything."""
    outcome.forget()
    erased = actions.erased()
    if erased is None:
        config = running.settings
        picks = running.models.has_picking()
        return partial(landing.show, config.demo, told, config.samples_url, config.spotify, picks)
    cookie = st.context.cookies.get(cookie_name(running.settings.secure_cookies))
    return partial(
        receipt.show, running.settings.demo, erased, running.sign_out_path(cookie) if cookie else "/"
    )


def show_signed_in(request: Request, here: Screen, told: messages.Message | None) -> None:
    """Draw a screen in its frame; `told` is an error of signing in again."""
    demo = request.application.settings.demo
    screen.remember(here)
    session_watch.show(request, SCREENS, here)
    if told is not None:
        notice.show(told, EMPTY if told.action is messages.Action.NOTHING else notice.sign_in(demo))
    number = screen.number_of(here)
    screen.begin_at_the_top(number, screen.argument(query_parameters.PAGE))
    with skeleton.until_drawn(number), request.application.models.pinned():
        show_body(request, here)
    draw(frame.footer(request.sign_out_everywhere_path) + connection.banner())
    controls.listen(request)


def show_body(request: Request, here: Screen) -> None:
    """Draw the screen, or an error, or the progress of reading the library."""
    sync = request.sync()  # before the screen loads: a finished sync is then in the store
    try:
        here.show(request)
    except NotSynced:
        finding.show(request, sync)
    except EarshotError as error:
        log.warning("a screen could not be made: %s", type(error).__name__)
        problem.show_to(request, messages.message_for(error))


if __name__ == "__main__":
    main()
