"""The synthetic world: deterministic, clearly labelled, and structured by scene."""

import numpy as np
import pytest

from emulator.world import synthetic_world
from emulator.world.ids import is_base62
from emulator.world.music import ATTRIBUTES, TIME_RANGES, Episode, LocalFile


def _ordinary(world):
    return [one for one in world.listeners.values() if one.id.removeprefix("syn-").isdigit()]


def test_the_same_seed_gives_the_same_world():
    assert synthetic_world(6, 3, n_artists=80) == synthetic_world(6, 3, n_artists=80)


def test_another_seed_gives_another_world():
    assert synthetic_world(6, 3, n_artists=80) != synthetic_world(6, 4, n_artists=80)


def test_a_listener_does_not_depend_on_how_many_others_there_are():
    small, large = synthetic_world(2, 3, n_artists=80), synthetic_world(9, 3, n_artists=80)
    one, same = small.listeners["syn-0001"], large.listeners["syn-0001"]
    assert (one.name, one.scenes, one.library.plays) == (same.name, same.scenes, same.library.plays)


def test_there_are_as_many_ordinary_listeners_as_asked_for(world):
    assert [one.id for one in _ordinary(world)] == [f"syn-{number:04d}" for number in range(1, 41)]


def test_every_listener_is_labelled_as_synthetic(world):
    assert all("synthetic" in one.name for one in world.listeners.values())


def test_a_listener_has_one_to_four_scenes_heaviest_first(world):
    for one in _ordinary(world):
        assert 1 <= len(one.scenes) <= 4
        assert list(one.weights) == sorted(one.weights, reverse=True)
        assert sum(one.weights) == pytest.approx(1)


def test_most_of_a_listeners_music_is_from_their_scenes(world):
    for one in _ordinary(world):
        scenes = {world.tracks[track_id].artists[0].scene for track_id in one.library.plays}
        assert scenes <= set(one.scenes)


def test_playlists_number_two_to_twenty_five_and_have_different_names(world):
    for one in _ordinary(world):
        names = [playlist.name for playlist in one.library.playlists]
        assert 2 <= len(names) <= 25
        assert len(set(names)) == len(names)


def test_popular_artists_are_heard_by_more_listeners_than_obscure_ones(world):
    heard = dict.fromkeys(world.artists, 0)
    for one in _ordinary(world):
        for artist_id in {world.tracks[key].artists[0].id for key in one.library.plays}:
            heard[artist_id] += 1
    by_scene: dict[str, list[int]] = {}
    for artist in world.artists.values():
        by_scene.setdefault(artist.scene, []).append(heard[artist.id])
    head = np.mean([np.mean(counts[: len(counts) // 3]) for counts in by_scene.values()])
    tail = np.mean([np.mean(counts[-(len(counts) // 3) :]) for counts in by_scene.values()])
    assert head > tail


def test_track_ids_look_like_spotifys(world):
    assert all(len(key) == 22 and is_base62(key) for key in world.tracks)


def test_recording_codes_are_marked_as_invented_and_unique(world):
    codes = [track.isrc for track in world.tracks.values()]
    assert all(code.startswith("ZZ") and len(code) == 12 for code in codes)
    assert len(set(codes)) == len(codes)


def test_artists_names_are_unique(world):
    assert len({artist.name.casefold() for artist in world.artists.values()}) == len(world.artists)


def test_audio_attributes_lie_in_their_ranges(world):
    values = np.array([track.attributes for track in world.tracks.values()])
    assert values.shape[1] == len(ATTRIBUTES)
    assert values[:, :7].min() >= 0
    assert values[:, :7].max() <= 1
    assert ((values[:, 7] > 0) & (values[:, 7] < 300) & (values[:, 8] >= -60) & (values[:, 8] <= 5)).all()


def test_scenes_sound_different(world):
    energy = {name: np.mean([t.attributes[1] for t in world.tracks_of_scene(name)]) for name in world.scenes}
    assert energy["cinder metal"] > energy["paper ambient"] + 0.4


def test_the_three_time_ranges_differ_a_little(world):
    top = world.listeners["syn-0001"].library.top_track_ids
    assert len({top[name] for name in TIME_RANGES}) == 3
    assert len(set(top["short_term"][:20]) & set(top["long_term"][:40])) >= 5


def test_dates_of_saved_tracks_run_backwards(world):
    for one in world.listeners.values():
        moments = [row.at_s for row in one.library.saved]
        assert moments == sorted(moments, reverse=True)


def test_the_quiet_listener_has_no_music(world):
    assert world.listeners["syn-quiet"].library.item_ids() == ()


def test_the_odd_listener_has_every_kind_of_row(world):
    odd = world.listeners["syn-odd"].library
    items = [world.items.get(row.item_id) for row in odd.playlists[0].rows]
    assert None in items
    assert {Episode, LocalFile} <= {type(item) for item in items}
    assert odd.followed_ids


def test_an_edited_playlist_has_another_snapshot(world):
    from dataclasses import replace

    playlist = world.listeners["syn-0001"].library.playlists[0]
    assert replace(playlist, rows=playlist.rows[1:]).snapshot_id != playlist.snapshot_id


def test_too_few_artists_are_refused():
    with pytest.raises(ValueError, match="n_artists"):
        synthetic_world(1, n_artists=3)
