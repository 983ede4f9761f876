"""Application process and local Spotify, with the world of the demo."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen
from urllib.parse import urlsplit

from benchmarks.subprocesses import run_job
from harness.stack import Stack, new_stack, server

SEED = 7
"""Seed of the world of `earshot demo`."""


def demo_stack(home: Path, n_listeners: int) -> Stack:
    """A stack with the demo of `n_listeners`, which is made if it is missing.

    Raises:
        SubprocessFailed: it cannot be made.
    """
    stack = new_stack(home)
    if not (home / "demo.json").exists():
        run_job("make_demo", home=str(home), n_listeners=n_listeners, seed=SEED)
    return stack


@contextmanager
def serving(stack: Stack, n_listeners: int) -> Iterator[Popen[bytes]]:
    """Run local Spotify and application until the block ends; yield the application."""
    world = ("--listeners", str(n_listeners), "--seed", str(SEED))
    spotify = ("emulator", *world, "--port", str(urlsplit(stack.emulator_url).port))
    with (
        server(stack, *spotify, ready=stack.emulator_url + "/_emulator/health"),
        server(stack, "serve", ready=stack.app_url + "/healthz") as application,
    ):
        yield application


@dataclass(frozen=True, slots=True)
class Memory:
    """Memory of an application at one moment.

    Attributes:
        application_mib: resident memory of its process and their children, without PostgreSQL.
        whole_mib: the same with the embedded PostgreSQL, shared pages counted once.
    """

    application_mib: float
    whole_mib: float


def memory_of(application: int, home: Path) -> Memory:
    """Memory of an application and its embedded PostgreSQL now. Linux only.

    Args:
        application: process id of `earshot serve`.
        home: its folder.
    """
    postmaster = int((home / "postgres" / "data" / "postmaster.pid").read_text().split()[0])
    children = _children()
    database = set(_family(postmaster, children))
    own = [pid for pid in _family(application, children) if pid not in database]
    resident = sum(_kib(pid, "status", "VmRSS") for pid in own) / 1024
    return Memory(resident, resident + sum(_kib(pid, "smaps_rollup", "Pss") for pid in database) / 1024)


def _family(pid: int, children: dict[int, list[int]]) -> Iterator[int]:
    """A process and its descendants."""
    yield pid
    for child in children.get(pid, ()):
        yield from _family(child, children)


def _children() -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for place in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((place / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:  # it has just ended
            continue
        found.setdefault(parent, []).append(int(place.name))
    return found


def _kib(pid: int, file: str, name: str) -> int:
    """A figure of a process in KiB; 0 if the process has ended."""
    try:
        lines = (Path("/proc") / str(pid) / file).read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith(f"{name}:")), 0)
