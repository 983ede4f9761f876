"""Routes beside the pages: log-in, callback, log-out, health."""

import hmac
import logging
import re
import secrets
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from urllib.parse import quote, unquote, urlencode

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from matcher.errors import AccessDenied, EarshotError, SignInError, StateMismatch
from matcher.ports import Grant, PendingLogin
from spotify_client.settings import PLAYLIST_SCOPES
from wiring.build import Application, application
from wiring.sessions import COOKIE, MOST_LIFETIME, export_token, hash_of, sign_out_token

log = logging.getLogger(__name__)

LOGIN_COOKIE = "earshot_login"
BACK_COOKIE = "earshot_back"
LOGIN_LIFETIME_S = 600
MORE_SCOPES = {"playlist": PLAYLIST_SCOPES}
"""What `/login?for=…` asks Spotify for beside the usual permissions."""
EXPORT_NAME = "earshot-export.json"
DATA_PAGE = Path(__file__).parents[1] / "docs" / "data.md"
NO_STORE = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}

_OWN_PAGE = re.compile(r"(/[a-z]*)(\?[A-Za-z0-9_=&%,.~-]{0,800})?", re.ASCII)

Handler = Callable[[Request, Application], Response]


def _route(path: str, handler: Handler) -> Route:
    """A GET route that runs on a worker thread and turns errors into a page that explains them."""

    @wraps(handler)
    def endpoint(request: Request) -> Response:
        try:
            return handler(request, application())
        except EarshotError as error:
            log.info("%s ended with %s", path, type(error).__name__)
            return _to_page(_back(request), problem=type(error).__name__)

    return Route(path, endpoint, methods=["GET"])


def login(request: Request, app: Application) -> Response:
    """Begin the trip to Spotify: remember it, bind it to this browser, and go.

    `back` in the address is the page of ours that the trip ends on; without it, that is the first one.
    """
    browser_secret = secrets.token_urlsafe(32)
    more_scopes = MORE_SCOPES.get(request.query_params.get("for", ""), ())
    pending, address = app.login.begin(hash_of(browser_secret), more_scopes)
    app.pending_logins.add(pending)
    response = RedirectResponse(address, status_code=302, headers=NO_STORE)
    _set_cookie(response, app, LOGIN_COOKIE, browser_secret, LOGIN_LIFETIME_S, path="/callback")
    back = own_page(request.query_params.get("back", ""))
    _set_cookie(response, app, BACK_COOKIE, quote(back), LOGIN_LIFETIME_S, path="/callback")
    return response


def callback(request: Request, app: Application) -> Response:
    """The way back from Spotify: check the trip, fetch the grant, begin a session, go where it began."""
    pending = _take_pending(request, app)
    grant = app.login.finish(_code(request), pending)
    app.sessions.end(request.cookies.get(COOKIE))
    token = app.sessions.begin(_connect(app, grant))
    response = _to_page(_back(request))
    _set_cookie(response, app, COOKIE, token, int(MOST_LIFETIME.total_seconds()))
    for done in (LOGIN_COOKIE, BACK_COOKIE):
        response.delete_cookie(done, path="/callback")
    return response


def logout(request: Request, app: Application) -> Response:
    """End the session of this browser, or all of the listener's (`everywhere`).

    The link carries proof that it came from our own page.
    """
    token = request.cookies.get(COOKIE, "")
    if not _proven(request, sign_out_token(token)):
        return _to_page()
    if request.query_params.get("everywhere"):
        app.sessions.end_everywhere(token)
    app.sessions.end(token)
    response = _to_page()
    response.delete_cookie(COOKIE, path="/")
    return response


def export(request: Request, app: Application) -> Response:
    """Everything that is kept of whoever is signed in, as a file: made now, kept nowhere.

    The link carries proof that it came from our own page.
    """
    token = request.cookies.get(COOKIE, "")
    listener_id = app.sessions.listener_of(token) if _proven(request, export_token(token)) else None
    if listener_id is None:
        return _to_page()
    headers = {**NO_STORE, "Content-Disposition": f'attachment; filename="{EXPORT_NAME}"'}
    return Response(app.people.export(listener_id), media_type="application/json", headers=headers)


def kept(request: Request, app: Application) -> Response:
    """What is kept, column by column, and for how long: the page of the documentation, as plain text."""
    headers = {"X-Content-Type-Options": "nosniff"}
    return FileResponse(DATA_PAGE, media_type="text/plain; charset=utf-8", headers=headers)


def health(request: Request, app: Application) -> Response:
    """Whether the database answers and a model is there; for load balancers."""
    version = app.model_version()
    app.service.store.n_candidates(version)  # asked, not told: who counts, sees one person come or go
    return JSONResponse({"status": "ok", "model_version": version}, headers=NO_STORE)


def _health_or_503(request: Request) -> Response:
    try:
        return health(request, application())
    except EarshotError as error:
        return JSONResponse({"status": "error", "problem": type(error).__name__}, 503, headers=NO_STORE)


ROUTES = [
    _route("/login", login),
    _route("/callback", callback),
    _route("/logout", logout),
    _route("/export", export),
    _route("/kept", kept),
    Route("/healthz", _health_or_503, methods=["GET"]),
]


def _proven(request: Request, proof: str) -> bool:
    """Whether there is a session cookie, and the address carries the proof that follows from it."""
    given = request.query_params.get("token", "")
    return bool(request.cookies.get(COOKIE)) and hmac.compare_digest(given.encode(), proof.encode())


def _take_pending(request: Request, app: Application) -> PendingLogin:
    """The pending log-in of this very browser; it cannot be taken twice."""
    pending = app.pending_logins.take(request.query_params.get("state", ""), app.clock())
    secret = request.cookies.get(LOGIN_COOKIE, "")
    if pending is None or not hmac.compare_digest(pending.browser_hash, hash_of(secret)):
        raise StateMismatch("the log-in is unknown, expired, used before, or of another browser")
    return pending


def _code(request: Request) -> str:
    problem = request.query_params.get("error", "")
    if problem == "access_denied":
        raise AccessDenied("the person declined")
    code = request.query_params.get("code", "")
    if problem or not code:
        raise SignInError("Spotify sent no code")
    return code


def _connect(app: Application, grant: Grant) -> str:
    """Nothing is written before Spotify has said whose grant it is."""
    account = app.login.account(grant)
    listener = app.service.connect_listener(account)
    app.grants.keep(listener.listener_id, grant)
    app.syncs.dismiss(listener.listener_id)
    return listener.listener_id


def own_page(wanted: str) -> str:
    """`wanted` if it is a page of ours, as a path with perhaps a query; the first page otherwise.

    What is not known to be harmless is refused: anybody can write an address that somebody else opens.
    """
    found = _OWN_PAGE.fullmatch(wanted)
    return wanted if found and found[1] not in {route.path for route in ROUTES} else "/"


def _back(request: Request) -> str:
    """Where the trip to Spotify began. Only the callback is sent the cookie; it is checked once more."""
    return own_page(unquote(request.cookies.get(BACK_COOKIE, "")))


def _to_page(path: str = "/", **query: str) -> RedirectResponse:
    joint = "&" if "?" in path else "?"
    address = f"{path}{joint}{urlencode(query)}" if query else path
    return RedirectResponse(address, status_code=303, headers=NO_STORE)


def _set_cookie(
    response: Response, app: Application, name: str, value: str, max_age_s: int, path: str = "/"
) -> None:
    response.set_cookie(
        name,
        value,
        max_age=max_age_s,
        path=path,
        httponly=True,
        samesite="lax",
        secure=app.settings.secure_cookies,
    )
