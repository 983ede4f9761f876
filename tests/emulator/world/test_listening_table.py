"""The local Spotify reads a listening table as every command does, however odd the file."""

import gzip
from datetime import UTC, datetime

import pandas as pd
import pytest

from emulator.world import table_world
from matcher.errors import InputError
from sources.table import read_listening

REFUSED = "refused"


def csv(*lines, head="listener_id,artist_name,track_id,playlist_id,playlist_name,plays,played_at"):
    return "\n".join([head, *lines, ""]).encode()


TEXTS = {
    "plain": csv("a,Low,t1,,,3,2026-11-01T21:15:00+01:00", "a,Can,t2,p1,Dawn,,", "b,Low,t1,,,1,"),
    "with a byte order mark": b"\xef\xbb\xbf" + csv("a,Low,t1,,,3,"),
    "names that look like nothing": csv("a,NA,t1,,,1,", "a,null,t2,,,1,", "a,None,t3,,,1,", "NA,nan,t4,,,1,"),
    "numbers as ids": csv("1,Low,007,,,1,", "1,Can,8.0,,,1,", "01,Neu!,1e3,,,1,"),
    "no plays": csv("a,Low,t1", "a,Can,t2", head="listener_id,artist_name,track_id"),
    "blanks around": csv(" a , Low , t1 ,,, 2 ,", "a,Low,t1,,,1,"),
    "blanks in the header": csv("a,Low,t1", head="listener_id, artist_name , track_id"),
    "only blanks": csv("a,  ,,,,1,", "  ,Low,t1,,,1,", "a,Low,t1,,,  ,"),
    "bad rows": csv(
        ",Low,t1,,,1,",
        "a,,,,,1,",
        "a,Low,,,,0,",
        "a,Low,,,,many,",
        "a,Low,,,,nan,",
        "a,Low,,,,1e10,",
        "a,Can,,,,2,",
    ),
    "times": csv(
        "a,Low,t1,,,1,2026-02-01 10:00", "a,Low,t2,,,1,soon", "a,Low,t3,,,1,0001-01-01T00:00:00+14:00"
    ),
    "a long text": csv(f"a,{'x' * 2001},t1,,,1,", "a,Low,t2,,,1,"),
    "quotes": csv('a,"Low, the ""band""",t1,,,1,', 'a,"two\nlines",t2,,,1,', "a,Low,,,,0,"),
    "blank lines": csv("a,Low,t1,,,1,", "", "a,Low,,,,0,"),
    "a comma at the end of rows": csv("a,Low,t1,", "a,Can,t2,", head="listener_id,artist_name,track_id"),
    "a comma at the end of all lines": csv("a,Low,t1,", head="listener_id,artist_name,track_id,"),
    "a value too many": csv("a,Low,t1", "a,Can,t2,x,y", head="listener_id,artist_name,track_id"),
    "a value too many in every row": csv("a,Low,t1,x", head="listener_id,artist_name,track_id"),
    "a value too few": csv("a,Low", head="listener_id,artist_name,track_id"),
    "semicolons": csv("a;Low;t1", head="listener_id;artist_name;track_id"),
    "tabs": csv("a\tLow\tt1", head="listener_id\tartist_name\ttrack_id"),
    "Windows line ends": csv("a,Low,t1,,,1,").replace(b"\n", b"\r\n"),
    "a column twice": csv("a,Low,Can,t1", head="listener_id,artist_name,artist_name,track_id"),
    "Latin-1": csv("a,Bj\N{LATIN SMALL LETTER O WITH DIAERESIS}rk,t1,,,1,").decode().encode("latin-1"),
    "UTF-16": csv("a,Low,t1,,,1,").decode().encode("utf-16"),
    "no rows": csv(),
    "no listener_id": csv("Low", head="artist_name"),
    "nothing": b"",
    "no text": b"\x00\x01\x02",
}
FRAMES = {
    "numbers": {"listener_id": [1, 2], "artist_name": ["A", None], "track_id": [None, 8], "plays": [3, 4]},
    "numbers with gaps": {
        "listener_id": [1.0, 2.0, None],
        "artist_name": ["A", "B", "C"],
        "plays": [1, None, 2],
    },
    "names that look like nothing": {"listener_id": ["a", "a"], "artist_name": ["NA", "null"]},
    "blanks around": {"listener_id": [" a "], "artist_name": [" Low "], "plays": [" 2 "]},
    "blanks in the header": {"listener_id": ["a"], " artist_name": ["Low"]},
    "times": {
        "listener_id": ["a", "a"],
        "track_id": ["t1", "t2"],
        "played_at": [datetime(2026, 2, 1, tzinfo=UTC), None],
    },
    "categories": {"listener_id": pd.Categorical(["a", "b"]), "artist_name": pd.Categorical(["Low", None])},
    "bytes": {"listener_id": [b"a"], "artist_name": [b"Low"]},
    "truth values": {"listener_id": ["a"], "artist_name": ["Low"], "plays": [True]},
    "lists": {"listener_id": ["a"], "artist_name": [["Low"]]},
    "no rows": {"listener_id": [], "artist_name": []},
    "no listener_id": {"artist_name": ["Low"]},
}


