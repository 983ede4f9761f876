"""Time from a read library to matches in PostgreSQL, beside plain searches."""

from typing import Any

from benchmarks.figures import Figure, figures_of
from benchmarks.model import BenchmarkRun
from benchmarks.subprocesses import run_job
from benchmarks.timing import latencies_ms

SUBJECT = "Refresh to matches, top 20, over PostgreSQL"
OURS = "Earshot: profile, embed, upsert, retrieve, rank, percent, explain"
STEPS = {"both": OURS, "refresh": "Earshot: the refresh among it", "match": "Earshot: the matches among it"}
BUILT = "Earshot: the candidates in the database"


def measure(bench: BenchmarkRun) -> list[Figure]:
    """Refresh listeners among crowds of every size."""
    return [figure for n in bench.plan.crowds for figure in _among(bench, n)]


def _among(bench: BenchmarkRun, n: int) -> list[Figure]:
    plan, folder = bench.plan, bench.folder / f"crowd-{n}"
    folder.mkdir()
    files: dict[str, Any] = {"folder": str(folder), "repeats": plan.repeats}
    asked = {**files, "model": bench.model(), "n_candidates": n, "n_queries": plan.n_queries}
    answer, run = run_job("refresh", **asked, seed=plan.seed)
    plain, _ = run_job("plain_search", **files)
    steps = latencies_ms({STEPS[name]: rows for name, rows in answer["latencies"].items()})
    built = {measure: [value] for measure, value in answer["built"].items()}
    built["peak memory of the process, MiB"] = [run.peak_mib]
    built |= {measure: [sum(shares) / len(shares)] for measure, shares in answer["recall"].items()}
    measured = {**steps, **plain["measured"], BUILT: built}
    return figures_of(SUBJECT, f"{n:,} candidates", measured, OURS)
