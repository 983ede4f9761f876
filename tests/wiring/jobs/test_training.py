"""`earshot train` on files."""

import numpy as np
import pytest
from rich.console import Console

from matcher.errors import InputError
from towers.config import TowerConfig
from towers.serving.artefact import load_artefact
from towers.training.shares import below_floor
from wiring.jobs.training import train_model, warn_of_shares

CONFIG = TowerConfig(dim=8, table_dim=8, epochs=1, min_steps=1, n_buckets=16, bag_width=16)


@pytest.fixture
def files(tmp_path):
    rng = np.random.default_rng(0)
    rows = [
        f"{who},Artist {who % 2} {one},{one + 1}"
        for who in range(30)
        for one in rng.choice(12, 6, replace=False)
    ]
    (tmp_path / "listening.csv").write_text("\n".join(["listener_id,artist_name,plays", *rows]))
    (tmp_path / "config.json").write_text(CONFIG.to_json())
    return tmp_path


def train_in(folder, pairs_text, console):
    pairs = folder / "pairs.csv"
    pairs.write_text(pairs_text)
    train_model(
        [folder / "listening.csv"], folder / "model", None, None, 0, folder / "config.json", console, pairs
    )


def test_pairs_from_a_file_are_trained_on_and_counted(files):
    console = Console(record=True, width=100)
    train_in(files, "listener_id,friend_id,score\n0,1,5\n2,3,1\n4,5,0\n6,nobody,5\n", console)
    assert "2 pairs of 4 rows used" in console.export_text()
    assert load_artefact(files / "model").metrics["n_pairs"] == 2


def test_what_carries_the_matches_is_measured(files):
    train_in(files, "listener_id,friend_id,score\n", Console(quiet=True))
    shares = load_artefact(files / "model").metrics["shares"]
    assert set(shares) == {"towers", "artists", "tracks", "tags", "audio"}
    assert sum(shares.values()) == pytest.approx(1.0, abs=0.001)


@pytest.mark.parametrize(
    ("towers", "audio", "has_audio", "told"),
    [
        (0.31, 0.06, True, []),
        (0.29, 0.06, True, ["towers"]),
        (0.31, 0.04, True, ["audio"]),
        (0.31, 0.0, False, []),
        (0.0, 0.0, True, ["towers", "audio"]),
    ],
)
def test_a_component_that_carries_too_little_is_told(towers, audio, has_audio, told):
    assert below_floor({"towers": towers, "audio": audio}, has_audio=has_audio) == told


def test_training_warns_of_a_component_that_carries_too_little():
    console = Console(record=True, width=200)
    shares = {"towers": 0.21, "artists": 0.5, "tracks": 0.1, "tags": 0.1, "audio": 0.09}
    warn_of_shares(shares, console, has_audio=True)
    assert console.export_text() == "warning: the share of towers in what is shown is 21%, below 30%\n"


def test_a_pair_with_a_score_below_0_is_refused_before_anything_is_trained(files):
    with pytest.raises(InputError, match="line 2: score"):
        train_in(files, "listener_id,friend_id,score\n0,1,-1\n", Console(quiet=True))
    assert not (files / "model").exists()
