"""Middleware: size limit, latency, planned faults, log of calls."""

import asyncio

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from emulator.errors import ApiError
from emulator.state.context import Call, Emulator
from emulator.state.faults import Fault

_ADMIN = "/_emulator"
_SLOW_S = 5


class SizeLimit:
    """Rejects bodies above the limit, and bodies of unknown size."""

    def __init__(self, app: ASGIApp, emulator: Emulator) -> None:
        self._app, self._most = app, emulator.settings.max_form_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope) if scope["type"] == "http" else Headers({})
        length = headers.get("content-length", "0")
        refused = not length.isdecimal() or len(length) > 12 or int(length) > self._most
        if refused or "transfer-encoding" in headers:
            await ApiError(413, "Request body too large").response()(scope, receive, send)
            return
        await self._app(scope, receive, send)


class Recorder:
    """Adds the latency, then logs method, path, listener and status."""

    def __init__(self, app: ASGIApp, emulator: Emulator) -> None:
        self._app, self._emulator = app, emulator

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(_ADMIN):
            await self._app(scope, receive, send)
            return
        listener_id = self._emulator.grants.listener_id_of(Headers(scope=scope).get("authorization", ""))

        async def noting(message: Message) -> None:
            if message["type"] == "http.response.start":
                # never a token or a query
                call = Call(scope["method"], scope["path"], listener_id, message["status"])
                self._emulator.calls.append(call)
            await send(message)

        await asyncio.sleep(self._emulator.settings.latency_ms / 1000)
        await self._app(scope, receive, noting)


class FaultGate:
    """Applies planned faults instead of, or before, the answer."""

    def __init__(self, app: ASGIApp, emulator: Emulator) -> None:
        self._app, self._emulator = app, emulator

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        watched = scope["type"] == "http" and not scope["path"].startswith(_ADMIN)
        fault = self._emulator.faults.strike(scope["path"]) if watched else None
        if fault is None:
            await self._app(scope, receive, send)
        elif (error := fault.error(scope["path"])) is not None:
            await error.response()(scope, receive, send)
        elif fault.kind == "slow":
            await asyncio.sleep(_SLOW_S if fault.retry_after is None else fault.retry_after)
            await self._app(scope, receive, send)
        else:
            await _send_broken(fault, send)


async def _send_broken(fault: Fault, send: Send) -> None:
    # "cut" announces more bytes than it sends, so the server drops the connection; "malformed" is not JSON
    body = b"" if fault.kind == "empty" else b'{"items": [{"id": "'
    promised = len(body) + (1000 if fault.kind == "cut" else 0)
    headers = [(b"content-type", b"application/json"), (b"content-length", str(promised).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": fault.kind == "cut"})
