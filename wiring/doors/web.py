"""Routes beside the pages: sign-in, callback, sign-out, export, health."""

import hmac
import logging
import re
import secrets
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
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
    SessionEnded,
    SignInError,
    SignInWaits,
    SpotifyMalformed,
    SpotifyNotAdded,
    SpotifyUnreachable,
    StateMismatch,
)
from matcher.ports import Account, Grant, PendingLogin, WaitingSignIn
from spotify_client.settings import PLAYLIST_SCOPES
from wiring.bootstrap import Application, application
from wiring.doors.reading_services import read_spotify
from wiring.health import HealthCheck
from wiring.signing_in.sessions import (
    COOKIE,
    MOST_LIFETIME,
    cookie_name,
    export_token,
    hash_of,
    sign_out_token,
)

log = logging.getLogger(__name__)

LOGIN_COOKIE = "earshot_login"
WAITING_COOKIE = "earshot_waiting"
"""Secret of a deferred sign-in and the page to return to, separated by a full stop."""
PLACE_KEPT = timedelta(days=1)  # how long a deferred sign-in is kept after it can be completed
CALLBACK = "/callback"
LOGIN = "/login"
CONNECT = "/spotify"
"""Page that asks whether to connect Spotify to an account that began without it."""
LOGIN_LIFETIME_S = 600
MORE_SCOPES = {"playlist": PLAYLIST_SCOPES}  # additional scopes that `/login?for=…` requests from Spotify
EXPORT_NAME = "earshot-export.json"
DATA_PAGE = Path("docs", "data.md")  # path in a checkout; a wheel installs it into `share/earshot`
NO_STORE = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}

_SECRET = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
_OWN_PAGE = re.compile(r"(/[a-z]*)(\?[A-Za-z0-9_=&%,.~-]{0,800})?", re.ASCII)

Handler = Callable[[Request, Application], Response]


def _route(path: str, handler: Handler) -> Route:
    """A GET route on a worker thread; errors redirect to a page that explains them."""

    @wraps(handler)
    def endpoint(request: Request) -> Response:
        try:
            return handler(request, application())
        except EarshotError as error:
            log.info("%s ended with %s", path, type(error).__name__)
            return to_problem(_back_anyway(request), error)

    return Route(path, endpoint, methods=["GET"])


def login(request: Request, app: Application) -> Response:
    """Start OAuth: store the attempt, bind it to this browser, redirect to Spotify.

    `back` is the page to return to, by default the first one. A signed-in listener must return with the same
    account: see `_connect`. A deferred sign-in is completed without another redirect, unless `anew` is given.
    Whoever is signed in without Spotify is asked first whether to connect it.
    """
    more_scopes = MORE_SCOPES.get(request.query_params.get("for", ""), ())
    here = app.sessions.listener_of(session_token(request, app)) or ""
    waiting = _take_waiting(request, app)
    is_wanted = waiting is not None and _is_wanted(waiting, here, more_scopes)
    if waiting is not None and is_wanted and not request.query_params.get("anew"):
        with suppress(GrantRevoked):  # then start OAuth again
            return _come_in(request, app, waiting, _waiting_back(request, app))
    if here and not app.has_spotify(here):
        return to_page(CONNECT)
    return leave(request, app, here, own_page(request.query_params.get("back", "")), more_scopes)


def leave(
    request: Request,
    app: Application,
    listener_id: str,
    back: str,
    more_scopes: Sequence[str] = (),
    *,
    connects: bool = False,
) -> Response:
    """Redirect to Spotify; the attempt is bound to this browser and to who is signed in."""
    # attempts in several tabs share the secret of their browser
    browser_secret = _browser_secret(request, app) or secrets.token_urlsafe(32)
    pending, address = app.login.begin(hash_of(browser_secret), more_scopes, listener_id)
    app.pending_logins.add(replace(pending, connects=connects))
    # 303: the form that was posted is not sent on to Spotify
    status_code = 303 if request.method == "POST" else 302
    response = RedirectResponse(address, status_code, headers=NO_STORE)
    set_cookie(response, app, LOGIN_COOKIE, browser_secret, LOGIN_LIFETIME_S)
    if back != "/":
        set_cookie(response, app, back_cookie(pending.state), quote(back), LOGIN_LIFETIME_S, CALLBACK)
    return response


def callback(request: Request, app: Application) -> Response:
    """Finish OAuth: check the attempt, fetch the grant, begin a session, return."""
    pending = _take_pending(request, app)
    grant = app.login.finish(_code(request, pending.connects), pending)
    waiting = WaitingSignIn(grant, pending.listener_id, pending.connects)
    # the browser's secret stays until it expires: an attempt in another tab may be open
    response = _come_in(request, app, waiting, _back(request, app))
    drop_cookie(response, app, back_cookie(pending.state), CALLBACK)
    return response


