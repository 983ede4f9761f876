"""Last.fm's page that asks a listener whether an application may know who they are."""

import hmac
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from emulator.accounts.redirects import check_redirect_uri, with_answer
from emulator.accounts.routes import page, texts
from emulator.errors import AuthorizeError, LastFmError
from emulator.state.context import Emulator, emulator_of

_SHOWN = 24


def _check(emulator: Emulator, api_key: str, callback: str, token: str) -> None:
    """Check a request: it has a callback (web) or a token (desktop).

    Raises:
        LastFmError: the key is unknown, or neither is given.
        AuthorizeError: the callback is not accepted.
    """
    if not hmac.compare_digest(api_key.encode(), emulator.settings.lastfm_key.encode()):
        raise LastFmError(10, "Invalid API key - You must be granted a valid key by last.fm")
    if callback:
        check_redirect_uri(callback, None)
        # Last.fm takes any callback; this one stays with the app it stands beside
        registered = emulator.settings.redirect_uris
        if registered is not None and _origin(callback) not in map(_origin, registered):
            raise AuthorizeError("INVALID_CLIENT: the callback is of another app")
    elif not token:
        raise LastFmError(6, "Invalid parameters - Your request is missing a required parameter", 400)


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


async def _show(request: Request) -> Response:
    emulator, asked = emulator_of(request), request.query_params
    _check(emulator, asked.get("api_key", ""), asked.get("cb", ""), asked.get("token", ""))
    query = asked.get("q", "")
    found = emulator.directory.find(query, _SHOWN)
    return page(
        "lastfm.html",
        label=emulator.world.label,
        passed_on={name: asked[name] for name in ("api_key", "cb", "token") if name in asked},
        query=query,
        total=found.total,
        listeners=found.listeners,
    )


async def _decide(request: Request) -> Response:
    emulator = emulator_of(request)
    form = texts(await request.form(max_files=0, max_fields=16))
    callback, token = form.get("cb", ""), form.get("token", "")
    _check(emulator, form.get("api_key", ""), callback, token)
    listener_id = form.get("listener_id", "")
    if listener_id not in emulator.world.listeners:
        raise LastFmError(6, "User not found", 404)
    if not callback:
        emulator.lastfm_sessions.grant(token, listener_id)
        return HTMLResponse("You have granted permission. You can close this page.")
    answer = {"token": emulator.lastfm_sessions.issue(listener_id)}
    return RedirectResponse(with_answer(callback, answer), 302, {"Cache-Control": "no-store"})


ROUTES = [
    Route("/lastfm/api/auth/", _show, methods=["GET"]),
    Route("/lastfm/api/auth/", _decide, methods=["POST"]),
]
