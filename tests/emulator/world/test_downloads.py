"""What is downloaded from the local Spotify is what Spotify sends: Earshot reads it as it reads that."""

import zipfile

import pytest

from emulator.world import synthetic_world
from emulator.world.downloads import spotify_data
from emulator.world.music import Track
from matcher.domain.listening import Part
from sources.exports.reader import read_export


@pytest.fixture(scope="module")
def world():
    return synthetic_world(12, 7, n_artists=120)


def test_every_track_of_the_library_is_in_it_and_equal_libraries_give_equal_bytes(world, tmp_path):
    listener = next(iter(world.listeners.values()))
    data = spotify_data(listener, listener.library, world)
    assert data == spotify_data(listener, listener.library, world)
    (tmp_path / "data.zip").write_bytes(data)
    hearings = read_export([tmp_path / "data.zip"]).listening.hearings
    by_artist = (Part.ALBUMS, Part.FOLLOWED)
    found = {one.track_id for one in hearings if one.part not in by_artist}
    tracks = {key for key in listener.library.item_ids() if isinstance(world.items.get(key), Track)}
    in_files = {*listener.library.plays, *(row.item_id for row in listener.library.saved)}
    in_files |= {row.item_id for one in listener.library.playlists for row in one.rows}
    assert found == tracks & in_files
    assert len(found) > 20


def test_nobody_plays_one_artist_for_hours_on_end(world, tmp_path):
    for n, listener in enumerate(world.listeners.values()):
        path = tmp_path / f"{n}.zip"
        path.write_bytes(spotify_data(listener, listener.library, world))
        if listener.library.plays:
            assert read_export([path]).listening.unbroken == {}


def test_saved_albums_and_followed_artists_are_in_it(world, tmp_path):
    listener = next(iter(world.listeners.values()))
    (tmp_path / "data.zip").write_bytes(spotify_data(listener, listener.library, world))
    hearings = read_export([tmp_path / "data.zip"]).listening.hearings
    albums = [world.albums[row.item_id][0].album for row in listener.library.albums]
    of_albums = [one.artist_name for one in hearings if one.part is Part.ALBUMS]
    followed = [one.artist_id for one in hearings if one.part is Part.FOLLOWED]
    assert of_albums == [album.artist.name for album in albums]
    assert of_albums
    assert followed == list(listener.library.followed_artist_ids)
    assert followed


def test_it_holds_what_must_not_be_opened(world, tmp_path):
    listener = next(iter(world.listeners.values()))
    (tmp_path / "data.zip").write_bytes(spotify_data(listener, listener.library, world))
    with zipfile.ZipFile(tmp_path / "data.zip") as archive:
        assert any("Userdata" in name for name in archive.namelist())
