"""The accounts service: listener choice, consent, and the token endpoint."""

import base64
import binascii
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from emulator.accounts.redirects import check_redirect_uri, with_answer
from emulator.errors import ApiError, AuthorizeError, TokenError
from emulator.state.context import Emulator, emulator_of
from emulator.state.grants import Client
from emulator.world.downloads import spotify_data
from emulator.world.music import Listener, Track

_HERE = Path(__file__).parent
_PAGES = Environment(loader=FileSystemLoader(_HERE / "templates"), autoescape=True)
_SHOWN = 24
_CLIENT_ID = re.compile(r"[\x21-\x7e]{1,128}")
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")
_LONGEST_STATE = 2048
_PASSED_ON = (
    "client_id response_type redirect_uri scope state code_challenge_method code_challenge show_dialog"
).split()
SCOPES = {
    "user-top-read": "Your top artists and tracks",
    "user-library-read": "Your saved tracks and albums",
    "playlist-read-private": "Your private playlists",
    "playlist-read-collaborative": "Your collaborative playlists",
    "user-read-recently-played": "What you played recently",
    "playlist-modify-private": "Making private playlists for you",
    "playlist-modify-public": "Making public playlists for you",
    "user-follow-read": "Whom you follow",
    "user-read-private": "Your subscription details",
    "user-read-email": "Your e-mail address",
}
"""Scopes that can be granted, with their descriptions."""
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


@dataclass(frozen=True, slots=True)
class _Asked:
    """A checked authorization request; without ``challenge`` a secret is required."""

    client_id: str
    redirect_uri: str
    scopes: tuple[str, ...]
    state: str
    challenge: str

    def redirect(self, answer: dict[str, str]) -> RedirectResponse:
        state = {"state": self.state} if self.state else {}
        return RedirectResponse(
            with_answer(self.redirect_uri, answer | state), 302, {"Cache-Control": "no-store"}
        )


def _read_asked(values: Mapping[str, str], emulator: Emulator) -> _Asked:
    settings, client_id = emulator.settings, values.get("client_id", "")
    if not _CLIENT_ID.fullmatch(client_id) or settings.client_id not in (None, client_id):
        raise AuthorizeError("INVALID_CLIENT: Invalid client")
    check_redirect_uri(values.get("redirect_uri", ""), settings.redirect_uris)
    if values.get("response_type") != "code":
        raise AuthorizeError("response_type must be code")
    scopes = tuple(dict.fromkeys(values.get("scope", "").split()))
    if not set(scopes) <= set(SCOPES):
        raise AuthorizeError("INVALID_SCOPE: Invalid scope")
    state = values.get("state", "")
    if len(state) > _LONGEST_STATE:
        raise AuthorizeError("state is too long")
    return _Asked(client_id, values["redirect_uri"], scopes, state, _read_challenge(values))


def _read_challenge(values: Mapping[str, str]) -> str:
    method, challenge = values.get("code_challenge_method", ""), values.get("code_challenge", "")
    if not method and not challenge:
        return ""
    if method != "S256":
        raise AuthorizeError("code_challenge_method must be S256")
    if not _CHALLENGE.fullmatch(challenge):
        raise AuthorizeError("code_challenge must be 43 characters of base64url")
    return challenge


async def _show_authorize(request: Request) -> Response:
    emulator = emulator_of(request)
    asked = _read_asked(request.query_params, emulator)
    query = request.query_params.get("q", "")
    found = emulator.directory.find(query, _SHOWN)
    return page(
        "authorize.html",
        label=emulator.world.label,
        asked=asked,
        scopes=[SCOPES[scope] for scope in asked.scopes],
        passed_on={name: request.query_params[name] for name in _PASSED_ON if name in request.query_params},
        query=query,
        total=found.total,
        cards=[_card(listener, emulator) for listener in found.listeners],
    )


def _surprise(emulator: Emulator) -> str:
    """Of the first listeners that of most scenes, then of most music: there is most to see; "" if nobody."""
    listeners = emulator.directory.find("", _SHOWN).listeners

    def interest(listener: Listener) -> tuple[int, int]:
        return len(listener.scenes), len(emulator.libraries.library(listener.id).item_ids())

    most = max(listeners, key=interest, default=None)
    return most.id if most else ""


