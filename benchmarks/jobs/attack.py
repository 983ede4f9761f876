"""Foreign sockets, anonymous uploads and sign-ins on a running application, all at once, a few at a time."""

import collections
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlsplit

from websockets.exceptions import InvalidStatus, WebSocketException
from websockets.sync.client import connect

AT_ONCE = 8
_UPLOAD, _PIECE = 40 * 2**20, bytes(2**20)
_PATIENCE_S = 60
_CUT = "cut"


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """Answers by kind (an HTTP status, or that the connection was cut) and how long it all took."""
    host = urlsplit(request["app_url"]).netloc
    kinds: dict[str, Callable[[str], str]] = {"sockets": _socket, "uploads": _upload, "sign_ins": _sign_in}
    began_s = time.perf_counter()
    with ThreadPoolExecutor(len(kinds) * AT_ONCE) as pool:
        futures = {
            name: [pool.submit(attack, host) for _ in range(request[name])] for name, attack in kinds.items()
        }
    answers = {name: dict(collections.Counter(one.result() for one in of)) for name, of in futures.items()}
    return {**answers, "assault_s": round(time.perf_counter() - began_s, 1)}


def _socket(host: str) -> str:
    """A websocket as a page of another port opens one."""
    try:
        with connect(
            f"ws://{host}/_stcore/stream",
            origin="http://127.0.0.1:3999",  # type: ignore[arg-type]
            subprotocols=["streamlit"],  # type: ignore[list-item]
            proxy=None,
        ):
            return "let in"
    except InvalidStatus as error:
        return str(error.response.status_code)
    except (WebSocketException, OSError):
        return _CUT


def _upload(host: str) -> str:
    """40 MiB for Streamlit's upload route, in pieces; the answer may come before the last one."""
    connection = HTTPConnection(host, timeout=_PATIENCE_S)
    try:
        connection.putrequest("PUT", f"/_stcore/upload_file/{time.monotonic_ns()}/file")
        connection.putheader("Content-Length", str(_UPLOAD))
        connection.endheaders()
        try:
            for _ in range(_UPLOAD // len(_PIECE)):
                connection.send(_PIECE)
        except OSError:
            pass  # hung up on: what was answered before that can still be read
        return str(connection.getresponse().status)
    except (HTTPException, OSError):
        return _CUT
    finally:
        connection.close()


def _sign_in(host: str) -> str:
    connection = HTTPConnection(host, timeout=_PATIENCE_S)
    try:
        connection.request("GET", "/login")
        return str(connection.getresponse().status)
    except (HTTPException, OSError):
        return _CUT
    finally:
        connection.close()
