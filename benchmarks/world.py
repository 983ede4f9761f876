"""Compare the synthetic world with real tables.

python -m benchmarks.world --table NAME=LISTENING ... [--tags NAME=TAGS] [--sound NAME=SOUND] [--out FILE]

Each NAME is a column of the result, beside the world of 2,000 listeners. A table for --sound needs a column
`subgenre`. Without any table only the synthetic world is described.
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from benchmarks.world_statistics import (
    Figures,
    listening_statistics,
    markdown_table,
    name_statistics,
    read,
    sound_statistics,
    tag_statistics,
)
from emulator.world import (
    World,
    synthetic_world,
    write_attributes_table,
    write_listening_table,
    write_tags_table,
)

SYNTHETIC = "**synthetic**"
HEAD = """# The synthetic world beside real listening

Written by `python -m benchmarks.world`; the real tables are not part of this repository. How the world is
made, and where it differs from them: [docs/synthetic-world.md](../synthetic-world.md). "Before" is the world
of version 5. Strangers are compared among 2,000 listeners at most; halves are random halves of a listener's
playlists, of those with two or more; sound is compared within the main scene or the subgenre.
"""
Sections = dict[str, dict[str, Figures]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare, print, and write where asked."""
    asked = _parse(arguments)
    with tempfile.TemporaryDirectory(prefix="earshot-world-") as folder:
        sections = _synthetic(synthetic_world(asked.listeners, asked.seed), Path(folder))
    tables = {name: read(path) for name, path in asked.table}
    for name, table in tables.items():
        _add(sections, name, table)
    for name, path in asked.tags:
        sections["Tags"][name] = tag_statistics(read(path), tables[name])
    for name, path in asked.sound:
        groups = tables[name].dropna(subset=["subgenre"]).drop_duplicates("listener_id")
        by_listener = dict(zip(groups.listener_id.astype(str), groups.subgenre, strict=True))
        sections["Sound"][name] = sound_statistics(read(path), tables[name], by_listener)
    text = HEAD + "".join(f"\n## {title}\n\n{markdown_table(found)}" for title, found in sections.items())
    print(text)
    if asked.out:
        asked.out.write_text(text)
    return 0


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.world", description=(__doc__ or "").splitlines()[0])
    for option, told in (("table", "a listening table"), ("tags", "its tags"), ("sound", "its attributes")):
        parser.add_argument(f"--{option}", type=_named_path, action="append", default=[], help=told)
    parser.add_argument("--listeners", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--out", type=Path, help="Markdown to write")
    asked = parser.parse_args(arguments)
    named = {name for name, _ in asked.table}
    if unknown := {name for name, _ in [*asked.tags, *asked.sound]} - named:
        parser.error(f"no --table is called {', '.join(sorted(unknown))}")
    return asked


def _named_path(text: str) -> tuple[str, Path]:
    name, _, path = text.partition("=")
    if not Path(path).is_file():
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=FILE, or there is no such file")
    return name, Path(path)


def _synthetic(world: World, folder: Path) -> Sections:
    files = {name: folder / f"{name}.parquet" for name in ("listening", "attributes", "tags")}
    write_listening_table(world, files["listening"])
    write_attributes_table(world, files["attributes"])
    write_tags_table(world, files["tags"])
    listening = read(files["listening"])
    scenes = {listener.id: listener.scenes[0] for listener in world.listeners.values() if listener.scenes}
    sections: Sections = {"Artists": {}, "Tracks": {}}
    _add(sections, SYNTHETIC, listening)
    sections["Tags"] = {SYNTHETIC: tag_statistics(read(files["tags"]), listening)}
    in_scene = _of_main_scene(listening, world, scenes)
    sections["Sound"] = {SYNTHETIC: sound_statistics(read(files["attributes"]), in_scene, scenes)}
    return sections


def _of_main_scene(listening: pd.DataFrame, world: World, scenes: dict[str, str]) -> pd.DataFrame:
    """Rows of the listener's main scene: a playlist of a subgenre has no other music."""
    scene_of = {artist.id: artist.scene for artist in world.artists.values()}
    return listening[listening.artist_id.map(scene_of) == listening.listener_id.map(scenes)]


def _add(sections: Sections, name: str, table: pd.DataFrame) -> None:
    for items, figures in listening_statistics(table):
        names = name_statistics(table) if items == "artists" else {}
        sections[items.capitalize()][name] = {**figures, **names}


if __name__ == "__main__":
    sys.exit(main())
