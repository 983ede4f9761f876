"""The gateway: ASGI middleware that passes on only what it has checked."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from anyio.to_thread import run_sync
from starlette.datastructures import URL, Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from matcher.errors import EarshotError, TooManySignIns
from wiring.gateway.assets import FOR_A_DAY, Assets
from wiring.gateway.headers import (
    PLAYER,
    nothing,
    own_headers,
    scripted_headers,
    security_headers,
    streamlit_page,
)
from wiring.gateway.limits import Open, Pace, TooMany, subscriber
from wiring.gateway.names import Name, Names, names_of
from wiring.gateway.pages import NO_STORE, Pages, first_page, inline_scripts, page, renamed, zipped_page
from wiring.gateway.sockets import Files, Tab
from wiring.settings import Settings
from wiring.signing_in.sessions import cookie_name, hash_of

STREAM = "/_stcore/stream"
STREAMLITS = frozenset({"/_stcore/health", "/_stcore/host-config"})
"""Paths that a Streamlit page requests before it connects. Others below /_stcore are blocked."""
HEALTH = frozenset({"/healthz", "/readyz"})
SPOTIFY_LEADS_BACK = "/callback"
LOG_IN = "/login"
SIGN_INS = frozenset({LOG_IN, "/key", "/spotify"})
SESSION_CONNECTIONS = 24  # most open tabs per session
REQUESTS_AT_ONCE = 128  # most concurrent requests per address
CONNECTS_A_MINUTE = 4  # most new connections a minute per address, for each connection that it may have open

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
_FILE = re.compile(r"/media/([0-9a-f]{16,128})(\.[a-z0-9]{1,8})?", re.ASCII)
_Lookup = Callable[[str], str | None]


@dataclass
class Gateway:
    """Rejects foreign requests, and passes only signed-in listeners to Streamlit."""

    app: ASGIApp  # Streamlit, with our routes
    pages: Pages
    settings: Settings
    own: frozenset[str]  # paths of our routes
    listener_of: _Lookup  # who is signed in with a cookie's value; called on a worker thread
    forms: frozenset[str] = frozenset()  # paths of our routes that take a POST
    files: Files = field(default_factory=Files)

    def __post_init__(self) -> None:
        config = self.settings
        self.names: Names = names_of(config.public_url, config.port, config.demo)
        self.cookie = cookie_name(config.secure_cookies)
        self.sign_ins = Pace(config.sign_ins_per_minute)
        self.connects = Pace(config.connections_per_address * CONNECTS_A_MINUTE)
        self.connections, self.tabs = Open(config.connections_per_address), Open(SESSION_CONNECTIONS)
        self.requests = Open(REQUESTS_AT_ONCE)
        https = config.secure_cookies
        self._bare = security_headers(nothing(), https)
        self._plain = own_headers(https)
        self._with_file_form = scripted_headers(self.pages.file_script, https)
        self._assets = Assets(self.pages.static)
        self._drawn: dict[str, tuple[str, Mapping[str, str]]] = {}
        told = self.pages.signed_out(TooManySignIns.__name__, "")
        # made once: it may be sent a thousand times a second
        self._too_often = page(told, 429, {"Retry-After": "60", **self._with_file_form})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, reject, or pass on."""
        if scope["type"] == "websocket":
            await self._connect(scope, receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, self._guarded(scope["path"], send))
        else:
            await self.app(scope, receive, send)

    # ---- requests ------------------------------------------------------------------------------------

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = self._refusal(scope)
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        try:
            with self.requests.one_more(_who(scope)):
                response = await self._response(scope)
                await (response or self.app)(_without_origin(scope), receive, send)
        except TooMany:
            await _busy()(scope, receive, send)

    def _refusal(self, scope: Scope) -> Response | None:
        """Response to a request that is not for Earshot; None if it is."""
        headers, path = Headers(scope=scope), scope["path"]
        hosts = headers.getlist("host")
        name = self.names.name(hosts[0]) if len(hosts) == 1 else Name.FOREIGN
        if name is Name.FOREIGN or (name is Name.LOCAL and path not in HEALTH):
            return self._elsewhere()
        if scope["method"] == "POST" and path in self.forms:
            # 403 at once, and the rest of an upload is not read
            close = {"Connection": "close"}
            return None if self._is_own_form(headers) else _plain("Not for other pages.", 403, close)
        if scope["method"] not in {"GET", "HEAD"} or (
            scope["method"] == "HEAD" and path in self.own - HEALTH
        ):
            allowed = "GET" if path in self.own else "GET, HEAD"
            # Close at once: otherwise the rest of an upload is read and dropped.
            return _plain("Not allowed.", 405, {"Allow": allowed, "Connection": "close"})
        if not self._is_from_here(headers, path):
            return _plain("Not for other pages.", 403)
        if name is Name.ALIAS and path not in HEALTH:
            return self._to_public(scope)
        return None

    def _is_from_here(self, headers: Headers, path: str) -> bool:
        """Whether no other origin sent the request, by `Origin` and `Sec-Fetch-*`."""
        # Other ports of a machine are other origins. Spotify's consent page may leave its own in a redirect.
        if path != SPOTIFY_LEADS_BACK and headers.getlist("origin") not in ([], [self.names.origin]):
            return False
        if headers.get("sec-fetch-site", "none") in {"none", "same-origin"}:
            return True
        # anybody may link to a page
        return headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") == "document"

    def _is_own_form(self, headers: Headers) -> bool:
        """Whether a page of ours sent a form: browsers always say from which origin a POST comes."""
        is_ours = headers.getlist("origin") == [self.names.origin]
        return is_ours and headers.get("sec-fetch-site", "same-origin") == "same-origin"

    def _elsewhere(self) -> Response:
        return _plain(
            f"Earshot answers at {self.names.origin}, and under no other name. "
            "Whoever runs it sets the name with EARSHOT_PUBLIC_URL.",
            421,
        )

    def _to_public(self, scope: Scope) -> Response:
        """Redirect to the public URL: sign-in must begin on the host where it ends."""
        query = f"?{scope['query_string'].decode('latin-1')}" if scope["query_string"] else ""
        path = scope.get("raw_path", scope["path"].encode()).decode("latin-1")
        return RedirectResponse(URL(self.names.origin + path + query), 307, {"Cache-Control": "no-store"})

    async def _response(self, scope: Scope) -> ASGIApp | None:  # noqa: PLR0911 (a line a kind of address)
        """Response of the gateway; None to pass the request on."""
        path: str = scope["path"]
        if path == LOG_IN and not self.settings.spotify:
            return RedirectResponse("/", 303, NO_STORE)
        if path in SIGN_INS and not self.sign_ins.allows(_who(scope)):
            return self._too_often
        if path in self.own or path in STREAMLITS:
            return None
        if Assets.is_asset(path):
            return await run_sync(self._assets.response, path, Headers(scope=scope)) or _nothing()
        if found := _FILE.fullmatch(path):
            return await self._file(scope, found[1])
        if path in self.pages.files:
            kind, content = self.pages.files[path]
            return Response(content, 200, {"Cache-Control": FOR_A_DAY}, kind)
        return _nothing() if path.startswith("/_stcore/") else await self._page(scope)

    async def _file(self, scope: Scope, file: str) -> ASGIApp | None:
        """Serve a media file only to the session whose page holds it."""
        token = self._token(scope)
        if token and self.files.holds(hash_of(token), file) and await self._may_enter(token):
            return None
        return _plain("There is nothing here.", 404)

    async def _page(self, scope: Scope) -> ASGIApp:
        token, path = self._token(scope), scope["path"]
        title = self.pages.titles.get(path if path == "/" else path.rstrip("/"))
        signed_in = token is not None and await self._may_enter(token)
        if title is None:
            return page(self.pages.missing(), 404, self._plain)
        if path != "/" and path.endswith("/"):
            query = scope["query_string"].decode("latin-1")
            return RedirectResponse(path.rstrip("/") + (f"?{query}" if query else ""), 308, NO_STORE)
        if signed_in:
            return await self._streamlits(scope, path, title)
        query = HTTPConnection(scope).query_params
        signed_out = self.pages.signed_out(query.get("problem", ""), query.get("until", ""))
        return zipped_page(signed_out, Headers(scope=scope), self._with_file_form)

    async def _streamlits(self, scope: Scope, path: str, title: str) -> Response:
        """Streamlit's page under our title; made once per path."""
        if path not in self._drawn:
            html = renamed(await first_page(self.app, scope), title, self.pages)
            scripts = [*inline_scripts(html), *self.pages.scripts]
            policy = streamlit_page(scripts, self.names.origin, *([] if self.settings.demo else [PLAYER]))
            headers = security_headers(policy, self.settings.secure_cookies)
            self._drawn[path] = html, headers
        drawn, its_headers = self._drawn[path]
        return zipped_page(drawn, Headers(scope=scope), its_headers)

    def _guarded(self, path: str, send: Send) -> Send:
        """Add missing security headers and remove Streamlit's cookies, which are unused."""
        is_own = path in self.own

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=list(message.get("headers", ())))
                if not is_own:
                    del headers["set-cookie"]
                if path.startswith("/media/"):
                    headers["cache-control"] = "no-store"
                for name, value in self._bare.items():
                    headers.setdefault(name, value)
                message = {**message, "headers": headers.raw}
            await send(message)

        return guarded

    # ---- who is signed in ----------------------------------------------------------------------------

    def _token(self, scope: Scope) -> str | None:
        value = HTTPConnection(scope).cookies.get(self.cookie, "")
        return value if _TOKEN.fullmatch(value) else None

    async def _may_enter(self, token: str) -> bool:
        """Whether somebody is signed in; True on errors, which the page itself shows."""
        try:
            return await run_sync(self.listener_of, token) is not None
        except EarshotError:
            return True

    # ---- websockets ----------------------------------------------------------------------------------

    async def _connect(self, scope: Scope, receive: Receive, send: Send) -> None:
        token = self._token(scope)
        if token is None or not self._may_connect(scope) or not await self._may_enter(token):
            await _refuse(receive, send)
            return
        session, who = hash_of(token), _who(scope)
        tab = Tab(session, self.files, receive, send)
        try:
            with self.connections.one_more(who), self.tabs.one_more(session):
                await self.app(_without_origin(scope), tab.receive, tab.send)
        except TooMany:
            await _refuse(receive, send)
        finally:
            tab.close()

    def _may_connect(self, scope: Scope) -> bool:
        """Whether the request is from our page at the public URL, and not too frequent."""
        headers = Headers(scope=scope)
        hosts = headers.getlist("host")
        is_ours = len(hosts) == 1 and self.names.name(hosts[0]) is Name.PUBLIC
        is_ours = is_ours and headers.getlist("origin") == [self.names.origin] and scope["path"] == STREAM
        return is_ours and self.connects.allows(_who(scope))


def _who(scope: Scope) -> str:
    client = scope.get("client")
    return subscriber(client[0]) if client else "elsewhere"


def _without_origin(scope: Scope) -> Scope:
    """Remove `Origin`, already checked: Streamlit may ask an outside address about it."""
    kept: Iterable[tuple[bytes, bytes]] = scope["headers"]
    return {**scope, "headers": [one for one in kept if one[0].lower() != b"origin"]}


def _plain(text: str, status: int, headers: dict[str, str] | None = None) -> Response:
    return PlainTextResponse(text + "\n", status, {"Cache-Control": "no-store", **(headers or {})})


def _busy() -> Response:
    return _plain("Too many requests at once. Please try again in a moment.", 429, {"Retry-After": "5"})


def _nothing() -> Response:
    return _plain("There is nothing here.", 404)


async def _refuse(receive: Receive, send: Send) -> None:
    """Reject a websocket before it opens: the browser sees 403."""
    await receive()
    await send({"type": "websocket.close", "code": 1008})
