"""Model for embedding and pipeline, trained once per run in a subprocess."""

from dataclasses import dataclass
from pathlib import Path

from benchmarks.plan import Plan
from benchmarks.subprocesses import run_job


@dataclass(frozen=True, slots=True)
class BenchmarkRun:
    """What the subjects share.

    Attributes:
        plan: sizes and repeats.
        folder: for files that are thrown away afterwards.
    """

    plan: Plan
    folder: Path

    def model(self) -> str:
        """Folder of a trained model; trained when it is first asked for."""
        place = self.folder / "model"
        if not place.exists():
            run_job("make_model", n=self.plan.model_listeners, seed=self.plan.seed, out=str(place))
        return str(place)
