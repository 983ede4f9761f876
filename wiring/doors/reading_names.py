"""Refreshes a listener's profile from what a service has under a user name."""

from functools import partial

from matcher.errors import StillReading
from matcher.matching.service import Glimpse
from matcher.ports import Report, ServiceName
from matcher.taste.service import TasteChange
from sources.scrobbles.history import NamedListener
from wiring.bootstrap import Application


def read_name(app: Application, listener_id: str, named: NamedListener, *, proven: bool) -> None:
    """Start to read a name's listening as the listener's music.

    Raises:
        RefreshTooSoon: this service was read a moment ago.
        StillReading: their music is being read already.
    """
    app.pace.check_sources(listener_id, named.source)
    app.syncs.dismiss(listener_id)
    if not app.syncs.start_other(listener_id, partial(_refresh, app, named, proven)):
        raise StillReading("the listener's music is being read")


def _refresh(
    app: Application, named: NamedListener, proven: bool, listener_id: str, report: Report, glimpse: Glimpse
) -> TasteChange:
    is_first = app.service.store.synced_at_utc(listener_id) is None
    names = app.named_sources
    before = _name_at(app, listener_id, named)
    if not proven:  # before anything is stored: nobody may be found by it for a moment
        names.keep(listener_id, named, proven=False)
    try:
        change = app.service.refresh_listener(listener_id, named, report, glimpse if is_first else None)
    except BaseException:
        _restore(app, listener_id, named, before)
        raise
    if proven:  # after it took the place of what an unproven name may have brought
        names.keep(listener_id, named, proven=True)
    return change


def _name_at(app: Application, listener_id: str, named: NamedListener) -> ServiceName | None:
    found = app.named_sources.names.of(listener_id)
    return next((one for one in found if one.source is named.source), None)


def _restore(app: Application, listener_id: str, named: NamedListener, before: ServiceName | None) -> None:
    if before is None:
        app.named_sources.names.drop(listener_id, named.source)
    else:
        app.named_sources.names.keep(listener_id, before)
