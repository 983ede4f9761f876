"""Processes of the benchmark: a job of ours, or any command, with its wall time and peak memory.

python -m benchmarks.subprocesses JOB REQUEST ANSWER     run one job; REQUEST and ANSWER are JSON files
"""

import importlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
_MAXRSS_UNIT = 1 if sys.platform == "darwin" else 1024
_MOST_TOLD = 3_000


class ChildFailed(Exception):
    """A process of the benchmark ended with an error; the message has the end of what it said."""


@dataclass(frozen=True, slots=True)
class Run:
    """How a process went: seconds from its start to its end, and the most memory it held."""

    wall_s: float
    peak_mib: float


def run_command(command: Sequence[str]) -> Run:
    """Run a command in the repository and measure it.

    The kernel hands the parent's own size on to the peak of its children; so this process stays small.

    Raises:
        ChildFailed: its exit status is not 0.
    """
    with tempfile.TemporaryFile() as said:
        started_s = time.perf_counter()
        child = subprocess.Popen(command, cwd=ROOT, env=_environment(), stdout=said, stderr=said)
        _, status, usage = os.wait4(child.pid, 0)
        wall_s = time.perf_counter() - started_s
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            said.seek(0)
            told = said.read().decode(errors="replace")[-_MOST_TOLD:]
            raise ChildFailed(f"{' '.join(command[1:4])} ended with {child.returncode}:\n{told}")
    return Run(wall_s, usage.ru_maxrss * _MAXRSS_UNIT / 2**20)


def run_job(name: str, **request: Any) -> tuple[dict[str, Any], Run]:
    """Run a job of `benchmarks.jobs` in a process of its own: its answer, and how it went.

    Raises:
        ChildFailed: the job failed.
    """
    with tempfile.TemporaryDirectory() as folder:
        asked, answered = Path(folder) / "request.json", Path(folder) / "answer.json"
        asked.write_text(json.dumps(request))
        run = run_command([sys.executable, "-m", "benchmarks.subprocesses", name, str(asked), str(answered)])
        return dict(json.loads(answered.read_text())), run


def peak_now_mib() -> float:
    """The most memory this process has held so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _MAXRSS_UNIT / 2**20


def _environment() -> dict[str, str]:
    told = {"TF_USE_LEGACY_KERAS": "1", "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONHASHSEED": "0"}
    return {**os.environ, **told, "PYTHONPATH": str(ROOT)}


def main(name: str, asked: Path, answered: Path) -> None:
    """Run one job."""
    job = importlib.import_module(f"benchmarks.jobs.{name}")
    answered.write_text(json.dumps(job.answer(json.loads(asked.read_text()))))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
