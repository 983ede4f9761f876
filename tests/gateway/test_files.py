"""A file that a page shows, such as a playlist, is for the session whose page it is, while it is open."""

import threading
import time
from contextlib import contextmanager

import pytest
import requests
import uvicorn
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from websockets.sync.client import connect

from harness.stack import free_port
from ui.front import pages
from wiring.gateway.middleware import Gateway
from wiring.settings import Settings
from wiring.signing_in.sessions import COOKIE

FILE = "/media/" + "0a" * 28 + ".csv"
ADA, BOB = "a" * 43, "b" * 43


async def page(socket):
    """A page that shows the file, and goes on until the tab is closed."""
    await socket.accept(subprotocol="streamlit")
    await socket.send_bytes(b"\x0a\x10 download " + FILE.encode() + b"\x1a")
    async for _ in socket.iter_bytes():
        pass


@pytest.fixture
def gateway():
    async def file(_):
        return PlainTextResponse("tracks", headers={"Cache-Control": "public"})

    inner = Starlette(routes=[Route(FILE, file), WebSocketRoute("/_stcore/stream", page)])
    listeners = {ADA: "ada", BOB: "bob"}
    made = Gateway(inner, pages(True), Settings(_env_file=None), frozenset(), listeners.get)
    made.listeners = listeners
    port = free_port()
    made.base = f"http://127.0.0.1:{port}"
    made.names.hosts[f"127.0.0.1:{port}"] = made.names.name("127.0.0.1:8501")
    server = uvicorn.Server(uvicorn.Config(made, port=port, log_level="error", ws="websockets-sansio"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    wait_until(lambda: server.started)
    yield made
    server.should_exit = True
    thread.join(60)


@contextmanager
def tab(gateway, token):
    with connect(
        gateway.base.replace("http", "ws") + "/_stcore/stream",
        origin=gateway.names.origin,
        additional_headers={"Cookie": f"{COOKIE}={token}"},
        subprotocols=["streamlit"],
        proxy=None,
    ) as socket:
        socket.recv(timeout=60)
        yield socket


def fetch(gateway, token=""):
    cookies = {COOKIE: token} if token else {}
    return requests.get(gateway.base + FILE, cookies=cookies, timeout=60)


def test_the_session_whose_page_shows_it_gets_it_and_nobody_keeps_it(gateway):
    with tab(gateway, ADA):
        answer = fetch(gateway, ADA)
    assert answer.text == "tracks"
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("token", ["", BOB, "c" * 43, ADA + "x"])
def test_nobody_else_gets_it(gateway, token):
    with tab(gateway, ADA):
        assert fetch(gateway, token).status_code == 404


def test_whose_session_has_ended_gets_it_no_more(gateway):
    with tab(gateway, ADA):
        del gateway.listeners[ADA]
        assert fetch(gateway, ADA).status_code == 404


def test_it_is_gone_with_the_last_page_that_shows_it_and_nothing_is_remembered(gateway):
    with tab(gateway, ADA):
        with tab(gateway, ADA):
            pass
        wait_until(lambda: len(gateway.tabs) == 1 and len(gateway.connections) == 1)
        assert fetch(gateway, ADA).status_code == 200
    wait_until(lambda: fetch(gateway, ADA).status_code == 404)
    held = (gateway.files, gateway.tabs, gateway.connections, gateway.requests)
    wait_until(lambda: [len(one) for one in held] == [0] * 4)


def wait_until(holds, limit_s=60):
    until = time.monotonic() + limit_s
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.05)
