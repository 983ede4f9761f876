"""What is downloaded from the local Spotify is what Spotify sends: Earshot reads it as it reads that."""

import zipfile

import pytest

from emulator.world import synthetic_world
from emulator.world.downloads import spotify_data
from emulator.world.music import Track
from sources.exports.reader import read_export


@pytest.fixture(scope="module")
def world():
    return synthetic_world(12, 7, n_artists=120)


def test_every_track_of_the_library_is_in_it_and_equal_libraries_give_equal_bytes(world, tmp_path):
    listener = next(iter(world.listeners.values()))
    data = spotify_data(listener, listener.library, world.items)
    assert data == spotify_data(listener, listener.library, world.items)
    (tmp_path / "data.zip").write_bytes(data)
    found = {one.track_id for one in read_export([tmp_path / "data.zip"]).listening.hearings}
    tracks = {key for key in listener.library.item_ids() if isinstance(world.items.get(key), Track)}
    in_files = {*listener.library.plays, *(row.item_id for row in listener.library.saved)}
    in_files |= {row.item_id for one in listener.library.playlists for row in one.rows}
    assert found == tracks & in_files
    assert len(found) > 20


def test_it_holds_what_must_not_be_opened(world, tmp_path):
    listener = next(iter(world.listeners.values()))
    (tmp_path / "data.zip").write_bytes(spotify_data(listener, listener.library, world.items))
    with zipfile.ZipFile(tmp_path / "data.zip") as archive:
        assert any("Userdata" in name for name in archive.namelist())
