"""What the notebooks share: a synthetic world as files and as a corpus, and the way they draw."""

import colorsys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import matplotlib.pyplot as plt

from emulator.world import (
    World,
    write_attributes_table,
    write_listening_table,
    write_tags_table,
    write_truth_table,
)
from sources.truth import read_truth
from towers.evaluation.truth import TrueTastes
from wiring.jobs.training import Corpus, read_corpus

INK, SOFT, LINE, PAPER = "#1f1b16", "#645b4f", "#ddd5c7", "#fffdf9"
EMBER, SEA = "#a63c1c", "#2f6073"


class Tables(NamedTuple):
    """The files of a world, in the order in which `read_corpus` takes them."""

    listening: list[Path]
    attributes: Path
    tags: Path


def write_tables(world: World, folder: Path) -> Tables:
    """Write a world as the three tables that Earshot reads."""
    tables = Tables([folder / "listening.csv"], folder / "attributes.csv", folder / "tags.csv")
    write_listening_table(world, tables.listening[0])
    write_attributes_table(world, tables.attributes)
    write_tags_table(world, tables.tags)
    return tables


def corpus_of(world: World) -> Corpus:
    """The profiles of a world, by the road that anybody's files take."""
    with TemporaryDirectory() as folder:
        return read_corpus(*write_tables(world, Path(folder)))


def truth_of(world: World) -> TrueTastes:
    """The true tastes of a world's listeners."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "truth.parquet"
        write_truth_table(world, path)
        return TrueTastes(*read_truth(path))


def scene_colours(world: World) -> Mapping[str, tuple[float, float, float]]:
    """A colour by scene. Scenes stand in a ring, and so do the colours: neighbours look alike."""
    n_scenes = len(world.scenes)
    return {name: colorsys.hls_to_rgb(place / n_scenes, 0.45, 0.6) for place, name in enumerate(world.scenes)}


def use_house_style() -> None:
    """Draw as Earshot does."""
    plt.style.use(Path(__file__).with_name("house.mplstyle"))
