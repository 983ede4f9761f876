"""What passes through a signed-in tab's websocket: messages up to a size, and which files its page holds."""

import re
from collections import Counter
from dataclasses import dataclass, field
from threading import Lock

from starlette.types import Message, Receive, Send

MOST_BYTES = 256 * 1024
"""Longest message of a browser: all that a page of ours holds in its fields takes some kilobytes."""
TOO_BIG, NOT_BYTES = 1009, 1003
"""Codes that a websocket is closed with (RFC 6455, 7.4.1)."""
_FILE = re.compile(rb"/media/([0-9a-f]{16,128})")


@dataclass(slots=True)
class Files:
    """Which files the open pages of which session hold; nothing is remembered of a page that is closed."""

    _held: Counter[tuple[str, str]] = field(default_factory=Counter)
    _lock: Lock = field(default_factory=Lock)

    def hold(self, session: str, files: set[str]) -> None:
        """A page of the session shows these."""
        with self._lock:
            self._held.update((session, one) for one in files)

    def drop(self, session: str, files: set[str]) -> None:
        """That page is closed."""
        with self._lock:
            for key in ((session, one) for one in files):
                self._held[key] -= 1
                if self._held[key] <= 0:
                    del self._held[key]

    def holds(self, session: str, file: str) -> bool:
        """Whether an open page of the session shows the file."""
        return self._held[session, file] > 0

    def __len__(self) -> int:
        """Files that are shown, once a session."""
        return len(self._held)


class Tab:
    """One websocket, seen from both sides."""

    def __init__(self, session: str, files: Files, receive: Receive, send: Send) -> None:
        self._session, self._files = session, files
        self._receive, self._send = receive, send
        self._shown: set[str] = set()
        self._closed = False

    async def receive(self) -> Message:
        """What the browser says next; what is too long or no bytes ends the connection."""
        if self._closed:
            return {"type": "websocket.disconnect", "code": TOO_BIG}
        message = await self._receive()
        if message["type"] != "websocket.receive":
            return message
        data = message.get("bytes")
        if data is not None and len(data) <= MOST_BYTES:
            return message
        code = TOO_BIG if data is not None else NOT_BYTES
        self._closed = True
        await self._send({"type": "websocket.close", "code": code})
        return {"type": "websocket.disconnect", "code": code}

    async def send(self, message: Message) -> None:
        """Pass on what Streamlit says, and note the files that it shows."""
        if self._closed:
            return
        data = message.get("bytes")
        if data and b"/media/" in data:
            new = {one.decode() for one in _FILE.findall(data)} - self._shown
            self._shown |= new
            self._files.hold(self._session, new)
        await self._send(message)

    def close(self) -> None:
        """Forget what it showed."""
        self._files.drop(self._session, self._shown)