def logout(request: Request, app: Application) -> Response:
    """End this browser's session, or all of the listener's; needs a CSRF token."""
    token = session_token(request, app)
    if not _proven(request, app, sign_out_token(token)):
        return to_page()
    if request.query_params.get("everywhere"):
        app.sessions.end_everywhere(token)
    app.sessions.end(token)
    response = to_page()
    drop_cookie(response, app, COOKIE)
    return response


def export(request: Request, app: Application) -> Response:
    """Download all data stored about the listener; needs a CSRF token."""
    token = session_token(request, app)
    listener_id = app.sessions.listener_of(token) if _proven(request, app, export_token(token)) else None
    if listener_id is None:
        return to_page()
    headers = {**NO_STORE, "Content-Disposition": f'attachment; filename="{EXPORT_NAME}"'}
    return Response(app.people.export(listener_id), media_type="application/json", headers=headers)


def kept(request: Request, app: Application) -> Response:
    """The documentation page on stored data and retention, as plain text."""
    headers = {"X-Content-Type-Options": "nosniff"}
    return FileResponse(_data_page(), media_type="text/plain; charset=utf-8", headers=headers)


@cache
def _data_page() -> Path:
    in_checkout = Path(__file__).parents[2] / DATA_PAGE
    if in_checkout.exists():
        return in_checkout
    installed = (Path(str(one.locate())) for one in files("earshot") or () if one.name == DATA_PAGE.name)
    return next(one for one in installed if one.exists())


def _examine() -> dict[str, object]:
    app = application()
    version = app.model_version()
    app.service.store.n_candidates(version)  # not returned: it would show when one person joins or leaves
    return {"model_version": version}


_HEALTH = HealthCheck(_examine)


async def health(_: Request) -> Response:
    """Whether the database answers and a model is there; for load balancers.

    Answers within a time limit, however slow database and pages are.
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
    """Cookie with the page to return to; each attempt (tab) has its own."""
    return f"earshot_back_{hash_of(state)[:16]}"


def session_token(request: Request, app: Application) -> str:
    """Value of this browser's session cookie; '' if none."""
    return request.cookies.get(cookie_name(app.settings.secure_cookies), "")


def _proven(request: Request, app: Application, proof: str) -> bool:
    """Whether there is a session cookie and the URL carries its CSRF token."""
    given = request.query_params.get("token", "")
    return bool(session_token(request, app)) and hmac.compare_digest(given.encode(), proof.encode())


def _browser_secret(request: Request, app: Application) -> str:
    """This browser's secret from an open sign-in attempt; '' if none."""
    given = request.cookies.get(cookie_name(app.settings.secure_cookies, LOGIN_COOKIE), "")
    return given if _SECRET.fullmatch(given) else ""


def _take_pending(request: Request, app: Application) -> PendingLogin:
    """Take the pending sign-in of this browser; it can be taken once."""
    browser_hash = hash_of(_browser_secret(request, app))
    pending = app.pending_logins.take(request.query_params.get("state", ""), browser_hash, app.clock())
    if pending is None:
        raise StateMismatch("the log-in is unknown, expired, used before, or of another browser")
    return pending


def _code(request: Request, connects: bool) -> str:
    problem = request.query_params.get("error", "")
    code = request.query_params.get("code", "")
    if connects and (problem or not code):
        raise SpotifyNotAdded("the person declined, or Spotify sent no code")
    if problem == "access_denied":
        raise AccessDenied("the person declined")
    if problem or not code:
        raise SignInError("Spotify sent no code")
    return code


def _come_in(request: Request, app: Application, waiting: WaitingSignIn, back: str) -> Response:
    """Begin a session for the grant's account, or defer the sign-in.

    Raises GrantRevoked if Spotify no longer accepts the grant.
    """
    token = session_token(request, app)
    try:
        grant = app.login.usable(waiting.grant)
        listener_id = _connect(app, grant, waiting, token)
    except RateLimited as error:
        told = SignInWaits("signing in needs a call to Spotify", error.retry_at_utc)
        return _keep_place(request, app, waiting, back, told, error.retry_at_utc)
    except (SpotifyUnreachable, SpotifyMalformed) as error:
        return _keep_place(request, app, waiting, back, error, app.clock())
    if waiting.connects:
        read_spotify(app, listener_id)
        back = "/"  # where its progress is shown
    if app.sessions.listener_of(token) != listener_id:  # if equal, keep the session of the other tabs
        app.sessions.end(token)
        token = app.sessions.begin(listener_id)
    response = to_page(back)
    set_cookie(response, app, COOKIE, token, int(MOST_LIFETIME.total_seconds()))
    if _waiting_cookie(request, app):
        drop_cookie(response, app, WAITING_COOKIE, LOGIN)
    return response


