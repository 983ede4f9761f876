"""The true tastes of a synthetic world, which only evaluation may read."""

from pathlib import Path

import numpy as np
import pandas as pd

from matcher.domain.vectors import Floats
from matcher.errors import InputError
from sources.frames import LINE, column_names, read_frame

_SCENE, _SOUND = "scene:", "sound:"


def read_truth(path: Path) -> tuple[list[str], Floats, Floats]:
    """Read `truth.parquet` (docs/synthetic-world.md).

    Returns:
        ids of the listeners, their shares of each scene [n_listeners, n_scenes], 0 or above, and their liking
        of each attribute [n_listeners, n_tastes].

    Raises:
        InputError: the file is not such a table, or a number is missing or impossible.
    """
    names = column_names(path)
    scenes = [name for name in names if name.startswith(_SCENE)]
    sound = [name for name in names if name.startswith(_SOUND)]
    if not scenes:
        raise InputError(f"{path.name} has no column {_SCENE}NAME")
    frame = read_frame(path, ("listener_id", *scenes, *sound), required=["listener_id"])
    figures = frame[[*scenes, *sound]].apply(pd.to_numeric, errors="coerce").to_numpy(np.float32)
    wrong = ~np.isfinite(figures).all(axis=1) | (figures[:, : len(scenes)] < 0).any(axis=1)
    if wrong.any():
        line = frame[LINE].to_numpy()[wrong][0]
        raise InputError(f"{path.name}, line {line}: shares must be numbers of 0 or above, likings numbers")
    return frame["listener_id"].to_list(), figures[:, : len(scenes)], figures[:, len(scenes) :]
