"""Subprocesses of the benchmark, with their wall time and peak memory.

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
_MAX_OUTPUT = 3_000


class SubprocessFailed(Exception):
    """A subprocess failed; the message has the end of its output."""


@dataclass(frozen=True, slots=True)
class ProcessUsage:
    """Wall time and peak memory of a subprocess."""

    wall_s: float
    peak_mib: float


def run_command(command: Sequence[str]) -> ProcessUsage:
    """Run a command in the repository and measure it.

    A child's peak memory starts at the size of its parent, so this process must stay small.

    Raises:
        SubprocessFailed: its exit status is not 0.
    """
    with tempfile.TemporaryFile() as output:
        started_s = time.perf_counter()
        child = subprocess.Popen(command, cwd=ROOT, env=_environment(), stdout=output, stderr=output)
        _, status, usage = os.wait4(child.pid, 0)
        wall_s = time.perf_counter() - started_s
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            output.seek(0)
            text = output.read().decode(errors="replace")[-_MAX_OUTPUT:]
            raise SubprocessFailed(f"{' '.join(command[1:4])} ended with {child.returncode}:\n{text}")
    return ProcessUsage(wall_s, usage.ru_maxrss * _MAXRSS_UNIT / 2**20)


def run_job(name: str, **request: Any) -> tuple[dict[str, Any], ProcessUsage]:
    """Run a job of `benchmarks.jobs` in a subprocess: its answer, time and memory.

    Raises:
        SubprocessFailed: the job failed.
    """
    with tempfile.TemporaryDirectory() as folder:
        request_file, answer_file = (Path(folder) / f"{name}.json" for name in ("request", "answer"))
        request_file.write_text(json.dumps(request))
        run = run_command(
            [sys.executable, "-m", "benchmarks.subprocesses", name, str(request_file), str(answer_file)]
        )
        return dict(json.loads(answer_file.read_text())), run


def peak_memory_mib() -> float:
    """Peak memory of this process so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _MAXRSS_UNIT / 2**20


def _environment() -> dict[str, str]:
    fixed = {"TF_USE_LEGACY_KERAS": "1", "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONHASHSEED": "0"}
    return {**os.environ, **fixed, "PYTHONPATH": str(ROOT)}


def main(name: str, request_file: Path, answer_file: Path) -> None:
    """Run one job."""
    job = importlib.import_module(f"benchmarks.jobs.{name}")
    answer_file.write_text(json.dumps(job.answer(json.loads(request_file.read_text()))))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
