"""What the demo shows rests on the towers and on sound, and not on artists in common alone."""

import pytest
from rich.console import Console

from emulator.world import (
    synthetic_world,
    write_attributes_table,
    write_listening_table,
    write_tags_table,
)
from towers.serving.artefact import load_artefact
from wiring.jobs.demo import TRAINING
from wiring.jobs.training import train_model


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_towers_and_sound_carry_what_the_demo_shows(tmp_path):
    world = synthetic_world(2_000, 7)
    tables = [tmp_path / name for name in ("listening.parquet", "attributes.parquet", "tags.parquet")]
    for write, table in zip(
        (write_listening_table, write_attributes_table, write_tags_table), tables, strict=True
    ):
        write(world, table)
    config = tmp_path / "training.json"
    config.write_text(TRAINING)
    listening, attributes, tags = tables
    train_model([listening], tmp_path / "model", attributes, tags, None, config, Console(quiet=True))
    shares = load_artefact(tmp_path / "model").metrics["shares"]
    assert shares["towers"] >= 0.30
    assert shares["audio"] >= 0.05
