"""Refreshes a listener's profile from what a service has under a user name."""

from functools import partial

from matcher.errors import StillReading
from matcher.matching.service import Glimpse
from matcher.ports import Report
from matcher.taste.service import TasteChange
from sources.scrobbles.history import NamedListener
from wiring.bootstrap import Application


def read_name(app: Application, listener_id: str, named: NamedListener) -> None:
    """Start to read a name's listening as the listener's music.

    Raises:
        RefreshTooSoon: this service was read a moment ago.
        StillReading: their music is being read already.
    """
    app.pace.check_sources(listener_id, named.source)
    app.syncs.dismiss(listener_id)
    if not app.syncs.start_other(listener_id, partial(_refresh, app, named)):
        raise StillReading("the listener's music is being read")


def _refresh(
    app: Application, named: NamedListener, listener_id: str, report: Report, glimpse: Glimpse
) -> TasteChange:
    is_first = app.service.store.synced_at_utc(listener_id) is None
    change = app.service.refresh_listener(listener_id, named, report, glimpse if is_first else None)
    app.named_sources.keep(listener_id, named)
    return change
