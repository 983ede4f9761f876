"""The world behind the local Spotify: its parts, its two makers and its exports, under one name."""

from emulator.world.export import write_attributes_table, write_listening_table, write_tags_table
from emulator.world.listening_table import table_world
from emulator.world.music import (
    ATTRIBUTES,
    EPOCH_S,
    TIME_RANGES,
    Album,
    Artist,
    Episode,
    Library,
    Listener,
    LocalFile,
    Playlist,
    Row,
    Scene,
    Track,
    World,
)
from emulator.world.synthetic import synthetic_world

__all__ = [
    "ATTRIBUTES",
    "EPOCH_S",
    "TIME_RANGES",
    "Album",
    "Artist",
    "Episode",
    "Library",
    "Listener",
    "LocalFile",
    "Playlist",
    "Row",
    "Scene",
    "Track",
    "World",
    "synthetic_world",
    "table_world",
    "write_attributes_table",
    "write_listening_table",
    "write_tags_table",
]
