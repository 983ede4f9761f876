"""What `spotify_client` keeps, in memory."""

import json
import threading
from collections.abc import Mapping
from datetime import datetime
from typing import Any


class FakeCooldownStore:
    """Cooldowns in a dict by app."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[datetime, bool]] = {}
        self._lock = threading.Lock()

    def get(self, app_key: str) -> tuple[datetime, bool] | None:
        with self._lock:
            return self._kept.get(app_key)

    def set(self, app_key: str, until: datetime, quota: bool) -> None:
        with self._lock:
            known = self._kept.get(app_key)
            if known is None or known[0] < until:
                self._kept[app_key] = (until, quota)


class FakeReadingStore:
    """Readings by listener, as what a database would keep: text."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    def load(self, listener_id: str) -> Mapping[str, Any] | None:
        return json.loads(self.kept[listener_id]) if listener_id in self.kept else None

    def save(self, listener_id: str, content: Mapping[str, Any]) -> None:
        self.kept[listener_id] = json.dumps(content)
