"""A tab's websocket: limits message size and notes the media files of its page."""

import re
from collections import Counter
from dataclasses import dataclass, field
from threading import Lock

from starlette.types import Message, Receive, Send

MOST_BYTES = 256 * 1024  # longest message of a browser; the fields of our pages take a few kilobytes
TOO_BIG, NOT_BYTES = 1009, 1003  # close codes of a websocket (RFC 6455, 7.4.1)
_FILE = re.compile(rb"/media/([0-9a-f]{16,128})")


@dataclass(slots=True)
class Files:
    """Media files of open pages, by session; those of closed pages are dropped."""

    _held: Counter[tuple[str, str]] = field(default_factory=Counter)
    _lock: Lock = field(default_factory=Lock)

    def hold(self, session: str, files: set[str]) -> None:
        """Add files that a page of the session shows."""
        with self._lock:
            self._held.update((session, one) for one in files)

    def drop(self, session: str, files: set[str]) -> None:
        """Remove the files of a closed page."""
        with self._lock:
            for key in ((session, one) for one in files):
                self._held[key] -= 1
                if self._held[key] <= 0:
                    del self._held[key]

    def holds(self, session: str, file: str) -> bool:
        """Whether an open page of the session shows the file."""
        return self._held[session, file] > 0

    def __len__(self) -> int:
        """Number of (session, file) pairs."""
        return len(self._held)


class Tab:
    """Both directions of one websocket."""

    def __init__(self, session: str, files: Files, receive: Receive, send: Send) -> None:
        self._session, self._files = session, files
        self._receive, self._send = receive, send
        self._shown: set[str] = set()
        self._closed = False

    async def receive(self) -> Message:
        """Next message of the browser; text and long messages close the connection."""
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
        """Pass on a message of Streamlit, and note the files in it."""
        if self._closed:
            return
        data = message.get("bytes")
        if data and b"/media/" in data:
            new = {one.decode() for one in _FILE.findall(data)} - self._shown
            self._shown |= new
            self._files.hold(self._session, new)
        await self._send(message)

    def close(self) -> None:
        """Drop the files of this tab."""
        self._files.drop(self._session, self._shown)
