"""Latency and throughput of embedding, beside the same towers in Keras."""

from benchmarks.figures import Figure, figures_of
from benchmarks.model import BenchmarkRun
from benchmarks.subprocesses import run_job

SUBJECT = "Embedding"


def measure(bench: BenchmarkRun) -> list[Figure]:
    """Embed profiles of every size; all systems in one process, by turns."""
    plan = bench.plan
    answer, _ = run_job(
        "embed",
        model=bench.model(),
        n_items=plan.n_items,
        n_profiles=plan.n_profiles,
        repeats=plan.repeats,
        seed=plan.seed,
    )
    return [
        figure
        for n_items in plan.n_items
        for figure in figures_of(
            SUBJECT, f"{n_items} items", answer["by_items"][str(n_items)], answer["ours"]
        )
    ]
