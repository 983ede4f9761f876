"""Model bundle: towers, ranker, calibration and taste map in one artefact."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from matcher.domain.calibration import Calibration
from matcher.errors import ModelBroken
from matcher.picking.artists import PickableArtists
from matcher.picking.service import ArtistPicker
from matcher.pipeline import Pipeline
from matcher.scoring.audio_space import AudioSpace
from matcher.scoring.cohort import Cohort
from matcher.scoring.ranker import Ranker
from matcher.scoring.taste_map import TasteMap
from towers.serving.artefact import Artefact, load_artefact, read_arrays, write_arrays
from towers.serving.embedder import LiteRtEmbedder

RANKER = "ranker.json"
CALIBRATION = "calibration.json"
COHORT = "cohort.npz"
"""Absent if the model was trained on too few listeners."""
AUDIO_SPACE = "audio_space.npz"
"""Absent if too few tracks had audio attributes, or the configuration wants none."""
TASTE_MAP = "map.json"
"""Absent if the model was trained on too few listeners for communities."""
PICKING = "picking.npz"
"""Absent if too few artists have enough training listeners, and in older models."""


def with_ranker(artefact: Artefact, ranker: Ranker, calibration: Calibration) -> Artefact:
    """The artefact with a ranker and a calibration added."""
    added = artefact.with_file(RANKER, _json(ranker.to_json()))
    added = added.with_file(CALIBRATION, _json(calibration.to_json()))
    for name, part in ((COHORT, ranker.cohort), (AUDIO_SPACE, ranker.space)):
        if part is not None:
            added = added.with_file(name, write_arrays(part.to_arrays()))
    return added


def with_map(artefact: Artefact, taste_map: TasteMap | None) -> Artefact:
    """The artefact with a taste map added, if there is one."""
    return artefact if taste_map is None else artefact.with_file(TASTE_MAP, _json(taste_map.to_json()))


def map_of(artefact: Artefact) -> TasteMap | None:
    """The taste map in an artefact; None if it has none.

    Raises:
        ModelBroken: the map cannot be read, or has another dimension than the towers.
    """
    if TASTE_MAP not in artefact.files:
        return None
    try:
        taste_map = TasteMap.from_json(json.loads(artefact.files[TASTE_MAP]))
        if len(taste_map.centre) != 2 * artefact.config.dim:
            raise ValueError("another space")
    except (KeyError, ValueError, TypeError, AttributeError, IndexError) as error:
        raise ModelBroken("the model's map cannot be read; train it again") from error
    return taste_map


def with_picking(artefact: Artefact, artists: PickableArtists | None) -> Artefact:
    """The artefact with artists to pick from added, if there are any."""
    return artefact if artists is None else artefact.with_file(PICKING, write_arrays(artists.to_arrays()))


def picking_of(artefact: Artefact) -> PickableArtists | None:
    """The artists to pick from in an artefact; None if it has none.

    Raises:
        ModelBroken: they cannot be read.
    """
    if PICKING not in artefact.files:
        return None
    try:
        return PickableArtists.from_arrays(read_arrays(artefact.files[PICKING]))
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise ModelBroken("the model's artists to pick from cannot be read; train it again") from error


def pipeline_of(artefact: Artefact) -> Pipeline:
    """The pipeline in an artefact, without importing TensorFlow.

    Raises:
        ModelBroken: a part cannot be read, or one that is needed is missing.
    """
    try:
        ranker = _ranker_of(artefact)
        calibration = Calibration.from_json(json.loads(artefact.files[CALIBRATION]))
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise ModelBroken("the model's ranker or calibration cannot be read; train it again") from error
    artists = picking_of(artefact)
    picker = ArtistPicker(artists) if artists else None
    return Pipeline(LiteRtEmbedder(artefact), ranker, calibration, map_of(artefact), picker)


def load_pipeline(folder: Path) -> Pipeline:
    """Load and verify the pipeline in a folder.

    Raises:
        ModelMissing: there is no model.
        ModelBroken: it does not verify or cannot be read.
    """
    return pipeline_of(load_artefact(folder))


def _ranker_of(artefact: Artefact) -> Ranker:
    ranker = Ranker.from_json(json.loads(artefact.files[RANKER]))
    if AUDIO_SPACE in artefact.files:
        ranker = replace(ranker, space=AudioSpace.from_arrays(read_arrays(artefact.files[AUDIO_SPACE])))
    if COHORT not in artefact.files:
        return ranker
    cohort = Cohort.from_arrays(read_arrays(artefact.files[COHORT]))
    if cohort.vectors.shape[1] != 2 * artefact.config.dim:
        raise ValueError("the cohort lies in another space than the towers' vectors")
    return replace(ranker, cohort=cohort)


def _json(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, sort_keys=True, ensure_ascii=False).encode()
