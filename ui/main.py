"""The script that Streamlit runs for every visit: decides which page to show, and shows it."""

import logging
from collections.abc import Callable
from functools import partial

import streamlit as st

from matcher.errors import EarshotError, NotSynced
from ui import asked, decisions, messages, screen, texts
from ui.components import frame, notice, press, session_watch, skeleton
from ui.decisions import privacy as deeds
from ui.screen import Screen
from ui.screens import SCREENS
from ui.views import finding, landing, problem, receipt
from ui.visit import Visit, current_visit
from wiring.bootstrap import Application, application
from wiring.sessions import cookie_name

log = logging.getLogger(__name__)

Page = Callable[[], None]


def main() -> None:
    """Find out who is asking for which screen, on every run anew; then draw it."""
    here = screen.current(SCREENS)
    st.set_page_config(page_title=texts.frame.titled(here.title), page_icon=frame.ICON, layout="centered")
    frame.style()
    try:
        page = page_for(application(), here)
    except EarshotError as error:
        log.warning("no page could be made: %s", type(error).__name__)
        page = partial(problem.show, messages.message_for(error))
    page()


def page_for(running: Application, here: Screen) -> Page:
    """The page for whoever is looking.

    Raises:
        EarshotError: the store does not answer.
    """
    told = messages.message_named(screen.argument("problem"), screen.argument("until"))
    visit = current_visit(running)
    if visit is None:
        return page_of_nobody(running, told)
    return partial(show_signed_in, visit, here, told)


def page_of_nobody(running: Application, told: messages.Message | None) -> Page:
    """The page where nobody is signed in: the receipt, in a tab that has just erased everything."""
    decisions.forget()
    erased = deeds.erased()
    if erased is None:
        return partial(landing.show, running.settings.demo, told)
    cookie = st.context.cookies.get(cookie_name(running.settings.secure_cookies))
    return partial(
        receipt.show, running.settings.demo, erased, running.sign_out_path(cookie) if cookie else "/"
    )


def show_signed_in(visit: Visit, here: Screen, told: messages.Message | None) -> None:
    """A screen in its frame; `told` is what went wrong with signing in again, if anything did."""
    demo = visit.application.settings.demo
    screen.remember(here)
    frame.top_bar(demo, visit.sign_out_path, SCREENS, here)
    if told is not None:
        notice.show(told, "" if told.action is messages.Action.NOTHING else notice.sign_in(demo))
    number = screen.number_of(here)
    screen.begin_at_the_top(number, screen.argument(asked.PAGE))
    with skeleton.until_drawn(number):
        show_body(visit, here)
    frame.footer(visit.sign_out_everywhere_path)
    session_watch.watch(visit)
    press.listen(visit)


def show_body(visit: Visit, here: Screen) -> None:
    """The screen itself, or in its place why it cannot be shown, or that the library is being read."""
    sync = visit.sync()  # before the screen asks: what it says is done is then in the store
    try:
        here.show(visit)
    except NotSynced:
        finding.show(visit, sync)
    except EarshotError as error:
        log.warning("a screen could not be made: %s", type(error).__name__)
        problem.show_to(visit, messages.message_for(error))


if __name__ == "__main__":
    main()