def _keep_place(
    request: Request,
    app: Application,
    waiting: WaitingSignIn,
    back: str,
    told: EarshotError,
    from_utc: datetime,
) -> Response:
    """Defer the sign-in of this browser until `PLACE_KEPT` after `from_utc`."""
    secret, until = secrets.token_urlsafe(32), from_utc + PLACE_KEPT
    app.waiting_sign_ins.keep(hash_of(secret), waiting, until)
    response = to_problem(back, told)
    lasts_s = max(0, int((until - app.clock()).total_seconds()))
    set_cookie(response, app, WAITING_COOKIE, f"{secret}.{quote(back, safe='')}", lasts_s, LOGIN)
    return response


def _take_waiting(request: Request, app: Application) -> WaitingSignIn | None:
    secret = _waiting_cookie(request, app).partition(".")[0]
    return app.waiting_sign_ins.take(hash_of(secret), app.clock()) if secret else None


def _is_wanted(waiting: WaitingSignIn, here: str, more_scopes: Sequence[str]) -> bool:
    return waiting.listener_id == here and waiting.grant.scopes >= set(more_scopes)


def _waiting_cookie(request: Request, app: Application) -> str:
    return request.cookies.get(cookie_name(app.settings.secure_cookies, WAITING_COOKIE), "")


def _waiting_back(request: Request, app: Application) -> str:
    """Page to return to after a deferred sign-in: requested now, else before."""
    kept = unquote(_waiting_cookie(request, app).partition(".")[2])
    return own_page(request.query_params.get("back", kept))


def _connect(app: Application, grant: Grant, waiting: WaitingSignIn, cookie: str) -> str:
    """The listener of the grant's account; raises OtherAccount and changes nothing if wrong."""
    # nothing is written before Spotify has named the account
    account, went = app.login.account(grant), waiting.listener_id
    if waiting.connects:
        return _add_spotify(app, account, grant, went, cookie)
    # A signed-in listener wants to extend or renew a permission, not to change accounts: only their own
    # account may return, and only to a browser where nobody else has signed in.
    if went and (app.service.owner_of(account) != went or _is_of_another(app, went, cookie)):
        raise OtherAccount("the account that came back is not the one that went")
    listener = app.service.connect_listener(account)
    app.grants.keep(listener.listener_id, grant)
    app.syncs.dismiss(listener.listener_id)
    return listener.listener_id


def _add_spotify(app: Application, account: Account, grant: Grant, listener_id: str, cookie: str) -> str:
    """Let a Spotify account sign in as a listener beside their recovery key.

    Raises:
        SessionEnded: they are not signed in here any more.
        AccountTaken: it is another listener's.
        OtherAccount: they have connected another one meanwhile.
    """
    # the session of this browser alone says whose account it is, else a link could mix up two people's
    if app.sessions.listener_of(cookie) != listener_id:
        raise SessionEnded("the session that asked for Spotify has ended")
    if app.has_spotify(listener_id) and app.service.owner_of(account) != listener_id:
        raise OtherAccount("another Spotify account is connected already")
    app.service.change_account(listener_id, account)
    app.grants.keep(listener_id, grant)
    return listener_id


def _is_of_another(app: Application, listener_id: str, cookie: str | None) -> bool:
    return app.sessions.listener_of(cookie) not in (None, listener_id)


def own_page(wanted: str) -> str:
    """Return `wanted` if it is one of our pages, with or without a query; else "/"."""
    # allow-list, as anybody can write a link that somebody else opens
    found = _OWN_PAGE.fullmatch(wanted)
    return wanted if found and found[1] not in {route.path for route in ROUTES} else "/"


def _back(request: Request, app: Application) -> str:
    """Page where this attempt began; the cookie is checked again."""
    name = back_cookie(request.query_params.get("state", ""))
    return own_page(unquote(request.cookies.get(cookie_name(app.settings.secure_cookies, name), "")))


def _back_anyway(request: Request) -> str:
    """Same as `_back`; "/" if the application cannot be built."""
    try:
        return _back(request, application())
    except EarshotError:
        return "/"


def to_page(path: str = "/", **query: str) -> RedirectResponse:
    """Redirect to a page of ours, which is then requested by GET."""
    joint = "&" if "?" in path else "?"
    address = f"{path}{joint}{urlencode(query)}" if query else path
    return RedirectResponse(address, status_code=303, headers=NO_STORE)


def to_problem(path: str, error: EarshotError) -> RedirectResponse:
    """Redirect to a page that says what went wrong and, if known, until when."""
    until = {"until": str(int(error.retry_at_utc.timestamp()))} if isinstance(error, RateLimited) else {}
    return to_page(path, problem=type(error).__name__, **until)


def set_cookie(
    response: Response, app: Application, name: str, value: str, max_age_s: int, path: str = "/"
) -> None:
    """Set a cookie for `path`, or for the whole host if it is a `__Host-` cookie."""
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


def drop_cookie(response: Response, app: Application, name: str, path: str = "/") -> None:
    """Delete a cookie that was set for `path`."""
    set_cookie(response, app, name, "", 0, path)
