"""A whole model: towers, ranker and calibration, trained together and kept in one artefact."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from matcher.calibrate import Calibration
from matcher.errors import ModelBroken
from matcher.pipeline import Pipeline
from matcher.rank import Ranker
from towers.artefact import Artefact, load_artefact
from towers.embedder import LiteRtEmbedder
from towers.taste_map import map_of

RANKER = "ranker.json"
CALIBRATION = "calibration.json"


def with_ranking(artefact: Artefact, ranker: Ranker, calibration: Calibration) -> Artefact:
    """The artefact with what comes after the towers in it."""
    return artefact.with_file(RANKER, _json(ranker.to_json())).with_file(
        CALIBRATION, _json(calibration.to_json())
    )


def pipeline_of(artefact: Artefact) -> Pipeline:
    """The pipeline an artefact holds. TensorFlow is not imported.

    Raises:
        ModelBroken: ranker or calibration are absent, or one of these or the map cannot be read.
    """
    try:
        ranker = Ranker.from_json(json.loads(artefact.files[RANKER]))
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


def _json(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, sort_keys=True, ensure_ascii=False).encode()
