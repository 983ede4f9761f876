"""Load test: twenty browsers sign in, refresh and browse; errors are counted.

python -m benchmarks.browsers                 two minutes among 2,000 candidates; exit 1 after errors
python -m benchmarks.browsers --quick         fifteen seconds among 300
python -m benchmarks.browsers --out FILE      writes what was found as JSON as well
"""

import argparse
import json
import random
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import requests
from websockets.exceptions import WebSocketException

from benchmarks.app_process import demo_stack, memory_of, serving
from benchmarks.websocket_client import PageFailure, WebsocketClient, signed_in
from ui import texts

THINKING_S = (1.0, 3.0)
_TROUBLE = ("Traceback", "ended unexpectedly", "failed unexpectedly", "could not be made")
"""Words in the log of the application that show an error, also one that a page has hidden."""


@dataclass
class BrowsersReport:
    """Actions, times and errors of the browsers.

    Attributes:
        seconds, n_browsers, n_candidates: duration, concurrent browsers, candidates.
        n_actions: completed actions, by name.
        median_ms, p95_ms: of each action, and of all under "all"; from request to the end of the run.
        first_matches_s: median and longest wait from the first page to matches, with the first refresh.
        errors: errors by kind.
        application_mib, whole_mib: memory at the end, without and with PostgreSQL.
    """

    seconds: float
    n_browsers: int
    n_candidates: int
    n_actions: dict[str, int] = field(default_factory=dict)
    median_ms: dict[str, float] = field(default_factory=dict)
    p95_ms: dict[str, float] = field(default_factory=dict)
    first_matches_s: tuple[float, float] = (0.0, 0.0)
    errors: dict[str, int] = field(default_factory=dict)
    application_mib: float = 0.0
    whole_mib: float = 0.0


@dataclass
class Log:
    """Times and errors of all browsers. Thread-safe."""

    took_s: dict[str, list[float]] = field(default_factory=dict)
    errors: dict[str, int] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, action: str, seconds: float) -> None:
        """Add a completed action."""
        with self._lock:
            self.took_s.setdefault(action, []).append(seconds)

    def fail(self, what: str) -> None:
        """Add an error."""
        with self._lock:
            self.errors[what] = self.errors.get(what, 0) + 1


def live(app_url: str, account: str, until_s: float, log: Log, rng: random.Random) -> None:
    """Sign in as an account of the local Spotify, and browse until `until_s`."""
    tab: WebsocketClient | None = None
    try:
        tab = WebsocketClient(app_url, signed_in(app_url, account))
        began_s = time.monotonic()
        tab.open()
        _watch(tab)
        log.note(_FIRST, time.monotonic() - began_s)
        while time.monotonic() < until_s:
            time.sleep(rng.uniform(*THINKING_S))
            tab.look_after_session()
            _act(tab, log, rng)
    except (PageFailure, WebSocketException, requests.RequestException, OSError) as error:
        log.fail(
            f"{type(error).__name__}: {error}" if isinstance(error, PageFailure) else type(error).__name__
        )
    finally:
        if tab is not None:
            tab.close()


def _act(tab: WebsocketClient, log: Log, rng: random.Random) -> None:
    """Do a random action that the page offers."""
    names = list(ACTIONS)
    while True:
        name = rng.choices(names, [ACTIONS[one][0] for one in names])[0]
        seconds = ACTIONS[name][1](tab, rng)
        if seconds is not None:
            break
    log.note(name, seconds)
    if not tab.holds(_FOOT):
        raise PageFailure(f"{name} led to a page without a foot")


Act = Callable[[WebsocketClient, random.Random], float | None]
"""An action: its duration in seconds; None if the page does not offer it."""

_FIRST, _FOOT = "first matches", "es-foot"


def _watch(tab: WebsocketClient) -> None:
    """Wait until the library is read and the matches are drawn."""
    while tab.watch():
        pass
    if not tab.holds("es-card"):
        tab.run()
    if not tab.holds("es-card"):
        raise PageFailure("no matches after the library was read")


def _to(path: str) -> Act:
    return lambda tab, _: tab.go(path)


def _open(tab: WebsocketClient, rng: random.Random) -> float | None:
    links = tab.find(r'href="/match\?(listener=[^"]+)"')
    return tab.go("match", rng.choice(links)) if links else None


def _choose(menu: str) -> Act:
    """Choose from a menu of the matches page."""

    def choose(tab: WebsocketClient, rng: random.Random) -> float | None:
        options = tab.find(f'<option value="({menu}_[^"]*)"')
        return tab.press_html(rng.choice(options)) if options else None

    return choose


