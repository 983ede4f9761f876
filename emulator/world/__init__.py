"""The world behind the local Spotify: parts, makers and exports."""

from emulator.world.export import (
    write_attributes_table,
    write_listening_table,
    write_tags_table,
    write_truth_table,
)
from emulator.world.listening_table import table_world
from emulator.world.music import EPOCH_S, Library, Listener, Playlist, Row, Track, World
from emulator.world.synthetic import synthetic_world

__all__ = [
    "EPOCH_S",
    "Library",
    "Listener",
    "Playlist",
    "Row",
    "Track",
    "World",
    "synthetic_world",
    "table_world",
    "write_attributes_table",
    "write_listening_table",
    "write_tags_table",
    "write_truth_table",
]
