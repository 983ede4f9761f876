"""Latency of the pipeline in memory, and of matching files, beside plain code."""

import sys
from pathlib import Path

from benchmarks.figures import Figure, figures_of, gather
from benchmarks.model import BenchmarkRun
from benchmarks.subprocesses import run_command, run_job

SUBJECT, FILES = "Pipeline, top 20 of one query", "`earshot match` on files"
POOL = "Earshot: embedding the candidates and building the pool"
OURS, PLAIN = "Earshot: `earshot match`", "pandas, TF-IDF, scikit-learn cosine_similarity"


def measure(bench: BenchmarkRun) -> list[Figure]:
    """Search pools of every size, then match two files."""
    return [*_in_memory(bench), *_on_files(bench)]


def _in_memory(bench: BenchmarkRun) -> list[Figure]:
    plan, model = bench.plan, bench.model()
    found: list[Figure] = []
    for n in plan.candidates:
        asked = {"model": model, "n_candidates": n, "n_queries": plan.n_queries}
        answer, run = run_job("search", **asked, repeats=plan.repeats, seed=plan.seed)
        built = {"time, s": [answer["pool_s"]], "peak memory of the process, MiB": [run.peak_mib]}
        measured = {**answer["measured"], POOL: built}
        found += figures_of(SUBJECT, f"{n:,} candidates", measured, answer["ours"])
    return found


def _on_files(bench: BenchmarkRun) -> list[Figure]:
    plan, model = bench.plan, bench.model()
    queries, candidates = (bench.folder / f"{name}.parquet" for name in ("queries", "candidates"))
    for path, seed in ((queries, plan.seed + 11), (candidates, plan.seed + 12)):
        run_job("write_table", n=plan.table_listeners, group=path.stem, seed=seed, out=str(path))
    files = {"queries": str(queries), "candidates": str(candidates)}
    runs: dict[str, list[dict[str, float]]] = {OURS: [], PLAIN: []}
    for _ in range(plan.table_repeats):
        runs[OURS].append(_match(model, files, bench.folder / "ours.parquet"))
        _, run = run_job("plain_match", **files, out=str(bench.folder / "plain.parquet"))
        runs[PLAIN].append(_of_run(run.wall_s, run.peak_mib))
    n = plan.table_listeners
    return figures_of(FILES, f"{n:,} × {n:,}", {name: gather(rows) for name, rows in runs.items()}, OURS)


def _match(model: str, files: dict[str, str], out: Path) -> dict[str, float]:
    asked = [part for name, path in files.items() for part in (f"--{name}", path)]
    run = run_command(
        [sys.executable, "-m", "wiring.cli", "match", "--model", model, *asked, "--out", str(out)]
    )
    return _of_run(run.wall_s, run.peak_mib)


def _of_run(wall_s: float, peak_mib: float) -> dict[str, float]:
    return {"wall time, s": wall_s, "peak memory, MiB": peak_mib}
