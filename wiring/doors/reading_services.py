"""Reads a listener's music at a service, beside what they have brought."""

from functools import partial

from matcher.errors import StillReading
from matcher.matching.service import Glimpse
from matcher.ports import ListeningSource, Report
from matcher.taste.service import TasteChange
from sources.scrobbles.history import NamedListener
from wiring.bootstrap import Application


def read_spotify(app: Application, listener_id: str) -> None:
    """Start to read Spotify; raises StillReading if something is being read."""
    _start(app, listener_id, app.listening)


def read_name(app: Application, listener_id: str, named: NamedListener) -> None:
    """Start to read a name's listening as the listener's music; the name is kept once it is read.

    Raises:
        RefreshTooSoon: this service was read a moment ago.
        StillReading: their music is being read already.
    """
    app.pace.check_sources(listener_id, named.source)
    _start(app, listener_id, named)


def _start(app: Application, listener_id: str, source: ListeningSource) -> None:
    app.syncs.dismiss(listener_id)
    if not app.syncs.start_other(listener_id, partial(_refresh, app, source)):
        raise StillReading("the listener's music is being read")


def _refresh(
    app: Application, source: ListeningSource, listener_id: str, report: Report, glimpse: Glimpse
) -> TasteChange:
    is_first = app.service.store.synced_at_utc(listener_id) is None
    change = app.service.refresh_listener(listener_id, source, report, glimpse if is_first else None)
    if isinstance(source, NamedListener):
        app.named_sources.keep(listener_id, source)
    return change
