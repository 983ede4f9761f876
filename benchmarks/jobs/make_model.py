"""Trains a model on invented listeners and saves it."""

from pathlib import Path
from typing import Any

from benchmarks.synthetic_profiles import catalogue, make_listeners
from towers.config import TowerConfig
from towers.serving.artefact import save_artefact
from towers.training.train_model import train_bundle


def answer(request: dict[str, Any]) -> dict[str, Any]:
    metadata = catalogue().with_audio
    profiles = list(make_listeners(request["n"], "known", request["seed"], metadata))
    artefact = train_bundle(profiles, TowerConfig(seed=request["seed"]), metadata)
    return {"model_version": save_artefact(artefact, Path(request["out"]))}
