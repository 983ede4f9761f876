"""Websocket client that signs in, then uses pages by Streamlit's protocol."""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from websockets.sync.client import ClientConnection, connect

from harness.pressing import pressed, told
from ui.shared import session_watch
from wiring.signing_in.sessions import COOKIE

PATIENCE_S = 60.0
_MOST_MESSAGE = 64 * 2**20


class PageFailure(Exception):
    """A broken page; the message names the fault without personal data."""


def signed_in(app_url: str, account: str) -> str:
    """Sign in as a listener of the local Spotify; the session cookie's value.

    Raises:
        PageFailure: signing in started no session.
        requests.RequestException: a server does not answer.
    """
    with requests.Session() as browser:
        away = browser.get(app_url + "/login", allow_redirects=False, timeout=PATIENCE_S).headers["location"]
        place, query = away.split("?", 1)
        asked = {name: values[0] for name, values in parse_qs(query).items()} | {"listener_id": account}
        agreed = requests.post(place, data=asked, allow_redirects=False, timeout=PATIENCE_S)
        browser.get(agreed.headers["location"], allow_redirects=False, timeout=PATIENCE_S)
        cookie = browser.cookies.get(COOKIE)
    if not cookie:
        raise PageFailure("no session")
    return cookie


@dataclass
class WebsocketClient:
    """One tab of one browser. Not thread-safe.

    Attributes:
        app_url: of the application.
        cookie: the session cookie's value.
        elements: elements on the page after the last run, by position.
    """

    app_url: str
    cookie: str
    elements: dict[tuple[int, ...], Element] = field(default_factory=dict)
    _pages: dict[str, str] = field(default_factory=dict)
    _page: str = ""
    _query: str = ""
    _drawn: set[tuple[int, ...]] = field(default_factory=set)
    _wanted: dict[str, float] = field(default_factory=dict)
    _fragments: dict[str, float] = field(default_factory=dict)
    _looked_at_s: float = 0.0
    _socket: ClientConnection | None = None

    def open(self) -> float:
        """Open the first page; seconds until the run ended."""
        host = urlsplit(self.app_url).netloc
        self._socket = connect(
            f"ws://{host}/_stcore/stream",
            origin=self.app_url,  # type: ignore[arg-type]
            additional_headers={"Cookie": f"{COOKIE}={self.cookie}"},
            subprotocols=["streamlit"],  # type: ignore[list-item]
            max_size=_MOST_MESSAGE,
            open_timeout=PATIENCE_S,
        )
        return self.run()

    def close(self) -> None:
        """Close the tab."""
        if self._socket is not None:
            self._socket.close()

    def go(self, path: str, query: str = "") -> float:
        """Follow a link to a page; seconds until the run ended."""
        self._page, self._query = path, query
        return self.run()

    def press(self, button_id: str) -> float:
        """Press a button; seconds until the run ended."""
        return self.run(WidgetState(id=button_id, trigger_value=True))

    def press_html(self, key: str) -> float:
        """Press an HTML control (see ui.html.controls); seconds until the run ended."""
        (handler,) = self.all("bidi_component")
        return self.run(pressed(handler.id, told(key)))

    def find(self, html: str) -> list[str]:
        """Matches of a pattern with one group in the HTML on the page."""
        return [unescape(one) for body in self.all("html") for one in re.findall(html, body.body)]

    def run(self, *pressed: WidgetState, fragment_id: str = "") -> float:
        """Run the script; seconds until it ended.

        Raises:
            PageFailure: the page shows an exception, or did not arrive in time.
        """
        asked = ClientState(
            query_string=self._query,
            widget_states=WidgetStates(widgets=pressed),
            page_script_hash=self._pages.get(self._page, ""),
            fragment_id=fragment_id,
            is_auto_rerun=bool(fragment_id),
        )
        started_s = time.perf_counter()
        self._send(BackMsg(rerun_script=asked))
        took_s = time.perf_counter() - started_s
        if any(one.WhichOneof("type") == "exception" for one in self.elements.values()):
            raise PageFailure("the page holds an exception")
        return took_s

    def watch(self) -> bool:
        """Rerun the fragment of a running refresh after its interval; False if none runs."""
        refresh = [(one, every) for one, every in self._fragments.items() if every < session_watch.EVERY_S]
        if not refresh:
            return False
        fragment_id, interval_s = refresh[0]
        time.sleep(interval_s)
        self.run(fragment_id=fragment_id)
        return True

    def look_after_session(self) -> None:
        """Rerun the fragment that checks the session, if its interval has passed."""
        now_s = time.monotonic()
        for fragment_id, every_s in self._fragments.items():
            if every_s >= session_watch.EVERY_S and now_s - self._looked_at_s >= every_s:
                self._looked_at_s = now_s
                self.run(fragment_id=fragment_id)
                return

    def all(self, kind: str) -> Iterator[Any]:
        """Elements of a kind on the page, such as `button`, from the top."""
        for place in sorted(self.elements):
            if self.elements[place].WhichOneof("type") == kind:
                yield getattr(self.elements[place], kind)

    def holds(self, html: str) -> bool:
        """Whether the HTML or Markdown on the page contains this text."""
        return any(html in one.body for one in self.all("html")) or any(
            html in one.body for one in self.all("markdown")
        )

    def _send(self, message: BackMsg) -> None:
        """Send a message, and read answers until a run ended without interruption."""
        if self._socket is None:
            raise PageFailure("the tab is not open")
        self._socket.send(message.SerializeToString())
        until_s = time.monotonic() + PATIENCE_S
        while True:
            try:
                raw = self._socket.recv(timeout=until_s - time.monotonic())
            except TimeoutError as error:
                raise PageFailure("a page did not come in time") from error
            if self._take(ForwardMsg.FromString(raw)):  # type: ignore[arg-type]
                return

    def _take(self, message: ForwardMsg) -> bool:
        """Handle one message; whether it ended a run."""
        kind = message.WhichOneof("type")
        if kind == "delta":
            self._draw(tuple(message.metadata.delta_path), message)
        elif kind == "navigation":
            for page in message.navigation.app_pages:
                self._pages["" if page.is_default else page.url_pathname] = page.page_script_hash
        elif kind == "new_session":
            self._drawn, self._wanted = set(), {}
        elif kind == "auto_rerun":
            self._wanted[message.auto_rerun.fragment_id] = message.auto_rerun.interval
        return kind == "script_finished" and self._ended(message.script_finished)

    def _ended(self, status: int) -> bool:
        if status == ForwardMsg.FINISHED_SUCCESSFULLY:
            self.elements = {place: one for place, one in self.elements.items() if place in self._drawn}
            self._fragments = self._wanted
        return status != ForwardMsg.FINISHED_EARLY_FOR_RERUN

    def _draw(self, place: tuple[int, ...], message: ForwardMsg) -> None:
        self._drawn.add(place)
        if message.delta.WhichOneof("type") == "new_element":
            self.elements[place] = message.delta.new_element
        else:
            self.elements.pop(place, None)
