"""Doors of our own: signing in with a recovery key, and a new key. Every form is a POST."""

import hmac
import logging
from collections.abc import Callable, Mapping
from functools import wraps
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from matcher.errors import EarshotError
from wiring.bootstrap import Application, application
from wiring.gateway.headers import own_headers
from wiring.gateway.pages import Pages, page
from wiring.sessions import COOKIE, MOST_LIFETIME, new_key_token
from wiring.web import session_token, set_cookie, to_page, to_problem

log = logging.getLogger(__name__)

KEY = "/key"
NEW_KEY = "/new-key"
MOST_FORM_BYTES = 4096  # of a form without files
Form = Mapping[str, str]
Handler = Callable[[Request, Application, Form], Response]


def door_routes(pages: Pages) -> list[Route]:
    """The routes of the doors; `pages` makes what they show."""
    doors = Doors(pages)
    return [
        _route(KEY, "GET", doors.ask_for_key),
        _route(KEY, "POST", doors.sign_in),
        _route(NEW_KEY, "GET", doors.ask_for_new_key),
        _route(NEW_KEY, "POST", doors.make_new_key),
    ]


class Doors:
    """What the routes do; each on a worker thread."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    def ask_for_key(self, request: Request, app: Application, _: Form) -> Response:
        """The page to type a recovery key on."""
        return self._page(app, self._pages.enter_key())

    def sign_in(self, request: Request, app: Application, form: Form) -> Response:
        """Sign in with a recovery key."""
        listener_id = app.recovery_keys.listener_of(form.get("key", ""))
        return begin_session(request, app, listener_id, to_page())

    def ask_for_new_key(self, request: Request, app: Application, _: Form) -> Response:
        """The page that asks whether to make a new recovery key."""
        if _owner(request, app) is None:
            return to_page()
        return self._page(app, self._pages.new_key(new_key_token(session_token(request, app))))

    def make_new_key(self, request: Request, app: Application, form: Form) -> Response:
        """Make a new recovery key, show it once, and end the listener's sessions elsewhere."""
        listener_id, token = _owner(request, app), session_token(request, app)
        proof = form.get("token", "").encode("utf-8", "replace")
        if listener_id is None or not hmac.compare_digest(proof, new_key_token(token).encode()):
            return to_page()
        key = app.recovery_keys.make(listener_id)
        app.sessions.end_others(listener_id, token)  # the old key may have begun them
        return self._page(app, self._pages.key(key, False))

    def _page(self, app: Application, html: str) -> Response:
        return page(html, headers=own_headers(app.settings.secure_cookies))


def begin_session(request: Request, app: Application, listener_id: str, response: Response) -> Response:
    """Sign this browser in; always with a new session, and the one before ends."""
    app.sessions.end(session_token(request, app))
    lasts_s = int(MOST_LIFETIME.total_seconds())
    set_cookie(response, app, COOKIE, app.sessions.begin(listener_id), lasts_s)
    return response


def _owner(request: Request, app: Application) -> str | None:
    """The signed-in listener, if a recovery key signs in to their account."""
    listener_id = app.sessions.listener_of(session_token(request, app))
    account = app.service.account_of(listener_id) if listener_id else None
    return listener_id if account is not None and account.by_recovery_key else None


def _route(path: str, method: str, handler: Handler) -> Route:
    """A route of a form; errors redirect to the first page, which explains them."""

    @wraps(handler)
    async def endpoint(request: Request) -> Response:
        form = await _form(request) if method == "POST" else {}
        return await run_in_threadpool(answer, path, lambda: handler(request, application(), form))

    return Route(path, endpoint, methods=[method])


def answer(path: str, handle: Callable[[], Response], back: str = "/") -> Response:
    """The response of a handler, or a redirect to `back` that explains its error."""
    try:
        return handle()
    except EarshotError as error:
        log.info("%s ended with %s", path, type(error).__name__)
        return to_problem(back, error)


async def _form(request: Request) -> Form:
    """Fields of a form without files; empty if it is too long, or no such form."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_FORM_BYTES:
            return {}
    try:
        return dict(parse_qsl(body.decode("ascii"), max_num_fields=10))
    except ValueError:
        return {}
