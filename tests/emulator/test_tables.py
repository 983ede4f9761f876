"""Worlds from tables, and tables from worlds."""

import gzip

import pandas as pd
import pytest

from emulator.world import (
    table_world,
    write_attributes_table,
    write_listening_table,
    write_tags_table,
    write_truth_table,
)
from emulator.world.ids import is_base62
from matcher.errors import InputError


def _world(tmp_path, text):
    path = tmp_path / "some.csv"
    path.write_text(text, encoding="utf-8")
    return table_world(path)


def test_rows_with_an_artist_only_are_top_artists_by_plays(tmp_path):
    made = _world(tmp_path, "listener_id,artist_name,plays\n7,Less,3\n7,More,90\n7,Less,4\n")
    library = made.listeners["7"].library
    ranked = [made.artists[key].name for key in library.top_artist_ids["long_term"]]
    assert ranked == ["More", "Less"]
    assert library.item_ids() == ()


def test_tracks_without_playlist_are_saved_most_played_first(tmp_path):
    made = _world(tmp_path, "listener_id,track_id,plays\na,t1,1\na,t2,5\n")
    library = made.listeners["a"].library
    assert [row.item_id for row in library.saved] == ["t2", "t1"]
    assert library.top_track_ids["short_term"] == ("t2", "t1")


def test_tracks_of_a_playlist_stand_only_there(tmp_path):
    made = _world(tmp_path, "listener_id,track_id,playlist_id,playlist_name\na,t1,p1,Mine\na,t2,p1,Mine\n")
    library = made.listeners["a"].library
    assert [(one.id, one.name, [row.item_id for row in one.rows]) for one in library.playlists] == [
        ("p1", "Mine", ["t1", "t2"])
    ]
    assert library.saved == ()


def test_opaque_tracks_get_no_invented_title_or_artist(tmp_path):
    track = _world(tmp_path, "listener_id,track_id\na,lfm:72\n").tracks["lfm:72"]
    assert (track.name, track.artists) == ("", ())


def test_an_artist_called_na_stays_an_artist(tmp_path):
    made = _world(tmp_path, "listener_id,artist_name\na,NA\n")
    assert [artist.name for artist in made.artists.values()] == ["NA"]


def test_playlists_that_two_listeners_share_get_an_owner_each(tmp_path):
    made = _world(tmp_path, "listener_id,track_id,playlist_id\na,t,1\nb,t,1\n")
    ids = [one.library.playlists[0].id for one in made.listeners.values()]
    assert len(set(ids)) == 2


def test_playlist_ids_that_strict_clients_refuse_are_derived(tmp_path):
    made = _world(tmp_path, "listener_id,track_id,playlist_id\na,t,p/1?x\n")
    assert is_base62(made.listeners["a"].library.playlists[0].id)


def test_unusable_rows_are_named_with_line_and_reason(tmp_path):
    made = _world(tmp_path, "listener_id,artist_name,plays\n,A,1\na,,1\na,B,many\na,B,0\na,B,2\n")
    assert [problem.split(":")[0] for problem in made.problems] == ["line 2", "line 3", "line 4", "line 5"]
    assert list(made.listeners) == ["a"]


def test_played_at_becomes_recent_plays_newest_first(tmp_path):
    text = "listener_id,track_id,played_at\na,t1,2026-01-01T00:00:00Z\na,t2,2026-02-01 10:00\na,t3,soon\n"
    made = _world(tmp_path, text)
    assert [row.item_id for row in made.listeners["a"].library.recent] == ["t2", "t1"]
    assert "line 4" in made.problems[0]


def test_the_label_names_the_file(tmp_path):
    assert _world(tmp_path, "listener_id,track_id\na,t\n").label == "listeners from some.csv"


def test_a_table_without_listener_id_is_refused(tmp_path):
    with pytest.raises(InputError, match="listener_id"):
        _world(tmp_path, "artist_name\nA\n")


def test_parquet_with_numbers_and_gaps_gives_the_same_world_as_csv(tmp_path):
    frame = pd.DataFrame(
        {"listener_id": [1, 2], "artist_name": ["A", None], "track_id": [None, "t"], "plays": [3, 4]}
    )
    frame.to_parquet(tmp_path / "some.parquet")
    frame.to_csv(tmp_path / "some.csv", index=False)
    first, second = table_world(tmp_path / "some.parquet"), table_world(tmp_path / "some.csv")
    assert first.listeners == second.listeners


@pytest.mark.parametrize("suffix", [".csv.gz", ".parquet"])
def test_the_same_world_is_exported_as_the_same_bytes(world, tmp_path, suffix):
    for name in ("a", "b"):
        write_listening_table(world, tmp_path / f"{name}{suffix}")
    assert (tmp_path / f"a{suffix}").read_bytes() == (tmp_path / f"b{suffix}").read_bytes()


def test_an_exported_listening_table_holds_each_listeners_tracks(world, tmp_path):
    write_listening_table(world, tmp_path / "l.csv.gz")
    frame = pd.read_csv(tmp_path / "l.csv.gz")
    expected = {key for key in world.listeners["syn-0003"].library.item_ids() if key in world.tracks}
    assert set(frame[frame.listener_id == "syn-0003"].track_id) == expected
    assert not frame.duplicated(["listener_id", "track_id", "playlist_id"]).any()
    assert (frame.plays > 0).all()


def test_an_exported_world_can_be_served_again(world, tmp_path):
    write_listening_table(world, tmp_path / "l.csv.gz")
    again = table_world(tmp_path / "l.csv.gz")
    assert again.problems == ()
    before, after = (one.listeners["syn-0004"].library.playlists for one in (world, again))
    assert [playlist.name for playlist in after] == [playlist.name for playlist in before]


def test_attributes_and_tags_are_exported_with_their_columns(world, tmp_path):
    write_attributes_table(world, tmp_path / "a.csv")
    write_tags_table(world, tmp_path / "t.csv")
    attributes, tags = pd.read_csv(tmp_path / "a.csv"), pd.read_csv(tmp_path / "t.csv")
    assert len(attributes) == len(world.tracks)
    assert list(tags.columns) == ["artist_name", "tag", "n"]
    assert set(tags.artist_name) == {artist.name for artist in world.artists.values() if artist.tags}
    assert tags.n.min() >= 1


def test_true_tastes_are_exported_for_all_who_hear_something(world, tmp_path):
    write_truth_table(world, tmp_path / "truth.csv")
    truth = pd.read_csv(tmp_path / "truth.csv", index_col="listener_id")
    scenes = truth.filter(regex="^scene:")
    assert list(scenes.columns) == [f"scene:{name}" for name in world.scenes]
    assert scenes.sum(axis=1).to_numpy() == pytest.approx(1)
    assert set(truth.index) == {one.id for one in world.listeners.values() if one.library.item_ids()}
    one = world.listeners["syn-0003"]
    assert tuple(truth.loc["syn-0003"][[f"scene:{name}" for name in one.scenes]]) == pytest.approx(
        one.weights
    )
    assert tuple(truth.filter(regex="^sound:").loc["syn-0003"]) == pytest.approx(one.sound)


def test_an_unknown_ending_is_refused(world, tmp_path):
    with pytest.raises(ValueError, match="must end"):
        write_tags_table(world, tmp_path / "t.xlsx")


def test_a_compressed_table_is_read(tmp_path):
    path = tmp_path / "z.csv.gz"
    path.write_bytes(gzip.compress(b"listener_id,track_id\na,t\n"))
    assert list(table_world(path).listeners) == ["a"]
