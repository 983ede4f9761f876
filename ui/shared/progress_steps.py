"""Progress of reading a library, as a list of steps."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from matcher.domain.listening import SPOTIFY_PARTS, Part
from matcher.ports import Progress
from ui import texts
from wiring.syncs import FILE_STEP, SyncState

EXPECTED = (*(part.value for part in SPOTIFY_PARTS), "profile", "audio", "embed")
"""Usual steps of a sync, in order."""
EXPECTED_OF_FILE = (FILE_STEP, "profile", "audio", "embed")


class Stage(Enum):
    """Stage of a step; the value is read aloud."""

    DONE = texts.sync.STEP_DONE
    ACTIVE = texts.sync.STEP_ACTIVE
    PENDING = texts.sync.STEP_PENDING
    SKIPPED = texts.sync.STEP_SKIPPED


@dataclass(frozen=True, slots=True)
class Step:
    """One step; `count` is like "3 of 12" or "", `share` in [0, 1]."""

    label: str
    stage: Stage
    count: str
    share: float


def steps_of(state: SyncState) -> tuple[Step, ...]:
    """Steps of a sync: expected ones, then any others."""
    begun = state.steps
    expected = EXPECTED_OF_FILE if state.of_file else EXPECTED
    names = (*expected, *(name for name in begun if name not in expected))
    return tuple(_step(name, begun) for name in names)


def share_of(steps: tuple[Step, ...]) -> float:
    """Overall progress in [0, 1], with equal weight per step."""
    return sum(step.share for step in steps) / len(steps)


def calls_of(state: SyncState) -> str:
    """Number of calls, such as "Calls used 23 of 60"; "" if none."""
    if not state.calls_used:
        return ""
    budget = max(step.calls_budget for step in state.steps.values())
    return (texts.sync.CALLS_OF if budget else texts.sync.CALLS).format(used=state.calls_used, budget=budget)


def _step(name: str, begun: Mapping[str, Progress]) -> Step:
    label, stage = texts.sync.STEPS.get(name, texts.sync.STEP_OTHER), _stage(name, begun)
    progress = begun.get(name, Progress(name))
    return Step(label, stage, _count(progress), _share(stage, progress))


def _stage(name: str, begun: Mapping[str, Progress]) -> Stage:
    if name not in begun:
        return Stage.SKIPPED if name in set(Part) and _past_reading(begun) else Stage.PENDING
    progress, newest = begun[name], list(begun)[-1]
    complete = 0 < progress.total <= progress.done
    return Stage.DONE if complete or name != newest else Stage.ACTIVE


def _past_reading(begun: Mapping[str, Progress]) -> bool:
    return any(name not in set(Part) for name in begun)


def _share(stage: Stage, progress: Progress) -> float:
    if stage is Stage.ACTIVE:
        return min(progress.done / progress.total, 1.0) if progress.total else 0.5
    return float(stage is not Stage.PENDING)


def _count(progress: Progress) -> str:
    if progress.step == FILE_STEP:
        return texts.sync.COUNT_PERCENT.format(done=progress.done) if progress.total else ""
    if progress.total:
        return texts.sync.COUNT_OF.format(done=f"{progress.done:,}", total=f"{progress.total:,}")
    return f"{progress.done:,}" if progress.done else ""
