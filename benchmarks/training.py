"""Training time and peak memory by number of listeners, beside the TFRS tutorial."""

from benchmarks.figures import Figure, figures_of, gather
from benchmarks.model import BenchmarkRun
from benchmarks.subprocesses import run_job

SUBJECT = "Training"
OURS, TOWERS = "Earshot: towers, ranker, calibration", "Earshot: the towers among it"
TUTORIAL = "TFRS tutorial model and index"


def measure(bench: BenchmarkRun) -> list[Figure]:
    """Train every size, the two systems in turn, each in a subprocess."""
    found: list[Figure] = []
    for n in bench.plan.listeners:
        runs: dict[str, list[dict[str, float]]] = {OURS: [], TOWERS: [], TUTORIAL: []}
        for _ in range(bench.plan.training_repeats):
            ours, towers = _ours(n, bench.plan.seed)
            runs[OURS].append(ours)
            runs[TOWERS].append(towers)
            runs[TUTORIAL].append(_run("train_tutorial", n, bench.plan.seed)[0])
        measured = {name: gather(rows) for name, rows in runs.items()}
        found += figures_of(SUBJECT, f"{n:,} listeners", measured, OURS)
    return found


def _ours(n: int, seed: int) -> tuple[dict[str, float], dict[str, float]]:
    whole, towers_s = _run("train_earshot", n, seed)
    return whole, {"time, s": towers_s}


def _run(job: str, n: int, seed: int) -> tuple[dict[str, float], float]:
    answer, run = run_job(job, n=n, seed=seed)
    figures = {
        "time, s": answer["seconds"],
        "peak memory, MiB": run.peak_mib,
        "of that, for training, MiB": run.peak_mib - answer["before_mib"],
    }
    return figures, answer.get("towers_s", 0.0)
