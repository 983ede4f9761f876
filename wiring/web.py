"""Routes beside the pages: log-in, callback, log-out, health."""

import hmac
import logging
import re
import secrets
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import cache, wraps
from importlib.metadata import files
from pathlib import Path
from urllib.parse import quote, unquote, urlencode

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from matcher.errors import (
    AccessDenied,
    EarshotError,
    GrantRevoked,
    OtherAccount,
    RateLimited,
    SignInError,
    SignInWaits,
    SpotifyMalformed,
    SpotifyUnreachable,
    StateMismatch,
)
from matcher.ports import Grant, PendingLogin, WaitingSignIn
from spotify_client.settings import PLAYLIST_SCOPES
from wiring.bootstrap import Application, application
from wiring.health import HealthCheck
from wiring.sessions import COOKIE, MOST_LIFETIME, cookie_name, export_token, hash_of, sign_out_token

log = logging.getLogger(__name__)

LOGIN_COOKIE = "earshot_login"
WAITING_COOKIE = "earshot_waiting"
"""The secret of a place that is kept, and the page that was wanted, divided by a full stop."""
PLACE_KEPT = timedelta(days=1)
"""How long a place is kept after the pause that it waits for."""
CALLBACK = "/callback"
LOGIN = "/login"
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
            return _to_problem(_back_anyway(request), error)

    return Route(path, endpoint, methods=["GET"])


def login(request: Request, app: Application) -> Response:
    """Begin the trip to Spotify: remember it, bind it to this browser, and go.

    `back` in the address is the page of ours that the trip ends on; without it, that is the first one. Who is
    signed in already goes as themselves: see `_connect`. Where this browser's place is kept since an earlier
    trip, no trip is needed; with `anew` it is given up. Trips that are begun in several tabs belong to one
    browser, and so have one secret.
    """
    more_scopes = MORE_SCOPES.get(request.query_params.get("for", ""), ())
    here = app.sessions.listener_of(_session_token(request, app)) or ""
    waiting = _take_waiting(request, app)
    is_wanted = waiting is not None and _is_wanted(waiting, here, more_scopes)
    if waiting is not None and is_wanted and not request.query_params.get("anew"):
        with suppress(GrantRevoked):  # then the trip begins anew
            return _come_in(request, app, waiting, _waiting_back(request, app))
    browser_secret = _browser_secret(request, app) or secrets.token_urlsafe(32)
    pending, address = app.login.begin(hash_of(browser_secret), more_scopes, here)
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
    waiting = WaitingSignIn(app.login.finish(_code(request), pending), pending.listener_id)
    response = _come_in(request, app, waiting, _back(request, app))
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


def _examine() -> dict[str, object]:
    app = application()
    version = app.model_version()
    app.service.store.n_candidates(version)  # asked, not told: who counts, sees one person come or go
    return {"model_version": version}


_HEALTH = HealthCheck(_examine)


async def health(_: Request) -> Response:
    """Whether the database answers and a model is there; for load balancers.

    It answers within its own limit, on a thread of its own, however long database and pages take.
    """
    found = await _HEALTH.ask()
    return JSONResponse(found.content, found.status, headers=NO_STORE)


ROUTES = [
    _route(LOGIN, login),
    _route(CALLBACK, callback),
    _route("/logout", logout),
    _route("/export", export),
    _route("/kept", kept),
    Route("/healthz", health, methods=["GET"]),
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


def _come_in(request: Request, app: Application, waiting: WaitingSignIn, back: str) -> Response:
    """Begin a session for the one who agreed at Spotify, or keep their place until that one can be told.

    Raises:
        GrantRevoked: Spotify accepts it no longer.
        EarshotError: they cannot come in; where only Spotify is to blame, their place is kept.
    """
    token = _session_token(request, app)
    try:
        grant = app.login.usable(waiting.grant)
        listener_id = _connect(app, grant, waiting.listener_id, token)
    except RateLimited as error:
        told = SignInWaits("signing in needs a call to Spotify", error.retry_at_utc)
        return _keep_place(request, app, waiting, back, told, error.retry_at_utc)
    except (SpotifyUnreachable, SpotifyMalformed) as error:
        return _keep_place(request, app, waiting, back, error, app.clock())
    if app.sessions.listener_of(token) != listener_id:  # else the other tabs stay signed in
        app.sessions.end(token)
        token = app.sessions.begin(listener_id)
    response = _to_page(back)
    _set_cookie(response, app, COOKIE, token, int(MOST_LIFETIME.total_seconds()))
    if _waiting_cookie(request, app):
        _drop_cookie(response, app, WAITING_COOKIE, LOGIN)
    return response


def _keep_place(
    request: Request,
    app: Application,
    waiting: WaitingSignIn,
    back: str,
    told: EarshotError,
    from_utc: datetime,
) -> Response:
    """Keep a place for this browser until a day after it can come in; the page says what happened."""
    secret, until = secrets.token_urlsafe(32), from_utc + PLACE_KEPT
    app.waiting_sign_ins.keep(hash_of(secret), waiting, until)
    response = _to_problem(back, told)
    lasts_s = max(0, int((until - app.clock()).total_seconds()))
    _set_cookie(response, app, WAITING_COOKIE, f"{secret}.{quote(back, safe='')}", lasts_s, LOGIN)
    return response


def _take_waiting(request: Request, app: Application) -> WaitingSignIn | None:
    secret = _waiting_cookie(request, app).partition(".")[0]
    return app.waiting_sign_ins.take(hash_of(secret), app.clock()) if secret else None


def _is_wanted(waiting: WaitingSignIn, here: str, more_scopes: Sequence[str]) -> bool:
    """Whether what waits is what is asked for now: of the same listener, with the same permissions."""
    return waiting.listener_id == here and waiting.grant.scopes >= set(more_scopes)


def _waiting_cookie(request: Request, app: Application) -> str:
    return request.cookies.get(cookie_name(app.settings.secure_cookies, WAITING_COOKIE), "")


def _waiting_back(request: Request, app: Application) -> str:
    """Where a sign-in leads whose place was kept: where one asks to be led now, else where one had asked."""
    kept = unquote(_waiting_cookie(request, app).partition(".")[2])
    return own_page(request.query_params.get("back", kept))


def _connect(app: Application, grant: Grant, went: str, cookie: str | None) -> str:
    """Nothing is written before Spotify has said whose grant it is.

    Whoever was signed in when the trip began wanted a permission, or to renew one, and not to become somebody
    else: only their own account may come back, into a browser in which nobody else is signed in by now.

    Raises:
        OtherAccount: another account came back; nothing was changed.
    """
    account = app.login.account(grant)
    if went and (app.service.owner_of(account) != went or _is_of_another(app, went, cookie)):
        raise OtherAccount("the account that came back is not the one that went")
    listener = app.service.connect_listener(account)
    app.grants.keep(listener.listener_id, grant)
    app.syncs.dismiss(listener.listener_id)
    return listener.listener_id


def _is_of_another(app: Application, listener_id: str, cookie: str | None) -> bool:
    return app.sessions.listener_of(cookie) not in (None, listener_id)


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


def _to_problem(path: str, error: EarshotError) -> RedirectResponse:
    """A page that says what went wrong, and until when it lasts where that is known."""
    until = {"until": str(int(error.retry_at_utc.timestamp()))} if isinstance(error, RateLimited) else {}
    return _to_page(path, problem=type(error).__name__, **until)


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
