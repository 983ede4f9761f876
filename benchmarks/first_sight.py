"""Time until something is seen on a slow network, with nothing in the browser's cache."""

from benchmarks.app_process import demo_stack
from benchmarks.figures import Figure, figures_of
from benchmarks.model import BenchmarkRun
from benchmarks.subprocesses import run_job

SUBJECT = "First sight at 1.6 Mbit/s and 150 ms, with an empty cache, on a telephone"
MATCHES = "Earshot: the first match"


def measure(bench: BenchmarkRun) -> list[Figure]:
    """Open the landing page, the matches of somebody signed in, and a plain page of Streamlit's."""
    plan, home = bench.plan, str(demo_stack(bench.folder / "first_sight", bench.plan.demo_listeners).home)
    answer, _ = run_job(
        "first_sight", home=home, n_listeners=plan.demo_listeners, repeats=plan.first_sights, matches=MATCHES
    )
    return figures_of(SUBJECT, f"{plan.demo_listeners:,} listeners", answer, MATCHES)
