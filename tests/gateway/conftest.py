"""A whole Earshot without a model: the local Spotify, `earshot serve`, PostgreSQL, and browsers of our own.

Nobody's matches are needed to see who is let in. The tests come through a proxy that is believed, each from
addresses of its own, so that limits on addresses do not meet each other.
"""

import itertools
import re
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
import requests
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from harness.stack import new_stack, server
from wiring.signing_in.sessions import COOKIE

PATIENCE_S = 20
LISTENER = "syn-0003"
_ADDRESSES = (f"198.51.{high}.{low}" for high, low in itertools.product(range(256), range(1, 255)))


class Front:
    """What is in front of a running Earshot, as seen from outside."""

    def __init__(self, stack, process):
        self.stack, self.base, self.process, self.pid = stack, stack.app_url, process, process.pid
        self.host = urlsplit(self.base).netloc
        self._cookies = {}

    def ask(self, path="/", method="GET", address=None, **more):
        """A request from an address of its own, which follows nothing."""
        headers = {"X-Forwarded-For": address or next(_ADDRESSES), **more.pop("headers", {})}
        return requests.request(
            method, self.base + path, headers=headers, allow_redirects=False, timeout=PATIENCE_S, **more
        )

    def session(self, listener=LISTENER):
        """The session cookie's value of a listener who signs in, once for all tests."""
        if listener not in self._cookies:
            self._cookies[listener] = self.sign_in(listener).cookies[COOKIE]
        return self._cookies[listener]

    def sign_in(self, listener, browser=None):
        """A browser in which somebody signs in."""
        browser = browser or requests.Session()
        browser.headers["X-Forwarded-For"] = next(_ADDRESSES)
        away = browser.get(self.base + "/login", allow_redirects=False, timeout=PATIENCE_S)
        back = self.agree(away.headers["location"], listener)
        browser.get(back, allow_redirects=False, timeout=PATIENCE_S)
        return browser

    def agree(self, address, listener):
        """What the local Spotify leads back to once somebody has agreed there."""
        place, _, query = address.partition("?")
        form = dict(one.split("=", 1) for one in query.split("&"))
        form = {name: requests.utils.unquote(value.replace("+", " ")) for name, value in form.items()}
        asked = requests.post(
            place, data=form | {"listener_id": listener}, allow_redirects=False, timeout=PATIENCE_S
        )
        return asked.headers["location"]

    @contextmanager
    def tab(self, cookie=None, origin="ours", address=None, host=None, path="/_stcore/stream"):
        """A websocket as a page opens one."""
        headers = {"X-Forwarded-For": address or next(_ADDRESSES)}
        headers |= {"Cookie": f"{COOKIE}={cookie}"} if cookie else {}
        origin = self.base if origin == "ours" else origin
        where = f"ws://{host or self.host}{path}"
        with connect(
            where,
            origin=origin,
            additional_headers=headers,
            subprotocols=["streamlit"],
            open_timeout=PATIENCE_S,
            max_size=2**26,
            proxy=None,
            sock=None,
        ) as socket:
            yield socket

    def refuses(self, **tab):
        """Whether such a websocket is refused before it is one."""
        try:
            with self.tab(**tab):
                return False
        except InvalidStatus as error:
            return error.response.status_code == 403

    def titles(self, **more):
        return re.findall(r"<title>(.*?)</title>", self.ask(**more).text)


@contextmanager
def earshot(home, **settings):
    """A running one with further settings."""
    stack = new_stack(home)
    stack.env.update({"EARSHOT_TRUSTED_PROXIES": "127.0.0.1", **settings})
    spotify = ("emulator", "--listeners", "20", "--port", str(urlsplit(stack.emulator_url).port))
    health = stack.emulator_url + "/_emulator/health"
    with (
        server(stack, *spotify, ready=health),
        server(stack, "serve", ready=stack.app_url + "/kept") as serving,
    ):
        yield Front(stack, serving)


@pytest.fixture(scope="session")
def front(tmp_path_factory):
    limits = {"EARSHOT_SIGN_INS_PER_MINUTE": "10", "EARSHOT_CONNECTIONS_PER_ADDRESS": "5"}
    with earshot(tmp_path_factory.mktemp("front"), **limits) as made:
        yield made
