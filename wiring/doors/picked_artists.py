"""The door for people without a history: they pick artists. Each press is a POST of the whole state.

The state is in the form and nowhere else: nothing is kept of somebody who picks and leaves. No address holds
what is picked or typed, since addresses stay in histories and logs.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from matcher.domain.listening import Hearing, Listening, Part, PartStatus, Source
from matcher.errors import EarshotError, StillReading, TooManyPicks
from matcher.picking.service import Artist, Picks, PickScreen
from matcher.ports import Report, SoFar
from wiring.bootstrap import Application, application
from wiring.doors.forms import come_in_anew
from wiring.doors.web import session_token, to_page, to_problem
from wiring.gateway.headers import own_headers, scripted_headers
from wiring.gateway.limits import Pace, subscriber
from wiring.gateway.pages import Pages, page
from wiring.syncs import SyncStatus

log = logging.getLogger(__name__)

PICK = "/pick"
PRESSES_A_MINUTE = 240  # per address: letters typed in the search count as well
MOST_FORM_BYTES = 64_000  # room for the names of all artists that a form can carry
MOST_FIELDS = 300

Form = dict[str, list[str]]


def pick_routes(pages: Pages, accounts_per_hour: int) -> list[Route]:
    """The routes of the door; `accounts_per_hour` limits those made from one address."""
    door = PickDoor(pages, accounts_per_hour)
    return [Route(PICK, door.answer, methods=["GET", "POST"])]


@dataclass(frozen=True, slots=True)
class PickedArtists:
    """`ListeningSource` of picked artists: each counts as one play."""

    artists: Sequence[Artist]

    def fetch(self, listener_id: str, report: Report, so_far: SoFar | None = None) -> Listening:
        """The picks as listening."""
        hearings = tuple(Hearing(Part.PLAYS, artist_name=artist.name) for artist in self.artists)
        return Listening(listener_id, Source.PICKED, hearings, parts={Part.PLAYS: PartStatus.OK})


class PickDoor:
    """Shows artists to pick from, and makes a profile of the picks."""

    def __init__(self, pages: Pages, accounts_per_hour: int) -> None:
        self._pages = pages
        self._presses, self._accounts = Pace(PRESSES_A_MINUTE), Pace(accounts_per_hour, "hour")

    async def answer(self, request: Request) -> Response:
        """Answer a request; an error redirects to a page that explains it."""
        who = subscriber(request.client.host if request.client else "")
        try:
            if not self._presses.allows(who):
                raise TooManyPicks("too many presses from one address within a minute")
            form = await _form(request) if request.method == "POST" else {}
            return await run_in_threadpool(self._answer, request, form, who)
        except EarshotError as error:
            log.info("%s ended with %s", PICK, type(error).__name__)
            return to_problem("/", error)

    def _answer(self, request: Request, form: Form, who: str) -> Response:
        app = application()
        picker = app.models.pipeline().picker
        listener_id = app.sessions.listener_of(session_token(request, app))
        if picker is None:
            return to_page()
        screen = picker.screen(_picks(form) if form else _picked_before(app, listener_id))
        if "done" in form and not screen.n_missing:
            return self._come_in(request, app, listener_id, screen, who)
        return self._show(app, screen, bare="bare" in form)

    def _show(self, app: Application, screen: PickScreen, *, bare: bool) -> Response:
        https = app.settings.secure_cookies
        headers = own_headers(https) if bare else scripted_headers(self._pages.pick_script, https)
        return page(self._pages.pick(screen, bare), headers=headers)

    def _come_in(
        self, request: Request, app: Application, listener_id: str | None, screen: PickScreen, who: str
    ) -> Response:
        """Make the picks a source of the signed-in listener's taste, else of a new account, with its key."""
        source = PickedArtists(screen.picked)
        if listener_id is not None:
            _require_rest(app, listener_id)
            app.service.refresh_listener(listener_id, source)
            return to_page()
        if not self._accounts.allows(who):
            raise TooManyPicks("too many accounts from one address within an hour")
        read = partial(app.service.refresh_listener, source=source)
        return come_in_anew(request, app, self._pages, Source.PICKED, read)


def _picked_before(app: Application, listener_id: str | None) -> Picks:
    """The picks that are a source of the listener's taste, by name."""
    sources = app.tastes.sources(listener_id) if listener_id else ()
    picked = (one.library for one in sources if one.origin == str(Source.PICKED))
    return Picks(picked=[row.artist for library in picked if library for row in library.rows])


def _require_rest(app: Application, listener_id: str) -> None:
    state = app.syncs.state(listener_id)
    if state is not None and state.status is SyncStatus.RUNNING:
        raise StillReading("the listener's music is being read")
    app.pace.check_sources(listener_id, Source.PICKED)


def _picks(form: Form) -> Picks:
    """The state after a press, from the form's fields."""
    picked = [key for key in form.get("pick", []) if key not in form.get("drop", [])]
    taken = form.get("take", [])  # found by searching: what is shown was not passed over for it
    return Picks(
        picked=[*picked, *form.get("add", []), *taken],
        shown=[] if taken else form.get("shown", []),
        seen=form.get("seen", []),
        query="" if taken else form.get("q", [""])[0].strip(),
        goes_on="more" in form,
    )


async def _form(request: Request) -> Form:
    """Fields of the form by name; empty if it is too long, or no such form."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_FORM_BYTES:
            return {}
    try:
        return parse_qs(body.decode("ascii"), max_num_fields=MOST_FIELDS)
    except ValueError:
        return {}
