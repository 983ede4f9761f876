"""Pages: Streamlit's for those who are signed in, under titles of ours; static ones for everybody else."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from anyio import sleep_forever
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Message, Scope

NO_STORE = {"Cache-Control": "no-store", "Vary": "Cookie"}

_TITLE = re.compile(r"<title>.*?</title>", re.DOTALL)
_ICON = re.compile(r'<link rel="shortcut icon"[^>]*>')
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_AGENTS = re.compile(r'<link rel="service-desc"[^>]*>')
_NO_SCRIPT = re.compile(r"<noscript>.*?</noscript>", re.DOTALL)
_INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Pages:
    """What the gateway knows of pages.

    Attributes:
        titles: of every page that Streamlit draws, by path; each begins with a slash.
        icon: address of the picture in the browser's tab.
        scripts: texts of the inline scripts that pages of ours bring.
        no_script: what is read where no script runs.
        signed_out: the page of those who are not signed in; an error's class name tells it why they are
            not, and a moment in seconds since 1970 until when; both may be empty.
        missing: the page of an address that is none.
    """

    titles: Mapping[str, str]
    icon: str
    scripts: Sequence[str]
    no_script: str
    signed_out: Callable[[str, str], str]
    missing: Callable[[], str]


def renamed(html: str, title: str, pages: Pages) -> str:
    """Streamlit's page under a title and an icon of ours, without what it says of itself to agents.

    Until its script runs, that is all of the page: what search engines, bookmarks and histories see.
    """
    html = _COMMENT.sub("", html)
    for pattern, ours in (
        (_TITLE, f"<title>{escape(title)}</title>"),
        (_ICON, f'<link rel="icon" href="{escape(pages.icon)}">'),
        (_AGENTS, ""),
        (_NO_SCRIPT, f"<noscript><p>{escape(pages.no_script)}</p></noscript>"),
    ):
        html = pattern.sub(lambda _, ours=ours: ours, html)  # type: ignore[misc]
    return html.strip() + "\n"


def inline_scripts(html: str) -> list[str]:
    """The texts of the scripts that stand in a page."""
    return _INLINE.findall(html)


def page(html: str, status: int = 200, headers: Mapping[str, str] | None = None) -> HTMLResponse:
    """A page of ours as an answer, which nobody keeps: another one stands here once somebody signs in."""
    return HTMLResponse(html, status, {**NO_STORE, **(headers or {})})


async def first_page(app: ASGIApp, scope: Scope) -> str:
    """The page that Streamlit answers every address with, as text.

    Raises:
        RuntimeError: it answers with something else.
    """
    asked = {**scope, "path": "/", "raw_path": b"/", "query_string": b"", "method": "GET", "headers": []}
    asked.pop("extensions", None)  # the body itself, not the name of a file
    status, body, came = 0, bytearray(), False

    async def receive() -> Message:
        nonlocal came
        if came:
            await sleep_forever()  # nobody hangs up
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
