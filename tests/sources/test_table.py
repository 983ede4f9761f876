import gzip
from datetime import UTC, datetime

import pandas as pd
import pytest

from matcher.domain.listening import Part
from matcher.errors import InputError
from sources.attributes import read_attributes, read_tags
from sources.table import merge, read_listening


def write(path, text):
    path.write_text(text, encoding="utf-8")
    return path


def test_rows_become_facts_by_listener(tmp_path):
    path = write(tmp_path / "x.csv", "listener_id,artist_name,plays\na,Low,3\nb,Can,1\na,Neu!,2\n")
    table = read_listening(path)
    assert [one.listener_id for one in table.listenings] == ["a", "b"]
    assert [(h.artist_name, h.plays) for h in table.listenings[0].hearings] == [("Low", 3.0), ("Neu!", 2.0)]


def test_a_row_with_a_playlist_belongs_to_its_facet(tmp_path):
    path = write(tmp_path / "x.csv", "listener_id,track_id,playlist_id,playlist_name\na,t1,p1,Dawn\n")
    (hearing,) = read_listening(path).listenings[0].hearings
    assert (hearing.part, hearing.facet_id, hearing.facet_name) == (Part.PLAYLISTS, "p1", "Dawn")


def test_plays_count_one_where_absent(tmp_path):
    path = write(tmp_path / "x.csv", "listener_id,artist_name\na,Low\n")
    assert read_listening(path).listenings[0].hearings[0].plays == 1.0


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("a,Low,,0,", "plays"),
        ("a,Low,,many,", "plays"),
        ("a,Low,,nan,", "plays"),
        ("a,,,1,", "at least one"),
        (",Low,,1,", "listener_id"),
        ("a,Low,,1,yesterday", "played_at"),
        ("a,Low,,1,0001-01-01T00:00:00+14:00", "played_at"),
    ],
)
def test_a_bad_row_is_named_with_its_line_and_left_out(tmp_path, row, reason):
    path = write(
        tmp_path / "x.csv",
        f"listener_id,artist_name,track_id,plays,played_at\nz,Can,,1,\n{row}\nz,Neu!,,1,\n",
    )
    table = read_listening(path)
    assert [(one.line, reason in one.reason) for one in table.problems.rows] == [(3, True)]
    assert len(table.listenings[0].hearings) == 2
    assert "line 3" in table.problems.summary()


def test_times_are_utc(tmp_path):
    path = write(tmp_path / "x.csv", "listener_id,artist_name,played_at\na,Low,2026-11-01T21:15:00+01:00\n")
    hearing = read_listening(path).listenings[0].hearings[0]
    assert hearing.heard_at_utc == datetime(2026, 11, 1, 20, 15, tzinfo=UTC)


def test_unknown_columns_are_ignored(tmp_path):
    path = write(tmp_path / "x.csv", "listener_id,shoe_size,artist_name\na,43,Low\n")
    assert read_listening(path).listenings[0].hearings[0].artist_name == "Low"


def test_names_that_look_like_nothing_are_names(tmp_path):
    path = write(tmp_path / "x.csv", "listener_id,artist_name\na,NA\na,null\na,None\n")
    assert [h.artist_name for h in read_listening(path).listenings[0].hearings] == ["NA", "null", "None"]


def test_parquet_and_compressed_csv_give_the_same(tmp_path):
    frame = pd.DataFrame(
        {"listener_id": [1, 1, 2], "artist_name": ["Low", "Can", None], "track_id": ["a", "b", "c"]}
    )
    frame.to_parquet(tmp_path / "x.parquet")
    with gzip.open(tmp_path / "x.csv.gz", "wt") as file:
        frame.to_csv(file, index=False)
    one, other = read_listening(tmp_path / "x.parquet"), read_listening(tmp_path / "x.csv.gz")
    assert one.listenings == other.listenings
    assert one.listenings[0].listener_id == "1"


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b"artist_name\nLow\n", b'listener_id,x\n"a,b\n'])
def test_a_file_that_is_no_table_is_refused(tmp_path, content):
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"x\.csv"):
        read_listening(path)


def test_rows_of_more_values_than_columns_are_refused_and_not_shifted(tmp_path):
    path = write(tmp_path / "x.csv", "listener_id,artist_name,track_id\na,Low,t1,\nb,Can,t2,\n")
    with pytest.raises(InputError, match="more values than the header"):
        read_listening(path)


def test_a_broken_archive_or_parquet_is_refused(tmp_path):
    for name in ("x.csv.gz", "x.parquet"):
        (tmp_path / name).write_bytes(b"not at all")
        with pytest.raises(InputError):
            read_listening(tmp_path / name)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(InputError, match="no file"):
        read_listening(tmp_path / "nowhere.csv")


def test_one_listener_in_two_tables_is_one_listener(tmp_path):
    one = read_listening(write(tmp_path / "x.csv", "listener_id,artist_name\na,Low\n"))
    other = read_listening(write(tmp_path / "y.csv", "listener_id,artist_name\na,Can\nb,Neu!\n"))
    merged = merge([one, other])
    assert [(m.listener_id, len(m.hearings)) for m in merged] == [("a", 2), ("b", 1)]


def test_attributes_are_kept_under_every_key_of_the_row(tmp_path):
    path = write(tmp_path / "x.csv", "track_id,isrc,artist_name,track_name,energy\nt1,zz1,Low,Words,0.5\n")
    ((keys, found),) = read_attributes(path).rows
    assert keys == ("id:t1", "isrc:ZZ1", "key:low|words")
    assert found.values == {"energy": 0.5}
    assert found.provenance == "x.csv"


def test_an_attribute_out_of_range_refuses_the_row_and_names_it(tmp_path):
    path = write(tmp_path / "x.csv", "track_id,energy,tempo\nt1,0.5,120\nt2,1.5,120\nt3,,301\n")
    table = read_attributes(path)
    assert [(one.line, one.reason.split()[0]) for one in table.problems.rows] == [(3, "energy"), (4, "tempo")]
    assert len(table.rows) == 1


@pytest.mark.parametrize("text", ["artist_name,energy\nLow,0.5\n", "track_id,shoe\nt1,43\n"])
def test_attributes_need_a_track_and_a_value(tmp_path, text):
    with pytest.raises(InputError):
        read_attributes(write(tmp_path / "x.csv", text))


def test_tags_are_summed_by_artist(tmp_path):
    path = write(tmp_path / "x.csv", "artist_name,tag,n\nLow,Slowcore,2\nLOW,slowcore ,1\nLow,indie,1\n")
    assert read_tags(path) == {"low": {"slowcore": 3.0, "indie": 1.0}}


def test_tags_of_one_tagger_can_be_left_out(tmp_path):
    path = write(tmp_path / "x.csv", "artist_name,tag,n\nLow,slowcore,2\nLow,mine,1\nLow,untold,\n")
    assert read_tags(path, single_taggers=False) == {"low": {"slowcore": 2.0, "untold": 1.0}}


def test_a_tag_with_a_wrong_number_is_refused(tmp_path):
    with pytest.raises(InputError, match="line 3"):
        read_tags(write(tmp_path / "x.csv", "artist_name,tag,n\nLow,indie,1\nLow,sad,-4\n"))
