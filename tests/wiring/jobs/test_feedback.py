import numpy as np
import pytest
from rich.console import Console

from matcher.errors import InputError
from matcher.ports import ScoredPair
from sources.attributes import read_pairs
from towers.serving.artefact import load_artefact
from wiring.jobs.feedback import write_pairs
from wiring.jobs.training import train_model

PAIRS = [ScoredPair("a", "b", 5.0), ScoredPair("a", "c", 0.0), ScoredPair("b", "a", 1.0)]


@pytest.mark.parametrize("name", ["pairs.csv", "new/folder/pairs.parquet"])
def test_what_is_written_is_read_as_the_same_pairs(tmp_path, name):
    assert write_pairs(PAIRS, tmp_path / name) == 3
    found = list(read_pairs(tmp_path / name))
    assert found == PAIRS


@pytest.mark.parametrize("name", ["pairs.csv", "pairs.parquet"])
def test_without_feedback_the_table_is_empty_and_still_a_pairs_table(tmp_path, name):
    assert write_pairs([], tmp_path / name) == 0
    assert read_pairs(tmp_path / name) == ()


def test_a_name_of_another_kind_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"\.csv or \.parquet"):
        write_pairs(PAIRS, tmp_path / "pairs.xlsx")


def test_a_place_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be written"):
        write_pairs(PAIRS, tmp_path / "file" / "pairs.csv")


def test_training_takes_the_table(files, tmp_path):
    rng = np.random.default_rng(3)
    rows = [ScoredPair(f"t{one}", f"t{other}", 5.0) for one, other in rng.choice(60, (40, 2))]
    write_pairs(rows, tmp_path / "pairs.csv")
    out = tmp_path / "model"
    quiet = Console(quiet=True)
    train_model(
        [files / "training.csv"], out, None, None, 3, files / "config.json", quiet, tmp_path / "pairs.csv"
    )
    assert load_artefact(out).metrics["n_pairs"] > 20
