"""Serving the emulator: in a background thread, or in the foreground."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator

import uvicorn
from starlette.types import ASGIApp

_START_S = 15.0


def _config(app: ASGIApp, log_level: str) -> uvicorn.Config:
    # Forwarded headers are not trusted (anyone could claim to be on this machine), and the access
    # log stays off because its lines would hold authorization codes.
    return uvicorn.Config(
        app,
        log_level=log_level,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        lifespan="off",
        ws="none",
        timeout_graceful_shutdown=2,
    )


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio sets TCP_NODELAY only with this protocol
    sock = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((host, port))
    except OSError:
        sock.close()
        raise
    return sock


@contextlib.contextmanager
def running(app: ASGIApp, port: int = 0) -> Iterator[str]:
    """Serve an application on 127.0.0.1 from a background thread.

    Yields:
        the base URL without a trailing slash, for example ``http://127.0.0.1:40123``.

    Raises:
        OSError: the port is taken; 0 takes a free one.
        RuntimeError: the server does not start in time.
    """
    sock = _listen("127.0.0.1", port)
    server = uvicorn.Server(_config(app, "critical"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]}, daemon=True, name="emulator")
    thread.start()
    try:
        _await_start(server, thread)
        yield f"http://127.0.0.1:{sock.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(timeout=_START_S)
        sock.close()


def _await_start(server: uvicorn.Server, thread: threading.Thread) -> None:
    deadline = time.monotonic() + _START_S
    while not server.started:
        if not thread.is_alive() or time.monotonic() > deadline:
            raise RuntimeError("the emulator's server did not start")
        time.sleep(0.01)


def serve(app: ASGIApp, host: str, port: int) -> None:
    """Serve an application until it is interrupted.

    Raises:
        OSError: the address cannot be listened on.
    """
    with contextlib.closing(_listen(host, port)) as sock:
        uvicorn.Server(_config(app, "warning")).run(sockets=[sock])
