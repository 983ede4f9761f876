"""What the real command writes to stderr: our words and the errors of others, none of their notices."""

import os
import re
import subprocess
import sys

import pytest

pytestmark = pytest.mark.slow


def run(*arguments, **environment):
    command = [sys.executable, "-m", "wiring.cli", *map(str, arguments)]
    asked = {name: value for name, value in os.environ.items() if name != "TF_CPP_MIN_LOG_LEVEL"}
    return subprocess.run(
        command, env=asked | environment, capture_output=True, text=True, timeout=240, check=False
    )


def train_arguments(files, out):
    return ("train", "--listening", files / "training.csv", "--config", files / "config.json", "--out", out)


def test_training_says_what_was_written_and_nothing_else(files, tmp_path):
    ended = run(*train_arguments(files, tmp_path / "model"))
    assert ended.returncode == 0, ended.stderr
    # so small a table may leave the towers below their floor, and then training says that, too
    warning = r"( warning: the share of towers in what is shown is \d+%, below 30%)?"
    of = r"\d+ listeners of table \(licence: not stated\)"
    said = re.fullmatch(rf"{of} model \w{{16}} written to (\S+){warning}", " ".join(ended.stderr.split()))
    assert said, ended.stderr


def test_embedding_says_nothing_of_how_its_library_works(files, tmp_path):
    listening, out = files / "queries.csv", tmp_path / "vectors.parquet"
    ended = run("embed", "--model", files / "model", "--listening", listening, "--out", out)
    assert ended.returncode == 0, ended.stderr
    assert "INFO" not in ended.stderr
    assert "XNNPACK" not in ended.stderr


def test_what_tensorflow_says_as_it_aborts_is_shown(files, tmp_path):
    ended = run(*train_arguments(files, tmp_path / "model"), TF_XLA_FLAGS="--no_such_flag")
    assert ended.returncode != 0
    assert "Unknown flag in TF_XLA_FLAGS: --no_such_flag" in ended.stderr
