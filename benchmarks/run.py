"""Measure Earshot with the plain alternative beside it.

python -m benchmarks.run              everything; writes docs/results/benchmarks.json and .md
python -m benchmarks.run --quick      a smoke run of small sizes; only prints
python -m benchmarks.run --only NAME  one subject, such as refresh; only prints
python -m benchmarks.run --out FILE   write there, whatever was measured
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks import embedding, first_sight, importing, pages, pipeline, refresh, training
from benchmarks.figures import Figure
from benchmarks.machine import run_environment
from benchmarks.model import BenchmarkRun
from benchmarks.plan import FULL, QUICK
from benchmarks.report import markdown
from benchmarks.subprocesses import ROOT, SubprocessFailed

SUBJECTS = {
    "training": training.measure,
    "embedding": embedding.measure,
    "pipeline": pipeline.measure,
    "refresh": refresh.measure,
    "importing": importing.measure,
    "pages": pages.measure,
    "first_sight": first_sight.measure,
}
LONGER = frozenset({"pages", "first_sight"})
"""Subjects that take longer than a smoke run may: there, only when they are asked for by name."""
RESULTS = ROOT / "docs" / "results" / "benchmarks.json"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and write where asked; 0, or 1 when a measurement failed."""
    asked = _parse(arguments)
    names = subjects_of(asked.only, asked.quick)
    options = [f"--only {asked.only}"] if asked.only else []
    about = run_environment(" ".join([*options, *(["--quick"] if asked.quick else [])]))
    try:
        figures = _measure(names, asked.quick)
    except SubprocessFailed as error:
        print(f"benchmarks: {error}", file=sys.stderr)
        return 1
    found = {**about, "quick": asked.quick, "figures": [one.to_json() for one in figures]}
    print(markdown(found))
    out = asked.out or (None if asked.quick or asked.only else RESULTS)
    if out:
        _write(found, out)
    return 0


def subjects_of(only: str | None, quick: bool) -> list[str]:
    """What is measured: one subject, or all that the kind of run has time for."""
    return [only] if only else [one for one in SUBJECTS if not (quick and one in LONGER)]


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.run", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="small sizes, below a minute")
    parser.add_argument("--only", choices=SUBJECTS, help="one subject")
    parser.add_argument("--out", type=Path, help="JSON to write; the table (.md) is written beside it")
    return parser.parse_args(arguments)


def _measure(names: Sequence[str], quick: bool) -> list[Figure]:
    found: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="earshot-bench-") as folder:
        bench = BenchmarkRun(QUICK if quick else FULL, Path(folder))
        for name in names:
            started_s = time.perf_counter()
            print(f"measuring {name} ...", file=sys.stderr, flush=True)
            found += SUBJECTS[name](bench)
            print(f"  took {time.perf_counter() - started_s:.0f} s", file=sys.stderr, flush=True)
    return found


def _write(found: dict[str, Any], out: Path) -> None:
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(found, indent=1) + "\n")
    out.with_suffix(".md").write_text(markdown(found))


if __name__ == "__main__":
    sys.exit(main())
