"""The ASGI entry: Streamlit's pages with the routes of log-in beside them.

Run it with `earshot serve`, or any ASGI server:
`uvicorn app:app --host 127.0.0.1 --port 8501 --no-proxy-headers --ws-max-size 262144`.
"""

import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.routing import Route
from starlette.types import ASGIApp

from ui.front import pages
from wiring.bootstrap import close_application
from wiring.doors.guard import guarded
from wiring.jobs.purging import DailyPurge, purge_now


@asynccontextmanager
async def lifespan(_: Any) -> AsyncIterator[None]:
    """Keep addresses out of the log (they carry codes); purge beside it all; close what was opened."""
    logging.getLogger("uvicorn.access").disabled = True
    logging.disable(logging.DEBUG)  # there servers and libraries write cookies, headers and rows
    purging = DailyPurge(purge_now)
    purging.start()
    yield
    purging.stop()
    close_application()


def streamlit(routes: Sequence[Route]) -> ASGIApp:
    """Streamlit's pages with these routes."""
    return st.App(Path(__file__).parent / "ui" / "main.py", routes=routes, lifespan=lifespan)


app = guarded(streamlit, pages)
