"""Trains a whole model as `earshot train` does: profiles in, artefact out."""

import time
from typing import Any

from benchmarks.subprocesses import peak_memory_mib
from benchmarks.synthetic_profiles import catalogue, make_listeners
from towers.config import TowerConfig
from towers.training.train_model import train_bundle


def answer(request: dict[str, Any]) -> dict[str, Any]:
    metadata = catalogue().tags_only
    profiles = list(make_listeners(request["n"], "known", request["seed"], metadata))
    before_mib, started_s = peak_memory_mib(), time.perf_counter()
    artefact = train_bundle(profiles, TowerConfig(seed=request["seed"]), metadata)
    seconds = time.perf_counter() - started_s
    return {"seconds": seconds, "towers_s": artefact.metrics["seconds"], "before_mib": before_mib}
