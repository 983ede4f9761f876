"""Crash test: kills Earshot and PostgreSQL during refreshes, then checks the data.

python -m benchmarks.crash                        25 kills of the application, 5 of the database
python -m benchmarks.crash --kills 3 --servers 1  fewer; --out FILE writes what was found as JSON
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median
from threading import Lock, Thread
from typing import Any

from sqlalchemy import text

from benchmarks.report import write_report
from benchmarks.subprocesses import ROOT
from emulator.server.app import create_app
from emulator.server.running import running
from emulator.world import World, synthetic_world, write_listening_table
from matcher.domain.shown import LEAST, n_evidence
from matcher.ports import Account
from sources.table import merge, read_listening
from storage.stores.listeners.profiles import content_of
from towers.config import TowerConfig
from wiring.bootstrap import Application, build
from wiring.settings import read_settings

ACCOUNTS = ("syn-0001", "syn-0002", "syn-0003", "syn-0004")
PATIENCE_S = 120.0
_SMALL = TowerConfig(dim=8, table_dim=8, epochs=1, min_steps=2, n_buckets=16, bag_width=32)


@dataclass
class CrashReport:
    """Number of kills, and what was found after each.

    Attributes:
        kills, server_kills: of the application, of PostgreSQL.
        n_read: refreshes that were acknowledged.
        n_unanswered: kills that hit a refresh after its commit and before its answer.
        errors: errors of callers while the database was down, by class.
        up_s: duration of each start, until all listeners were signed in and had matches.
        back_s: time from each kill of PostgreSQL to the next refresh that returned.
        problems: inconsistencies found; empty if there are none.
    """

    kills: int = 0
    server_kills: int = 0
    n_read: int = 0
    n_unanswered: int = 0
    errors: dict[str, int] = field(default_factory=dict)
    up_s: list[float] = field(default_factory=list)
    back_s: list[float] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


class RefreshProcess:
    """A running process of `benchmarks.refresher`, and its output."""

    def __init__(self) -> None:
        self.started_s = time.monotonic()
        command = [sys.executable, "-m", "benchmarks.refresher", *ACCOUNTS]
        self._process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        self.lines: list[list[str]] = []
        self._lock = Lock()
        self._reader = Thread(target=self._read, daemon=True)
        self._reader.start()

    def said(self, word: str) -> list[list[str]]:
        """Lines so far that begin with this word."""
        with self._lock:
            return [one for one in self.lines if one[0] == word]

    def wait_for(self, word: str, n_more: int = 1) -> float:
        """Wait for `n_more` lines with this word; seconds since the start.

        Raises:
            RuntimeError: the process ended, or the lines did not come in time.
        """
        wanted = len(self.said(word)) + n_more
        until_s = time.monotonic() + PATIENCE_S
        while len(self.said(word)) < wanted:
            if self._process.poll() is not None:
                raise RuntimeError(f"the refresher ended by itself with {self._process.returncode}")
            if time.monotonic() > until_s:
                raise RuntimeError(f"the refresher did not say {word} in time")
            time.sleep(0.01)
        return time.monotonic() - self.started_s

    def kill(self) -> None:
        """Kill it by SIGKILL, and read the rest of its output."""
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()
        self._reader.join(timeout=10)
        if self._process.stdout is not None:
            self._process.stdout.close()

    def _read(self) -> None:
        for line in self._process.stdout or ():
            if line.endswith("\n") and line.split():
                with self._lock:
                    self.lines.append(line.split())


def crash(app: Application, kills: int, server_kills: int, seed: int = 7) -> CrashReport:
    """Kill the application, then PostgreSQL, and check the data after each kill.

    Args:
        app: an application on the same database, which stays alive and checks.
        kills: of the application.
        server_kills: of the embedded PostgreSQL, under one running application.
        seed: of the moments of the kills.
    """
    report, rng, acked = CrashReport(), random.Random(seed), Acknowledged()
    for _ in range(kills):
        one = _started(report)
        time.sleep(rng.uniform(0.2, 4.0))
        one.kill()
        report.kills += 1
        _look(app, acked, one, report)
    one = _started(report)
    for _ in range(server_kills):
        one.wait_for("read", len(ACCOUNTS))
        os.kill(_server_pid(app), signal.SIGKILL)
        killed_s = time.monotonic()
        one.wait_for("read", len(ACCOUNTS))
        report.back_s.append(time.monotonic() - killed_s)
        report.server_kills += 1
    one.kill()
    _look(app, acked, one, report)
    return report


def _started(report: CrashReport) -> RefreshProcess:
    one = RefreshProcess()
    report.up_s.append(one.wait_for("ready"))
    return one


@dataclass
class Acknowledged:
    """Profile digests of acknowledged refreshes by listener, and signed-in listeners."""

    digests: dict[str, list[str]] = field(default_factory=dict)
    listeners: set[str] = field(default_factory=set)

    def hear(self, one: RefreshProcess) -> int:
        """Add the output of a process; the number of its refreshes."""
        for _, listener, digest in one.said("read"):
            known = self.digests.setdefault(listener, [])
            if not known or known[-1] != digest:
                known.append(digest)
        self.listeners |= {listener for _, listener in one.said("signed")}
        return len(one.said("read"))


def _look(app: Application, acked: Acknowledged, one: RefreshProcess, report: CrashReport) -> None:
    report.n_read += acked.hear(one)
    for _, name in one.said("error"):
        report.errors[name] = report.errors.get(name, 0) + 1
    kept = dict(_rows(app, "SELECT listener_id::text, digest FROM profiles"))
    for listener, digests in acked.digests.items():
        if kept.get(listener) in digests[:-1] or listener not in kept:
            report.problems.append(f"kill {report.kills}: an acknowledged refresh was lost")
        elif kept[listener] != digests[-1]:
            report.n_unanswered += 1
    report.problems += [f"kill {report.kills}: {one}" for one in problems_in(app, acked.listeners)]


def problems_in(app: Application, signed_in: set[str]) -> Iterator[str]:
    """Inconsistent or lost rows.

    Args:
        app: an application on the database.
        signed_in: listeners whose sign-in was acknowledged.
    """
    embedder, store = app.models.pipeline().embedder, app.service.store
    ids = [key for (key,) in _rows(app, "SELECT listener_id::text FROM profiles")]
    digests = dict(_rows(app, "SELECT listener_id::text, digest FROM profiles"))
    profiles, version = store.profiles(ids), embedder.model_version
    asked_with = {key: store.own_vector(key, version) for key in ids}
    vectors = {key: vector for key, vector in asked_with.items() if vector is not None}
    for key in ids:
        if content_of(profiles[key])[1] != digests[key]:
            yield "a profile is not what its digest says"
        if key not in vectors and n_evidence(profiles[key]) >= LEAST:
            yield "a profile has no vector of the model in service"
        elif key in vectors and abs(embedder.embed([profiles[key]]).stored[0] - vectors[key]).max() > 2e-3:
            yield "a vector is not that of its profile"
    if _rows(app, "SELECT 1 FROM vectors WHERE listener_id NOT IN (SELECT listener_id FROM profiles)"):
        yield "a vector has no profile"
    granted = {key for (key,) in _rows(app, "SELECT listener_id::text FROM grants")}
    if not signed_in <= granted:
        yield "an acknowledged sign-in was lost"


def _rows(app: Application, query: str) -> list[tuple[Any, ...]]:
    with app.database.transaction() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def _server_pid(app: Application) -> int:
    return int((app.settings.home / "postgres" / "data" / "postmaster.pid").read_text().split()[0])


@contextmanager
def small_earshot(home: Path, world: World) -> Iterator[Application]:
    """Earshot with a small model, embedded database, candidates and local Spotify.

    Its settings are set in the environment of this process until the block ends.
    """
    table, config = home / "listening.parquet", home / "config.json"
    write_listening_table(world, table)
    config.write_text(_SMALL.to_json())
    command = ["train", "--listening", str(table), "--config", str(config), "--out", str(home / "model")]
    subprocess.run(
        [sys.executable, "-m", "wiring.cli", *command], cwd=ROOT, check=True, capture_output=True, timeout=600
    )
    with running(create_app(world)) as spotify, _environment(home, spotify):
        app = build(read_settings())
        app.service.import_candidates(
            merge([read_listening(table)]), lambda one: Account(f"table:{one.listener_id}")
        )
        yield app
        app.close()


@contextmanager
def _environment(home: Path, spotify: str) -> Iterator[None]:
    ours = {"EARSHOT_HOME": str(home), "EARSHOT_EMULATOR_URL": spotify, "PYTHONPATH": str(ROOT)}
    before = {name: os.environ.get(name) for name in ours}
    os.environ.update(ours)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


def serves(app: Application, port: int) -> float:
    """Start `earshot serve` and kill it once it is healthy; seconds until then.

    Raises:
        RuntimeError: it was not healthy in time.
    """
    address = f"http://127.0.0.1:{port}"
    settings = {"EARSHOT_PORT": str(port), "EARSHOT_PUBLIC_URL": address}
    command = [sys.executable, "-m", "wiring.cli", "serve"]
    started_s = time.monotonic()
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **settings})
    try:
        while time.monotonic() < started_s + PATIENCE_S:
            try:
                with urllib.request.urlopen(address + "/healthz", timeout=5):
                    return time.monotonic() - started_s
            except OSError:
                time.sleep(0.1)
        raise RuntimeError("the app did not become well in time")
    finally:
        process.kill()
        process.wait()


def main(arguments: Sequence[str] | None = None) -> int:
    """Kill and check; 0 if nothing was lost."""
    parser = argparse.ArgumentParser(prog="benchmarks.crash", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--kills", type=int, default=25)
    parser.add_argument("--servers", type=int, default=5)
    parser.add_argument("--port", type=int, default=8517, help="where the app is started, twice, at the end")
    parser.add_argument("--out", type=Path, help="JSON to write")
    asked = parser.parse_args(arguments)
    world = synthetic_world(40, 7, n_artists=400)
    with (
        tempfile.TemporaryDirectory(prefix="earshot-crash-") as folder,
        small_earshot(Path(folder), world) as app,
    ):
        found = crash(app, asked.kills, asked.servers)
        served_s = [serves(app, asked.port) for _ in range(2)]
    write_report({**asdict(found), "up_median_s": median(found.up_s), "served_s": served_s}, asked.out)
    return 1 if found.problems else 0


if __name__ == "__main__":
    sys.exit(main())
