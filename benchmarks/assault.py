"""Foreign sockets, anonymous uploads and 2,000 sign-ins on a running demo, beside a signed-in page.

python -m benchmarks.assault                  prints what was found; exit 1 where a limit is passed
python -m benchmarks.assault --out FILE       writes it as JSON as well
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.app_process import SEED, demo_stack, memory_of
from benchmarks.machine import run_environment
from benchmarks.report import write_report
from benchmarks.subprocesses import run_job
from benchmarks.websocket_client import WebsocketClient, signed_in
from harness.stack import ROOT, Stack, server, stop, wait_for

N_LISTENERS = 300
N_SOCKETS, N_UPLOADS, N_SIGN_INS = 50, 20, 2_000
P95_S, MEMORY_MIB = 1.0, 60.0
"""What may not be passed: of a signed-in page, and more than before."""
_AFTER_S = 5.0
_SCREENS = ("", "taste", "privacy")


@dataclass(frozen=True)
class AssaultReport:
    """What was done to the application, and what came of it.

    Attributes:
        sockets, uploads, sign_ins: answers by kind: an HTTP status, or that the connection was cut.
        page_p95_before_s, page_p95_s, page_longest_s, n_pages: of a signed-in page, which is opened anew all
            along; before, and while all this goes on.
        assault_s: how long it went on.
        mib_before, mib_after: memory of the application.
        outside: addresses outside this machine that the application looked up or connected to.
    """

    sockets: dict[str, int]
    uploads: dict[str, int]
    sign_ins: dict[str, int]
    page_p95_before_s: float
    page_p95_s: float
    page_longest_s: float
    n_pages: int
    assault_s: float
    mib_before: float
    mib_after: float
    outside: list[str]

    @property
    def is_good(self) -> bool:
        """Whether no limit was passed."""
        return self.page_p95_s < P95_S and self.mib_after - self.mib_before <= MEMORY_MIB and not self.outside


def assault(home: Path) -> AssaultReport:
    """Run the demo in a folder, and the assault on it.

    Raises:
        SubprocessFailed: the demo cannot be made.
    """
    stack = demo_stack(home, N_LISTENERS)
    for name in ("EARSHOT_SIGN_INS_PER_MINUTE", "EARSHOT_CONNECTIONS_PER_ADDRESS"):
        del stack.env[name]  # limits as they come
    outside = home / "outside.log"
    outside.unlink(missing_ok=True)
    port = str(urlsplit(stack.emulator_url).port)
    spotify = ("emulator", "--listeners", str(N_LISTENERS), "--seed", str(SEED), "--port", port)
    with server(stack, *spotify, ready=stack.emulator_url + "/_emulator/health"):
        application = _watched(stack, outside)
        try:
            wait_for(stack.app_url + "/healthz", application, stack.log)
            found = _observed(stack, application.pid, home)
        finally:
            stop(application)
    lines = outside.read_text().splitlines() if outside.exists() else []
    return AssaultReport(**found, outside=sorted(set(lines)))  # type: ignore[arg-type]


def _watched(stack: Stack, outside: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "benchmarks.jobs.serve_watched", str(outside)]
    with stack.log.open("ab") as log:
        return subprocess.Popen(
            command, cwd=ROOT, env=stack.env, stdout=log, stderr=log, start_new_session=True
        )


def _observed(stack: Stack, pid: int, home: Path) -> dict[str, object]:
    """The assault with a signed-in page beside it."""
    page = WebsocketClient(stack.app_url, signed_in(stack.app_url, "syn-0042"))
    page.open()
    while page.watch():
        pass
    calm = [_look(page, n) for n in range(20)]
    time.sleep(_AFTER_S)
    before = memory_of(pid, home).application_mib
    looks: list[float] = []
    over = threading.Event()
    watching = threading.Thread(target=_watch, args=(page, looks, over))
    watching.start()
    # A process of its own: in this one, it would stand in the way of the page that is watched.
    answers, _ = run_job(
        "attack", app_url=stack.app_url, sockets=N_SOCKETS, uploads=N_UPLOADS, sign_ins=N_SIGN_INS
    )
    over.set()
    watching.join()
    time.sleep(_AFTER_S)
    after = memory_of(pid, home).application_mib
    page.close()
    return {
        **answers,
        "page_p95_before_s": _p95(calm),
        "page_p95_s": _p95(looks),
        "page_longest_s": round(max(looks), 3),
        "n_pages": len(looks),
        "mib_before": round(before, 1),
        "mib_after": round(after, 1),
    }


def _watch(page: WebsocketClient, looks: list[float], over: threading.Event) -> None:
    while not over.is_set() or len(looks) < 20:
        looks.append(_look(page, len(looks)))


def _look(page: WebsocketClient, number: int) -> float:
    return page.go(_SCREENS[number % len(_SCREENS)])


def _p95(times_s: Sequence[float]) -> float:
    return round(statistics.quantiles(times_s, n=20)[-1], 3)


def main(arguments: Sequence[str] | None = None) -> int:
    """Assault a demo of its own; 0 where no limit was passed."""
    parser = argparse.ArgumentParser(prog="benchmarks.assault", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, help="JSON to write")
    parser.add_argument("--home", type=Path, help="folder to keep the demo in")
    asked = parser.parse_args(arguments)
    about = {**run_environment(""), "command": "python -m benchmarks.assault"}
    with tempfile.TemporaryDirectory(prefix="earshot-assault-") as folder:
        found = assault(asked.home or Path(folder))
    write_report({"good": found.is_good, **about, **asdict(found)}, asked.out)
    return 0 if found.is_good else 1


if __name__ == "__main__":
    sys.exit(main())
