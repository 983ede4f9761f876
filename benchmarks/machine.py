"""Machine, versions and commit of a run, without names of machines or people."""

import os
import platform
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

from benchmarks.subprocesses import ROOT

PACKAGES = (
    "numpy scipy scikit-learn tensorflow tensorflow-recommenders tf_keras ai-edge-litert pandas pyarrow"
).split()


def run_environment(options: str) -> dict[str, Any]:
    """Machine, versions, commit and command, JSON-ready.

    Args:
        options: of the command line, as they matter to the figures.
    """
    return {
        "command": f"python -m benchmarks.run {options}".strip(),
        "commit": commit(),
        "measured_at_utc": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {
            "system": platform.system(),
            "processor": platform.machine(),
            "cores": n_cores(),
            "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
            "load_at_start": round(os.getloadavg()[0], 2),
        },
        "python": platform.python_version(),
        "packages": {name: version(name) for name in PACKAGES},
    }


def n_cores() -> int:
    """Cores that this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def commit() -> str:
    """The commit, with -dirty where files differ from it; "unknown" without git."""
    try:
        asked = ["git", "describe", "--always", "--dirty", "--abbrev=12"]
        done = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, timeout=30, check=True)
    except (OSError, subprocess.SubprocessError):
        return "unknown"
    return done.stdout.strip()
