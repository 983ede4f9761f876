"""Routes beside the pages: log-in, callback, log-out, health."""

import hmac
import logging
import re
import secrets
from collections.abc import Callable
from functools import cache, wraps
from importlib.metadata import files
from pathlib import Path
from urllib.parse import quote, unquote, urlencode

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from matcher.errors import AccessDenied, EarshotError, SignInError, StateMismatch
from matcher.ports import Grant, PendingLogin
from spotify_client.settings import PLAYLIST_SCOPES
from wiring.build import Application, application
from wiring.sessions import COOKIE, MOST_LIFETIME, cookie_name, export_token, hash_of, sign_out_token

log = logging.getLogger(__name__)

LOGIN_COOKIE = "earshot_login"
CALLBACK = "/callback"
LOGIN_LIFETIME_S = 600
MORE_SCOPES = {"playlist": PLAYLIST_SCOPES}
"""What `/login?for=…` asks Spotify for beside the usual permissions."""
EXPORT_NAME = "earshot-export.json"
DATA_PAGE = Path("docs", "data.md")
"""Where it lies in a checkout; what is installed from a wheel has it in `share/earshot`."""
NO_STORE = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}

_SECRET = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
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
            return _to_page(_back_anyway(request), problem=type(error).__name__)

    return Route(path, endpoint, methods=["GET"])


def login(request: Request, app: Application) -> Response:
    """Begin the trip to Spotify: remember it, bind it to this browser, and go.

    `back` in the address is the page of ours that the trip ends on; without it, that is the first one. Trips
    that are begun in several tabs belong to one browser, and so have one secret.
    """
    browser_secret = _browser_secret(request, app) or secrets.token_urlsafe(32)
    more_scopes = MORE_SCOPES.get(request.query_params.get("for", ""), ())
    pending, address = app.login.begin(hash_of(browser_secret), more_scopes)
    app.pending_logins.add(pending)
    response = RedirectResponse(address, status_code=302, headers=NO_STORE)
    _set_cookie(response, app, LOGIN_COOKIE, browser_secret, LOGIN_LIFETIME_S)
    back = own_page(request.query_params.get("back", ""))
    if back != "/":
        _set_cookie(response, app, back_cookie(pending.state), quote(back), LOGIN_LIFETIME_S, CALLBACK)
    return response


def callback(request: Request, app: Application) -> Response:
    """The way back from Spotify: check the trip, fetch the grant, begin a session, go where it began.

    The secret of the browser stays until it ends by itself: another tab may still be on its way.
    """
    pending = _take_pending(request, app)
    grant = app.login.finish(_code(request), pending)
    listener_id, token = _connect(app, grant), _session_token(request, app)
    if app.sessions.listener_of(token) != listener_id:  # else the other tabs stay signed in
        app.sessions.end(token)
        token = app.sessions.begin(listener_id)
    response = _to_page(_back(request, app))
    _set_cookie(response, app, COOKIE, token, int(MOST_LIFETIME.total_seconds()))
    _drop_cookie(response, app, back_cookie(pending.state), CALLBACK)
    return response


def logout(request: Request, app: Application) -> Response:
    """End the session of this browser, or all of the listener's (`everywhere`).

    The link carries proof that it came from our own page.
    """
    token = _session_token(request, app)
    if not _proven(request, app, sign_out_token(token)):
        return _to_page()
    if request.query_params.get("everywhere"):
        app.sessions.end_everywhere(token)
    app.sessions.end(token)
    response = _to_page()
    _drop_cookie(response, app, COOKIE)
    return response


def export(request: Request, app: Application) -> Response:
    """Everything that is kept of whoever is signed in, as a file: made now, kept nowhere.

    The link carries proof that it came from our own page.
    """
    token = _session_token(request, app)
    listener_id = app.sessions.listener_of(token) if _proven(request, app, export_token(token)) else None
    if listener_id is None:
        return _to_page()
    headers = {**NO_STORE, "Content-Disposition": f'attachment; filename="{EXPORT_NAME}"'}
    return Response(app.people.export(listener_id), media_type="application/json", headers=headers)