def read_as_table(path):
    """What a table says of each listener, and the lines that were left out."""
    try:
        table = read_listening(path)
    except InputError:
        return REFUSED
    listeners = {}
    for listening in table.listenings:
        artists, tracks, playlists, times = {}, {}, {}, []
        for one in listening.hearings:
            if one.facet_id and one.track_id:
                playlists.setdefault(one.facet_name, {})[one.track_id] = None
                continue
            if one.track_id:
                tracks[one.track_id] = tracks.get(one.track_id, 0) + one.plays
                times += [int(one.heard_at_utc.timestamp())] if one.heard_at_utc else []
            if one.artist_name:
                artists[one.artist_name] = artists.get(one.artist_name, 0) + one.plays
        ranked = sorted(artists, key=lambda name: -artists[name])
        lists = {name: list(rows) for name, rows in playlists.items()}
        listeners[listening.listener_id] = (ranked, tracks, lists, sorted(times))
    return listeners, [row.line for row in table.problems.rows]


def read_as_world(path):
    """The same of the world that the local Spotify makes of it."""
    try:
        world = table_world(path)
    except InputError:
        return REFUSED
    listeners = {}
    for key, listener in world.listeners.items():
        library = listener.library
        ranked = [world.artists[one].name for one in library.top_artist_ids["long_term"]]
        lists = {one.name: [row.item_id for row in one.rows] for one in library.playlists}
        listeners[key] = (ranked, dict(library.plays), lists, sorted(row.at_s for row in library.recent))
    return listeners, [int(one.split(":")[0].removeprefix("line ")) for one in world.problems]


@pytest.mark.parametrize("ending", [".csv", ".csv.gz"])
@pytest.mark.parametrize("name", TEXTS)
def test_an_odd_csv_is_read_as_every_command_reads_it(tmp_path, name, ending):
    path = tmp_path / f"odd{ending}"
    path.write_bytes(gzip.compress(TEXTS[name]) if ending == ".csv.gz" else TEXTS[name])
    assert read_as_world(path) == read_as_table(path)


@pytest.mark.parametrize("name", FRAMES)
def test_an_odd_parquet_is_read_as_every_command_reads_it(tmp_path, name):
    path = tmp_path / "odd.parquet"
    pd.DataFrame(FRAMES[name]).to_parquet(path)
    assert read_as_world(path) == read_as_table(path)


@pytest.mark.parametrize("name", ["odd.csv.gz", "odd.parquet", "nowhere.csv"])
def test_what_is_no_table_is_refused_as_every_command_refuses_it(tmp_path, name):
    path = tmp_path / name
    if path.stem != "nowhere":
        path.write_bytes(b"not at all")
    assert read_as_world(path) == read_as_table(path) == REFUSED
