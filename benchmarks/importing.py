"""From a listener's files to a profile, beside pandas."""

from benchmarks.figures import Figure, figures_of, gather
from benchmarks.model import BenchmarkRun
from benchmarks.subprocesses import run_job

SUBJECT = "A listener's streaming history, from the ZIP to a profile"
OURS, PLAIN = "Earshot: read apart, as an upload is", "json and pandas: plays by track and month, no profile"


def measure(bench: BenchmarkRun) -> list[Figure]:
    """Read histories of every size."""
    found: list[Figure] = []
    for n in bench.plan.plays:
        path = bench.folder / f"history-{n}.zip"
        written, _ = run_job("write_history", n=n, seed=bench.plan.seed, out=str(path))
        runs: dict[str, list[dict[str, float]]] = {OURS: [], PLAIN: []}
        for _ in range(bench.plan.import_repeats):
            for system, job in ((OURS, "read_history"), (PLAIN, "plain_history")):
                answer, run = run_job(job, path=str(path))
                runs[system].append({**answer, "wall time, s": run.wall_s, "peak memory, MiB": run.peak_mib})
        size = f"{n:,} plays, {written['n_bytes'] / 1e6:,.0f} MB of JSON"
        found += figures_of(SUBJECT, size, {name: gather(rows) for name, rows in runs.items()}, OURS)
        path.unlink()
    return found
