"""Timing of calls on a monotonic clock; systems take turns, after a warm-up."""

import random
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import numpy as np

Input = TypeVar("Input")

WARM_UP = 3


def time_calls(
    systems: Mapping[str, Callable[[Input], object]],
    inputs: Sequence[Input],
    repeats: int,
    fresh: Callable[[Input], Input],
) -> dict[str, list[list[float]]]:
    """Seconds of every call: [repeats][inputs] by system.

    Args:
        systems: what is measured. All of them see one input before any sees the next, in an order drawn anew
            for every input, so that none always runs in the wake of the same other.
        inputs: what they are called with.
        repeats: how often all inputs are gone through.
        fresh: an input without what an earlier call may have kept in it; not part of the time.
    """
    for one in inputs[:WARM_UP]:
        for call in systems.values():
            call(fresh(one))
    found: dict[str, list[list[float]]] = {name: [[] for _ in range(repeats)] for name in systems}
    rng = random.Random(0)
    for repeat in range(repeats):
        for one in inputs:
            for name in rng.sample(list(systems), len(systems)):
                found[name][repeat].append(_time(systems[name], fresh(one)))
    return found


def _time(call: Callable[[Input], object], one: Input) -> float:
    started_ns = time.perf_counter_ns()
    call(one)
    return (time.perf_counter_ns() - started_ns) / 1e9


def latencies_ms(seconds: Mapping[str, list[list[float]]]) -> dict[str, dict[str, list[float]]]:
    """Median and 95th percentile over the inputs, one figure a repeat, by system."""
    return {
        name: {
            "median latency, ms": [1e3 * float(np.median(one)) for one in rows],
            "p95 latency, ms": [1e3 * float(np.percentile(one, 95)) for one in rows],
        }
        for name, rows in seconds.items()
    }