def _press(label: str) -> Act:
    def press(tab: WebsocketClient, _: random.Random) -> float | None:
        button = next((one for one in tab.all("button") if one.label == label and not one.disabled), None)
        return tab.press(button.id) if button else None

    return press


def _press_html(start: str) -> Act:
    def press(tab: WebsocketClient, _: random.Random) -> float | None:
        keys = tab.find(f'data-press="({start}[^"]*)"')
        return tab.press_html(keys[0]) if keys else None

    return press


def _read_again(tab: WebsocketClient, rng: random.Random) -> float | None:
    """Refresh the library, and wait for the end."""
    took_s = _press(texts.sync.REFRESH)(tab, rng)
    while tab.watch():
        pass
    return took_s


ACTIONS: dict[str, tuple[int, Act]] = {
    "matches": (6, _to("")),
    "open a match": (6, _open),
    "filter by a tag": (3, _choose("tag")),
    "sort": (2, _choose("order")),
    "read my library again": (3, _read_again),
    "my taste": (3, _to("taste")),
    "leave out": (2, _press_html("leave_")),
    "undo": (2, _press_html("back_")),
    "map": (2, _to("map")),
    "hide": (1, _press_html("hide_")),
    "ask to connect": (1, _press_html("connect_")),
    "groups": (2, _to("groups")),
    "privacy": (1, _to("privacy")),
}
"""Actions by name: relative frequency, and how to do them."""


def browse(home: Path, n_listeners: int, n_browsers: int, seconds: float, seed: int = 7) -> BrowsersReport:
    """Browse in the demo of a folder, which is made if it is missing.

    Raises:
        SubprocessFailed: the demo cannot be made.
    """
    stack, log = demo_stack(home, n_listeners), Log()
    before = stack.log.stat().st_size if stack.log.exists() else 0
    with serving(stack, n_listeners) as application:
        until_s = time.monotonic() + seconds
        lives = [
            threading.Thread(
                target=live, args=(stack.app_url, account, until_s, log, random.Random(f"{seed} {account}"))
            )
            for account in _accounts(n_browsers)
        ]
        for one in lives:
            one.start()
        for one in lives:
            one.join()
        memory = memory_of(application.pid, home)
    report = summarise(log, BrowsersReport(seconds, n_browsers, n_listeners))
    report.application_mib, report.whole_mib = memory.application_mib, memory.whole_mib
    for line in stack.log.read_bytes()[before:].decode("utf-8", "replace").splitlines():
        for word in _TROUBLE:
            if word in line:
                report.errors[f"log: {word}"] = report.errors.get(f"log: {word}", 0) + 1
    return report


def summarise(log: Log, report: BrowsersReport) -> BrowsersReport:
    """Add times and errors to a report."""
    first = log.took_s.pop(_FIRST, [0.0])
    report.first_matches_s = float(np.median(first)), max(first)
    every = [one for rows in log.took_s.values() for one in rows]
    for name, rows in [*sorted(log.took_s.items()), ("all", every)]:
        if rows:
            report.n_actions[name] = len(rows)
            report.median_ms[name], report.p95_ms[name] = (
                round(1e3 * float(np.percentile(rows, share)), 1) for share in (50, 95)
            )
    report.errors = dict(log.errors)
    return report


def _accounts(n: int) -> Iterator[str]:
    return (f"syn-{number:04}" for number in range(1, n + 1))


def main(arguments: Sequence[str] | None = None) -> int:
    """Browse and report; 0 if there were no errors."""
    parser = argparse.ArgumentParser(prog="benchmarks.browsers", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=float, default=120.0)
    parser.add_argument("--browsers", type=int, default=20)
    parser.add_argument("--quick", action="store_true", help="fifteen seconds among 300 candidates")
    parser.add_argument("--home", type=Path, help="folder of a demo of as many listeners, to be used again")
    parser.add_argument("--out", type=Path, help="JSON to write")
    asked = parser.parse_args(arguments)
    n_listeners, seconds = (300, 15.0) if asked.quick else (2_000, asked.seconds)
    with tempfile.TemporaryDirectory(prefix="earshot-browsers-") as folder:
        found = browse(asked.home or Path(folder), n_listeners, asked.browsers, seconds)
    written: dict[str, Any] = asdict(found)
    print(json.dumps(written, indent=1))
    if asked.out:
        asked.out.write_text(json.dumps(written, indent=1) + "\n")
    return 1 if found.errors else 0


if __name__ == "__main__":
    sys.exit(main())