def page(template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """Render a page of the emulator."""
    return HTMLResponse(_PAGES.get_template(template).render(values), status, _HEADERS)


def _card(listener: Listener, emulator: Emulator) -> dict[str, Any]:
    library = emulator.libraries.library(listener.id)
    ranking = library.top_artist_ids.get("long_term", ())
    names = [emulator.world.artists[artist_id].name for artist_id in ranking[:3]]
    return {
        "id": listener.id,
        "name": listener.name,
        "scenes": listener.scenes,
        "artists": [name for name in names if name],
        "n_playlists": len(library.playlists),
        "n_tracks": sum(isinstance(emulator.world.items.get(key), Track) for key in library.item_ids()),
        "hue": sum(listener.id.encode()) % 8,
    }


async def _decide(request: Request) -> Response:
    emulator, form = emulator_of(request), texts(await request.form(max_files=0, max_fields=32))
    asked = _read_asked(form, emulator)
    if form.get("action") == "deny":
        return asked.redirect({"error": "access_denied"})
    listener_id = _surprise(emulator) if form.get("action") == "surprise" else form.get("listener_id", "")
    if listener_id not in emulator.world.listeners:
        raise AuthorizeError("No such listener")
    code = emulator.grants.issue_code(
        asked.client_id, listener_id, asked.scopes, asked.redirect_uri, asked.challenge
    )
    return asked.redirect({"code": code})


def texts(form: FormData) -> dict[str, str]:
    """The text fields of a form."""
    return {key: value for key, value in form.items() if isinstance(value, str)}


async def answer_authorize_error(request: Request, error: Exception) -> Response:
    """Show the error as a page; never redirect to a rejected address."""
    return page("refused.html", 400, reason=str(error))


async def _token(request: Request) -> Response:
    emulator, form = emulator_of(request), texts(await request.form(max_files=0, max_fields=32))
    client = _read_client(request.headers.get("authorization", ""), form, emulator)
    grant_type = form.get("grant_type", "")
    if grant_type == "authorization_code":
        answer = _redeem(form, client, emulator)
    elif grant_type == "refresh_token":
        answer = emulator.grants.refresh(client, _needed(form, "refresh_token"))
    else:
        raise TokenError("unsupported_grant_type", "grant_type must be authorization_code or refresh_token")
    return JSONResponse(answer, headers={"Cache-Control": "no-store"})


def _redeem(form: Mapping[str, str], client: Client, emulator: Emulator) -> dict[str, Any]:
    verifier = form.get("code_verifier", "")
    if verifier and not _VERIFIER.fullmatch(verifier):
        raise TokenError("invalid_request", "code_verifier must be 43 to 128 unreserved characters")
    code, redirect_uri = _needed(form, "code"), _needed(form, "redirect_uri")
    return emulator.grants.redeem_code(client, code, redirect_uri, verifier)


def _needed(form: Mapping[str, str], name: str) -> str:
    if not form.get(name):
        raise TokenError("invalid_request", f"{name} must be supplied")
    return form[name]


def _read_client(authorization: str, form: Mapping[str, str], emulator: Emulator) -> Client:
    client_id, secret = _read_basic(authorization) if authorization else (form.get("client_id", ""), "")
    secret = secret or form.get("client_secret", "")
    settings = emulator.settings
    known = settings.client_id is None or hmac.compare_digest(client_id.encode(), settings.client_id.encode())
    if not client_id or not known:
        raise TokenError("invalid_client", "Invalid client")
    expected = settings.client_secret
    if secret and expected is not None and not hmac.compare_digest(secret.encode(), expected.encode()):
        raise TokenError("invalid_client", "Invalid client secret")
    return Client(client_id, confidential=bool(secret))


def _read_basic(authorization: str) -> tuple[str, str]:
    scheme, _, encoded = authorization.partition(" ")
    try:
        client_id, colon, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, ValueError) as error:
        raise TokenError("invalid_client", "Invalid authorization header") from error
    if scheme.lower() != "basic" or not (colon and secret):
        raise TokenError("invalid_client", "Invalid authorization header")
    return client_id, secret


async def _open(request: Request) -> Response:
    """Page that stands in for open.spotify.com."""
    emulator, kind, key = emulator_of(request), request.path_params["kind"], request.path_params["key"]
    world = emulator.world
    known: Mapping[str, Mapping[str, Any]] = {
        "track": world.items,
        "artist": world.artists,
        "user": world.listeners,
    }
    if kind == "search":
        name = key.rpartition("/")[0]
    elif kind == "playlist":
        name = emulator.libraries.playlist(key).name
    elif key in known.get(kind, {}):
        name = known[kind][key].name
    else:
        raise ApiError(404, "Resource not found")
    return page("open.html", kind=kind, name=name or key, label=world.label)


async def _show_data(request: Request) -> Response:
    """Page that stands in for the one where listeners ask for their data."""
    emulator = emulator_of(request)
    query = request.query_params.get("q", "")
    found = emulator.directory.find(query, _SHOWN)
    cards = [_card(listener, emulator) for listener in found.listeners]
    return page("data.html", label=emulator.world.label, query=query, total=found.total, cards=cards)


async def _data(request: Request) -> Response:
    """A listener's own data, as Spotify sends it."""
    emulator, key = emulator_of(request), request.path_params["key"]
    listener = emulator.world.listeners.get(key)
    if listener is None:
        raise ApiError(404, "Resource not found")
    content = spotify_data(listener, emulator.libraries.library(key), emulator.world)
    headers = {**_HEADERS, "Content-Disposition": 'attachment; filename="my_spotify_data.zip"'}
    return Response(content, media_type="application/zip", headers=headers)


async def _style(request: Request) -> Response:
    return FileResponse(_HERE / "assets" / "pages.css", media_type="text/css")


ROUTES = [
    Route("/authorize", _show_authorize, methods=["GET"]),
    Route("/authorize", _decide, methods=["POST"]),
    Route("/api/token", _token, methods=["POST"]),
    Route("/account/privacy", _show_data, methods=["GET"]),
    Route("/account/privacy/{key}/my_spotify_data.zip", _data, methods=["GET"]),
    Route("/open/{kind}/{key:path}", _open, methods=["GET"]),
    Route("/assets/pages.css", _style, methods=["GET"]),
]