def kept(request: Request, app: Application) -> Response:
    """What is kept, column by column, and for how long: the page of the documentation, as plain text."""
    headers = {"X-Content-Type-Options": "nosniff"}
    return FileResponse(_data_page(), media_type="text/plain; charset=utf-8", headers=headers)


@cache
def _data_page() -> Path:
    in_checkout = Path(__file__).parents[1] / DATA_PAGE
    if in_checkout.exists():
        return in_checkout
    installed = (Path(str(one.locate())) for one in files("earshot") or () if one.name == DATA_PAGE.name)
    return next(one for one in installed if one.exists())


def health(request: Request, app: Application) -> Response:
    """Whether the database answers and a model is there; for load balancers."""
    version = app.model_version()
    count = app.service.store.n_candidates(version)
    return JSONResponse({"status": "ok", "model_version": version, "n_candidates": count}, headers=NO_STORE)


def _health_or_503(request: Request) -> Response:
    try:
        return health(request, application())
    except EarshotError as error:
        return JSONResponse({"status": "error", "problem": type(error).__name__}, 503, headers=NO_STORE)


ROUTES = [
    _route("/login", login),
    _route(CALLBACK, callback),
    _route("/logout", logout),
    _route("/export", export),
    _route("/kept", kept),
    Route("/healthz", _health_or_503, methods=["GET"]),
]


def back_cookie(state: str) -> str:
    """The cookie that says where the trip of this state ends: each tab's trip has its own."""
    return f"earshot_back_{hash_of(state)[:16]}"


def _session_token(request: Request, app: Application) -> str:
    return request.cookies.get(cookie_name(app.settings.secure_cookies), "")


def _proven(request: Request, app: Application, proof: str) -> bool:
    """Whether there is a session cookie, and the address carries the proof that follows from it."""
    given = request.query_params.get("token", "")
    return bool(_session_token(request, app)) and hmac.compare_digest(given.encode(), proof.encode())


def _browser_secret(request: Request, app: Application) -> str:
    """The secret that this browser has from a trip that is not over; empty if none."""
    given = request.cookies.get(cookie_name(app.settings.secure_cookies, LOGIN_COOKIE), "")
    return given if _SECRET.fullmatch(given) else ""


def _take_pending(request: Request, app: Application) -> PendingLogin:
    """The pending log-in of this very browser; it cannot be taken twice, and not by another one."""
    browser_hash = hash_of(_browser_secret(request, app))
    pending = app.pending_logins.take(request.query_params.get("state", ""), browser_hash, app.clock())
    if pending is None:
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


def _back(request: Request, app: Application) -> str:
    """Where this trip to Spotify began; what the cookie says is checked once more."""
    name = back_cookie(request.query_params.get("state", ""))
    return own_page(unquote(request.cookies.get(cookie_name(app.settings.secure_cookies, name), "")))


def _back_anyway(request: Request) -> str:
    """The same where the application may not be there; then it is the first page."""
    try:
        return _back(request, application())
    except EarshotError:
        return "/"


def _to_page(path: str = "/", **query: str) -> RedirectResponse:
    joint = "&" if "?" in path else "?"
    address = f"{path}{joint}{urlencode(query)}" if query else path
    return RedirectResponse(address, status_code=303, headers=NO_STORE)


def _set_cookie(
    response: Response, app: Application, name: str, value: str, max_age_s: int, path: str = "/"
) -> None:
    """Set a cookie for `path`; for the whole host where it is a `__Host-` one, which allows nothing else."""
    secure = app.settings.secure_cookies
    response.set_cookie(
        cookie_name(secure, name),
        value,
        max_age=max_age_s,
        path="/" if secure else path,
        httponly=True,
        samesite="lax",
        secure=secure,
    )


def _drop_cookie(response: Response, app: Application, name: str, path: str = "/") -> None:
    _set_cookie(response, app, name, "", 0, path)
