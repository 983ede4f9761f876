"""A whole model: towers, ranker and calibration, trained together and kept in one artefact."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from matcher.calibrate import Calibration
from matcher.crowding import Crowding
from matcher.errors import ModelBroken
from matcher.pipeline import Pipeline
from matcher.rank import CROWD, Ranker
from towers.serving.artefact import Artefact, load_artefact, read_arrays, write_arrays
from towers.serving.embedder import LiteRtEmbedder
from towers.training.taste_map import map_of

RANKER = "ranker.json"
CALIBRATION = "calibration.json"
CROWDING = "crowding.npz"
"""What crowding is foreseen from; absent where too few listeners were trained on to learn it."""


def with_ranking(artefact: Artefact, ranker: Ranker, calibration: Calibration) -> Artefact:
    """The artefact with what comes after the towers in it."""
    whole = artefact.with_file(RANKER, _json(ranker.to_json())).with_file(
        CALIBRATION, _json(calibration.to_json())
    )
    if ranker.crowding is None:
        return whole
    return whole.with_file(CROWDING, write_arrays(ranker.crowding.to_arrays()))


def pipeline_of(artefact: Artefact) -> Pipeline:
    """The pipeline an artefact holds. TensorFlow is not imported.

    Raises:
        ModelBroken: ranker, calibration or a crowding that is weighed are absent or cannot be read, or a map
            cannot be read.
    """
    try:
        ranker = _ranker_of(artefact)
        calibration = Calibration.from_json(json.loads(artefact.files[CALIBRATION]))
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise ModelBroken("the model's ranker or calibration cannot be read; train it again") from error
    return Pipeline(LiteRtEmbedder(artefact), ranker, calibration, map_of(artefact))


def load_pipeline(folder: Path) -> Pipeline:
    """The pipeline in a folder, verified.

    Raises:
        ModelMissing, ModelBroken: there is none, or it does not verify.
    """
    return pipeline_of(load_artefact(folder))


def _ranker_of(artefact: Artefact) -> Ranker:
    ranker = Ranker.from_json(json.loads(artefact.files[RANKER]))
    if CROWDING not in artefact.files and not ranker.weights.get(CROWD):
        return ranker
    crowding = Crowding.from_arrays(read_arrays(artefact.files[CROWDING]))
    if crowding.centroids.shape[1] != 2 * artefact.config.dim:
        raise ValueError("the centroids lie in another space than the towers' vectors")
    return replace(ranker, crowding=crowding)


def _json(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, sort_keys=True, ensure_ascii=False).encode()
