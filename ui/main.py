"""The script that Streamlit runs for every visit: decides which page to show, and shows it."""

import logging
from collections.abc import Callable
from functools import partial

import streamlit as st

from matcher.errors import EarshotError, MatchingError, ModelError, NotSynced
from ui import messages, texts
from ui.components import frame
from ui.views import finding, landing, matches, problem
from ui.visit import Visit, current_visit
from wiring.build import Application, application

log = logging.getLogger(__name__)

Page = Callable[[], None]


def main() -> None:
    """Decide, then draw: nothing is drawn until everything it needs has been asked for."""
    st.set_page_config(page_title=texts.PRODUCT, page_icon=frame.ICON, layout="centered")
    frame.style()
    try:
        page = page_for(application())
    except EarshotError as error:
        log.warning("no page could be made: %s", type(error).__name__)
        page = partial(problem.show, messages.message_for(error))
    page()


def page_for(running: Application) -> Page:
    """The page for whoever is looking.

    Raises:
        EarshotError: the store does not answer, or the listener is no longer there.
    """
    told = messages.message_named(st.query_params.get("problem", ""))
    visit = current_visit(running)
    if visit is None:
        return partial(landing.show, running.settings.demo, told)
    return page_of(visit, told)


def page_of(visit: Visit, told: messages.Message | None) -> Page:
    """The page for a signed-in listener."""
    sync = visit.sync()  # before the matches: what it says is done is then in the store
    try:
        listener, found, dates = visit.listener(), visit.matches(matches.n_shown()), visit.dates()
    except NotSynced:
        return partial(finding.show, visit, sync)
    except (MatchingError, ModelError) as error:
        return partial(problem.show_to, visit, messages.message_for(error))
    return partial(matches.show, visit, listener, found, dates, sync, told)


if __name__ == "__main__":
    main()
