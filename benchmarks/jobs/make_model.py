"""Trains a model on invented listeners and saves it."""

from pathlib import Path
from typing import Any

from benchmarks.people import catalogue, make_listeners
from towers.config import TowerConfig
from towers.serving.artefact import save_artefact
from towers.training.train_model import train_whole


def answer(request: dict[str, Any]) -> dict[str, Any]:
    context = catalogue().sounding
    profiles = list(make_listeners(request["n"], "known", request["seed"], context))
    artefact = train_whole(profiles, TowerConfig(seed=request["seed"]), context)
    return {"model_version": save_artefact(artefact, Path(request["out"]))}
