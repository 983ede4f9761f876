"""Pages of Streamlit's own elements, drawn beside Earshot's in the same browser."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import DEVNULL, Popen

from playwright.sync_api import Browser, ViewportSize, expect

from benchmarks.actions import draw_again, timed_ms
from harness.stack import free_port, stop, wait_for

PLAIN = {"Streamlit: a line and a button": 0, "Streamlit: ten cards of its own elements": 10}
"""Cards on the plain pages."""
SIZE: ViewportSize = {"width": 1440, "height": 900}


class PlainPage:
    """A page of Streamlit's own elements (see plain_page.py), and its redraw times."""

    def __init__(self, browser: Browser, address: str) -> None:
        self._page = browser.new_context(viewport=SIZE).new_page()
        self._page.goto(address)
        expect(self._page.get_by_text("round 1", exact=True)).to_be_visible(timeout=60_000)
        self._n = 1
        self.timings_ms: list[float] = []

    def draw_again(self, counts: bool) -> None:
        """Click, and note how long it took if it counts."""
        self._n += 1
        took_ms = timed_ms(self._page, draw_again(self._n))
        if counts:
            self.timings_ms.append(took_ms)


@contextmanager
def plain_server() -> Iterator[str]:
    """Run a Streamlit server with the plain page until the block ends; its address."""
    port = free_port()
    options = {"port": port, "address": "127.0.0.1", "headless": "true", "fileWatcherType": "none"}
    flags = [f"--server.{name}={value}" for name, value in options.items()]
    script = Path(__file__).resolve().parent / "plain_page.py"
    alone = [sys.executable, "-m", "streamlit", "run", str(script), "--browser.gatherUsageStats=false"]
    command = [*alone, *flags]
    with Popen(command, stdout=DEVNULL, stderr=DEVNULL) as process:
        try:
            address = f"http://127.0.0.1:{port}"
            wait_for(f"{address}/_stcore/health", process, Path(os.devnull))
            yield address
        finally:
            stop(process)
