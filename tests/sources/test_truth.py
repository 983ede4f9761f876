"""The truth of a synthetic world comes back as it was written; what is not one is refused."""

import numpy as np
import pandas as pd
import pytest

from emulator.world import synthetic_world, write_truth_table
from matcher.errors import InputError
from sources.truth import read_truth

ROW = {"listener_id": "ann", "scene:dub": 0.25, "scene:folk": 0.75, "sound:tempo": -1.5}
WRONG = {
    "no listeners": ({name: value for name, value in ROW.items() if name != "listener_id"}, "listener_id"),
    "no scenes": ({"listener_id": "ann", "sound:tempo": 1.0}, "scene:NAME"),
    "a share below 0": ({**ROW, "scene:dub": -0.1}, "line 2"),
    "a share missing": ({**ROW, "scene:dub": None}, "line 2"),
    "a liking without end": ({**ROW, "sound:tempo": float("inf")}, "line 2"),
    "words": ({**ROW, "scene:dub": "much"}, "line 2"),
}


def test_what_a_world_writes_is_read_again(tmp_path):
    world = synthetic_world(30, 7, n_artists=240)
    write_truth_table(world, tmp_path / "truth.parquet")
    ids, scenes, sound = read_truth(tmp_path / "truth.parquet")
    assert ids == [one.id for one in world.listeners.values() if one.scenes]
    assert scenes.sum(axis=1) == pytest.approx(1)
    for row, listener in zip(scenes, map(world.listeners.get, ids), strict=True):
        shares = dict(zip(world.scenes, row, strict=True))
        assert [shares[name] for name in listener.scenes] == pytest.approx(listener.weights)
    liking = [world.listeners[key].sound or [0.0] * sound.shape[1] for key in ids]
    assert sound == pytest.approx(np.array(liking), abs=1e-6)


@pytest.mark.parametrize("name", WRONG)
def test_a_table_that_is_no_truth_is_refused(tmp_path, name):
    row, why = WRONG[name]
    pd.DataFrame([row]).to_parquet(tmp_path / "truth.parquet")
    with pytest.raises(InputError, match=why):
        read_truth(tmp_path / "truth.parquet")


def test_a_file_that_is_no_parquet_is_refused(tmp_path):
    (tmp_path / "truth.csv").write_text("listener_id,scene:dub\nann,1\n")
    with pytest.raises(InputError, match=r"truth\.csv cannot be read as a table"):
        read_truth(tmp_path / "truth.csv")
