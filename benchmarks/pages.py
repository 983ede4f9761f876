"""Times of warm actions in a real browser, and memory of the application."""

from typing import Any

import numpy as np

from benchmarks.app_process import demo_stack
from benchmarks.figures import Figure, Measured, figures_of
from benchmarks.model import BenchmarkRun
from benchmarks.subprocesses import run_job

SUBJECT = "Warm actions on the pages, from the click to the page drawn to its end"
SIGNED_IN = "Earshot: resident memory, ten listeners signed in"
BROWSED = "Earshot: resident memory, three of them having browsed"


def measure(bench: BenchmarkRun) -> list[Figure]:
    """Browse among the candidates of the demo, then among each larger number."""
    plan, home = bench.plan, str(demo_stack(bench.folder / "pages", bench.plan.demo_listeners).home)
    found: list[Figure] = []
    for n in (plan.demo_listeners, *plan.page_crowds):
        if n > plan.demo_listeners:
            run_job("fill_demo", home=home, n_candidates=n, seed=plan.seed)
        asked = {"home": home, "n_listeners": plan.demo_listeners, "repeats": plan.page_repeats}
        answer, _ = run_job("pages", **asked)
        found += figures_of(SUBJECT, f"{n:,} candidates", measured_of(answer), "Earshot: matches")
    return found


def measured_of(answer: dict[str, Any]) -> Measured:
    """Figures of the browser job: every repeat, 95th percentile, and memory."""
    found: Measured = {
        f"Earshot: {name}": {"time, ms": times, "95th percentile, ms": [float(np.percentile(times, 95))]}
        for name, times in answer["timings_ms"].items()
    }
    found |= {name: {"time, ms": times} for name, times in answer["plain_ms"].items()}
    for name, moment in ((SIGNED_IN, "signed_in"), (BROWSED, "browsed")):
        found[name] = {
            "without PostgreSQL, MiB": [answer[moment]["application_mib"]],
            "with PostgreSQL, MiB": [answer[moment]["whole_mib"]],
        }
    return found
