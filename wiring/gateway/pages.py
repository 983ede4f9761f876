"""Streamlit's page under our titles, and static pages for signed-out visitors."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from anyio import sleep_forever
from starlette.datastructures import Headers as RequestHeaders
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Scope

from matcher.errors import EarshotError
from matcher.picking.service import PickScreen
from wiring.gateway.assets import compressed_page, takes_gzip

NO_STORE = {"Cache-Control": "no-store", "Vary": "Cookie"}

_TITLE = re.compile(r"<title>.*?</title>", re.DOTALL)
_ICON = re.compile(r'<link rel="shortcut icon"[^>]*>')
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_PRELOADED_FONT = re.compile(r'<link\s+rel="preload"[^>]*as="font"[^>]*>')
_AGENTS = re.compile(r'<link rel="service-desc"[^>]*>')
_HEAD_ENDS, _BODY_ENDS = re.compile("</head>"), re.compile("</body>")
_NO_SCRIPT = re.compile(r"<noscript>.*?</noscript>", re.DOTALL)
_INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Pages:
    """What the gateway knows of pages.

    Attributes:
        titles: of Streamlit's pages, by path with a leading slash.
        scripts: texts of the inline scripts in our pages.
        static: folder of Streamlit's files.
        preloads: names of scripts that every screen loads later on, below `static/js`.
        first_sight: HTML to show until Streamlit draws.
        no_script: text for browsers without scripts.
        signed_out: makes the signed-out page from an error's class name and a time (seconds since 1970) until
            which it lasts; both may be ''.
        files: media types and contents of small files of ours, by path; the same for everybody.
        missing: makes the 404 page.
        file: makes the page to bring a file on, from whether somebody is signed in, and the rest as
            `signed_out`.
        file_script: text of the inline script in that page and the signed-out one.
        name: makes the page to type a user name on, from whether somebody is signed in, whether names of
            Last.fm are read, whether one can sign in there, and the problem of an error's class name, or ''.
        refused: makes the page of `file` with what is wrong with one that was not taken.
        enter_key: makes the page to type a recovery key on, with the problem of an error's class name, or ''.
        key: makes the page that shows a recovery key once; the second argument is whether it is the first one
            of its account.
        new_key: makes the page that asks whether to make a new key, from its form's CSRF token.
        connect: makes the page that asks whether to connect Spotify, from its form's CSRF token.
        pick: makes the page to pick artists on, from what it shows; without its frame if the second argument
            is true.
        pick_script: text of the inline script in that page.
    """

    titles: Mapping[str, str]
    icon: str
    scripts: Sequence[str]
    static: Path
    preloads: Sequence[str]
    first_sight: str
    no_script: str
    signed_out: Callable[[str, str], str]
    files: Mapping[str, tuple[str, bytes]]
    missing: Callable[[], str]
    file: Callable[[bool, str, str], str]
    file_script: str
    name: Callable[[bool, bool, bool, str], str]
    refused: Callable[[EarshotError], str]
    enter_key: Callable[[str], str]
    key: Callable[[str, bool], str]
    new_key: Callable[[str], str]
    connect: Callable[[str], str]
    pick: Callable[[PickScreen, bool], str]
    pick_script: str


def renamed(html: str, title: str, pages: Pages) -> str:
    """Streamlit's page with our title and icon, without its text for agents.

    Search engines, bookmarks and histories see this HTML, before its script runs.
    """
    html = _COMMENT.sub("", html)
    for pattern, ours in (
        (_TITLE, f"<title>{escape(title)}</title>"),
        (_ICON, f'<link rel="icon" href="{escape(pages.icon)}">'),
        (_AGENTS, ""),
        (_PRELOADED_FONT, ""),  # 170 kB before the scripts; text is shown in another font until it is there
        (_HEAD_ENDS, "".join(map(_preload, pages.preloads)) + "</head>"),
        (_BODY_ENDS, pages.first_sight + "</body>"),
        (_NO_SCRIPT, f"<noscript><p>{escape(pages.no_script)}</p></noscript>"),
    ):
        html = pattern.sub(lambda _, ours=ours: ours, html)  # type: ignore[misc]
    return html.strip() + "\n"


def _preload(name: str) -> str:
    return f'<link rel="modulepreload" crossorigin href="./static/js/{escape(name)}">\n'


def inline_scripts(html: str) -> list[str]:
    """Texts of the inline scripts in a page."""
    return _INLINE.findall(html)


def zipped_page(html: str, asked: RequestHeaders, headers: Mapping[str, str] | None = None) -> Response:
    """As `page`, compressed once if the browser takes it. For pages without secrets only."""
    if not takes_gzip(asked):
        return page(html, headers=headers)
    more = {"Content-Encoding": "gzip", "Vary": "Cookie, Accept-Encoding"}
    return HTMLResponse(compressed_page(html), 200, {**NO_STORE, **(headers or {}), **more})


def page(html: str, status: int = 200, headers: Mapping[str, str] | None = None) -> HTMLResponse:
    """HTML response that is never cached: it depends on who is signed in."""
    return HTMLResponse(html, status, {**NO_STORE, **(headers or {})})


async def first_page(app: ASGIApp, scope: Scope) -> str:
    """HTML that Streamlit serves at every path.

    Raises:
        RuntimeError: the status is not 200.
    """
    asked = {**scope, "path": "/", "raw_path": b"/", "query_string": b"", "method": "GET", "headers": []}
    asked.pop("extensions", None)  # a body, not a file name
    status, body, came = 0, bytearray(), False

    async def receive() -> Message:
        nonlocal came
        if came:
            await sleep_forever()  # the client stays connected
        came = True
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        nonlocal status
        if message["type"] == "http.response.start":
            status = message["status"]
        else:
            body.extend(message.get("body", b""))

    await app(asked, receive, send)
    if status != 200:
        raise RuntimeError(f"Streamlit's page answered with {status}")
    return body.decode("utf-8")
