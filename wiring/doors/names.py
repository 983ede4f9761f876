"""The door of user names: ListenBrainz and Last.fm, typed, or proven by a token or a sign-in."""

import hmac
import secrets
from functools import partial
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from matcher.domain.listening import Source
from matcher.errors import StateMismatch, TooManyNames, UnknownName
from sources.scrobbles.history import NamedListener
from wiring.bootstrap import Application
from wiring.doors.forms import Form, come_in_anew, form_route
from wiring.doors.reading_services import read_name
from wiring.doors.web import NO_STORE, drop_cookie, session_token, set_cookie, to_page
from wiring.gateway.headers import own_headers
from wiring.gateway.limits import Pace, subscriber
from wiring.gateway.pages import Pages, page
from wiring.signing_in.sessions import cookie_name, hash_of

NAME, LASTFM, LASTFM_BACK = "/name", "/lastfm", "/lastfm/back"
LASTFM_COOKIE = "earshot_lastfm"
LASTFM_LIFETIME_S = 600
SERVICES = {str(one): one for one in (Source.LISTENBRAINZ, Source.LASTFM)}


def name_routes(pages: Pages, names_per_hour: int) -> list[Route]:
    """The routes of the door; `pages` makes what they show, and an address may give so many names."""
    door = NameDoor(pages, names_per_hour)
    return [
        form_route(NAME, "GET", door.ask),
        form_route(NAME, "POST", door.take),
        form_route(LASTFM, "GET", door.leave, NAME),
        form_route(LASTFM_BACK, "GET", door.come_back, NAME),
    ]


class NameDoor:
    """What the routes do; each on a worker thread."""

    def __init__(self, pages: Pages, names_per_hour: int) -> None:
        self._pages = pages
        self._pace = Pace(names_per_hour, "hour")

    def ask(self, request: Request, app: Application, _: Form) -> Response:
        """The page to type a name on, with the problem of the last one if there is one."""
        is_in = app.sessions.listener_of(session_token(request, app)) is not None
        lastfm, query = app.named_sources.lastfm, request.query_params
        made = self._pages.name(is_in, lastfm.is_open, lastfm.can_sign_in, query.get("problem", ""))
        return page(made, headers=own_headers(app.settings.secure_cookies))

    def take(self, request: Request, app: Application, form: Form) -> Response:
        """Read the listening of a name, or of the user whose token it is."""
        self._count(request)
        source, token = SERVICES.get(form.get("service", "")), form.get("token", "").strip()
        if source is None:
            raise UnknownName("names are of ListenBrainz or Last.fm")
        if token and source is Source.LISTENBRAINZ:
            name = app.named_sources.listenbrainz.owner_of(token)
        else:
            name, token = form.get("name", ""), ""
        return self._read(request, app, app.named_sources.named(source, name, proven=bool(token)))

    def leave(self, request: Request, app: Application, _: Form) -> Response:
        """Go to Last.fm to sign in; the browser is known again by a secret."""
        secret = secrets.token_urlsafe(32)
        back = f"{app.settings.public_url}{LASTFM_BACK}?{urlencode({'state': hash_of(secret)})}"
        address = app.named_sources.lastfm.sign_in_address(back)
        response = RedirectResponse(address, status_code=302, headers=NO_STORE)
        set_cookie(response, app, LASTFM_COOKIE, secret, LASTFM_LIFETIME_S, LASTFM_BACK)
        return response

    def come_back(self, request: Request, app: Application, _: Form) -> Response:
        """Read the listening of whoever signed in at Last.fm.

        Raises:
            StateMismatch: this browser did not begin it: else a link could add another's music to an account.
        """
        self._count(request)
        secret = request.cookies.get(cookie_name(app.settings.secure_cookies, LASTFM_COOKIE), "")
        state = request.query_params.get("state", "")
        if not (secret and hmac.compare_digest(state.encode("utf-8", "replace"), hash_of(secret).encode())):
            raise StateMismatch("the sign-in at Last.fm was begun in another browser, or too long ago")
        name = app.named_sources.lastfm.owner_of(request.query_params.get("token", ""))
        response = self._read(request, app, app.named_sources.named(Source.LASTFM, name, proven=True))
        drop_cookie(response, app, LASTFM_COOKIE, LASTFM_BACK)
        return response

    def _read(self, request: Request, app: Application, named: NamedListener) -> Response:
        """Read as the music of whoever is signed in, else of a new account, and show its key."""
        named.look()  # a mistyped name is told at once, and makes no account
        listener_id = app.sessions.listener_of(session_token(request, app))
        if listener_id is not None:
            read_name(app, listener_id, named)
            return to_page()
        read = partial(read_name, app, named=named)
        return come_in_anew(request, app, self._pages, named.source, read)

    def _count(self, request: Request) -> None:
        """Count a name of this address: each costs calls, and names could be tried one after the other."""
        if not self._pace.allows(subscriber(request.client.host if request.client else "")):
            raise TooManyNames("too many names from one address within an hour")
