"""Tables as they are in the wild, each written here by hand."""

import gzip
import zipfile
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.domain.canonical_keys import keys_of
from matcher.errors import InputError
from sources.attributes import read_attributes, read_tags_table
from sources.dates import Dates
from sources.table import read_listening
from wiring.jobs.tables import problems

HEAD = "listener_id,artist_name,track_name,plays\n"
ROWS = "mara,Ödlands Kör,Vår & höst,3\npelle,Moss Choir,Song 2,1\n"
EXPECTED = [("mara", "Ödlands Kör", "Vår & höst", 3.0), ("pelle", "Moss Choir", "Song 2", 1.0)]


def facts(table):
    return [
        (one.listener_id, row.artist_name, row.track_name, row.plays)
        for one in table.listenings
        for row in one.hearings
    ]


def read(tmp_path, content, name="x.csv"):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_listening(path)


def lost(table):
    return [(row.line, row.reason) for row in table.problems.rows]


VARIANTS = {
    "semicolons": (HEAD + ROWS).replace(",", ";"),
    "tabs": (HEAD + ROWS).replace(",", "\t"),
    "bars": (HEAD + ROWS).replace(",", "|"),
    "told by Excel": "sep=;\n" + (HEAD + ROWS).replace(",", ";"),
    "spaces after commas": (HEAD + ROWS).replace(",", ", "),
    "capital header": HEAD.upper() + ROWS,
    "words as header": "Listener ID,Artist Name,Track-Name,Plays\n" + ROWS,
    "camels as header": "listenerId,artistName,trackName,plays\n" + ROWS,
    "Windows lines": (HEAD + ROWS).replace("\n", "\r\n"),
    "old Mac lines": (HEAD + ROWS).replace("\n", "\r"),
    "no last line end": (HEAD + ROWS).rstrip(),
    "quoted throughout": "\n".join(
        ",".join(f'"{cell}"' for cell in line.split(",")) for line in (HEAD + ROWS).splitlines()
    ),
    "with a byte order mark": ("\ufeff" + HEAD + ROWS).encode(),
    "UTF-16": (HEAD + ROWS).encode("utf-16"),
    "UTF-16 unmarked": (HEAD + ROWS).encode("utf-16-le"),
    "UTF-16 of the other end": (HEAD + ROWS).encode("utf-16-be"),
    "UTF-32": (HEAD + ROWS).encode("utf-32"),
    "cp1252": (HEAD + ROWS).encode("cp1252"),
    "a trailing comma in the header": "listener_id,artist_name,track_name,plays,\n" + ROWS,
    "an index column": ",listener_id,artist_name,track_name,plays\n0," + ROWS.replace("\npelle", "\n1,pelle"),
    "blank lines": "\n" + HEAD + "\n\n" + ROWS + ",,,\n",
    "other columns": "shoe,listener_id,artist_name,track_name,plays\n43,"
    + ROWS.replace("\npelle", "\n44,pelle"),
    "gzip by content": gzip.compress((HEAD + ROWS).encode()),
}


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("name", ["x.csv", "X.CSV", "x.tsv", "x"])
def test_a_table_is_read_however_it_is_written(tmp_path, variant, name):
    assert facts(read(tmp_path, VARIANTS[variant], name)) == EXPECTED


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Łąka Świerków,Żółte liście", "cp1250"),
        ("Лесной хор,Первая песня о зиме", "cp1251"),
        ("Лесной хор,Первая песня о зиме", "koi8_r"),
        ("森の合唱団,冬の最初の歌", "cp932"),
    ],
)
def test_other_code_pages_are_recognised(tmp_path, text, encoding):
    artist, track = text.split(",")
    content = (HEAD + f"mara,{text},1\n" * 30).encode(encoding)
    assert facts(read(tmp_path, content))[0] == ("mara", artist, track, 1.0)


def test_one_comma_too_many_in_the_first_row_costs_that_row_alone(tmp_path):
    table = read(tmp_path, HEAD + "mara,Rook,Song 1,2,\n" + ROWS)
    assert facts(table) == EXPECTED
    ((line, reason),) = lost(table)
    assert line == 2
    assert "more values than the header" in reason


@pytest.mark.parametrize(
    "row", ["mara,Rook, The Builder,Song 1,3", "mara,a,b,c,d,e,f", "mara,Moss Choir,Song 9,many"]
)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_malformed_row_costs_itself_and_is_named_by_its_line(tmp_path, row, place):
    lines = ROWS.splitlines()
    lines.insert(place, row)
    table = read(tmp_path, HEAD + "\n\n" + "\n".join(lines) + "\n\n")
    assert facts(table) == EXPECTED
    assert [line for line, _ in lost(table)] == [4 + place]


def test_lines_are_counted_through_values_of_several_lines(tmp_path):
    table = read(tmp_path, HEAD + 'mara,"Moss\nChoir",Song,1\n\nmara,Rook,Song,many\n')
    assert [row[1] for row in facts(table)] == ["Moss\nChoir"]
    assert [line for line, _ in lost(table)] == [5]


@pytest.mark.parametrize(
    ("row", "artist"),
    [
        ('mara,"Heroes,Song 1,2', "Heroes"),
        ('mara,Moss "Choir,Song 1,2', 'Moss "Choir'),
        ('mara,7" Single,Song 1,2', '7" Single'),
        ('mara,"Moss "The Rook" Choir",Song 1,2', 'Moss "The Rook" Choir'),
        ('mara,"Moss ""Rook"" Choir",Song 1,2', 'Moss "Rook" Choir'),
        ('mara,"Moss \\"Rook\\" Choir",Song 1,2', 'Moss "Rook" Choir'),
        ('mara, "Rook, The Builder",Song 1,2', "Rook, The Builder"),
    ],
)
@pytest.mark.parametrize("after", ["", 'pelle,"Moss Choir",Song 2,1\n', "pelle,Moss Choir,Song 2,1\n" * 100])
def test_a_stray_quote_swallows_no_row(tmp_path, row, artist, after):
    found = facts(read(tmp_path, HEAD + row + "\n" + after))
    assert found[0] == ("mara", artist, "Song 1", 2.0)
    assert len(found) == 1 + after.count("\n")


def test_damaged_bytes_cost_their_rows(tmp_path):
    content = (HEAD + ROWS * 5).encode() + b"mara,M\xf6ss,Song,1\n" + (ROWS * 5).encode()
    table = read(tmp_path, content)
    assert facts(table).count(EXPECTED[0]) == 10
    assert [line for line, _ in lost(table)] == [12]


def test_a_placeholder_alone_is_no_fact(tmp_path):
    table = read(
        tmp_path, HEAD + "mara,Various Artists,,1\nmara,Various Artists,Rain,1\nmara,Moss Choir,,1\n"
    )
    assert [line for line, _ in lost(table)] == [2]
    assert [keys_of(row) for row in table.listenings[0].hearings] == [("", "|rain"), ("moss choir", "")]


def test_a_table_of_which_most_rows_are_lost_is_refused_with_counts_and_reasons(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text(HEAD + ROWS + "mara,a,b,many\n" * 2 + "mara,,,1\n")
    with pytest.raises(
        InputError, match=r"x\.csv: 3 of 5 rows left out \(line 4 and 1 more: plays is not a n"
    ):
        problems(path, read_listening(path).problems)


def test_a_table_without_the_column_is_told_what_it_has(tmp_path):
    with pytest.raises(InputError, match=r"columns are who, Artist Name, n; a table .* needs listener_id"):
        read(tmp_path, "who,Artist Name,n\na,b,1\n")


@pytest.mark.parametrize("content", [b"\x89PNG\r\n\x1a\n\x00\x00", b"PK\x03\x04\x14\x00", b"\n\n", b"PAR1"])
def test_what_is_no_table_is_refused(tmp_path, content):
    with pytest.raises(InputError, match=r"x\.csv"):
        read(tmp_path, content)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (
            '[{"endTime": "2026-03-01 08:03", "artistName": "Moss Choir"}]',
            "JSON with the keys endTime, artistName;",
        ),
        ('\n{"a": {"b": 1}}', "JSON with the keys a, b;"),
        ("<?xml version='1.0'?><plist><dict></dict></plist>", "XML or HTML with the elements plist, dict;"),
        (b"%PDF-1.7", "a PDF;"),
        (b"\x89PNG\r\n", "an image;"),
        (gzip.compress(b"[{}]", mtime=0), r"JSON with the keys \(none\);"),
    ],
)
def test_another_file_is_told_what_it_is_and_what_would_do(tmp_path, content, kind):
    with pytest.raises(
        InputError, match=rf"^x\.csv is {kind} a table \(CSV or Parquet\) needs listener_id, and can"
    ):
        read(tmp_path, content)


def test_an_archive_is_told_apart_from_a_workbook(tmp_path):
    for name, kind in (
        ("xl/workbook.xml", "an Excel workbook; save it as CSV"),
        ("a.json", "a ZIP archive; unpack it"),
    ):
        with zipfile.ZipFile(tmp_path / "x.csv", "w") as archive:
            archive.writestr(name, "x")
        with pytest.raises(InputError, match=kind):
            read_listening(tmp_path / "x.csv")


# ---- Parquet ------------------------------------------------------------------------------------------


def parquet(tmp_path, **columns):
    pq.write_table(pa.table(columns), tmp_path / "X.PARQUET")
    return read_listening(tmp_path / "X.PARQUET")


def names(table, field="artist_name"):
    return [getattr(row, field) for one in table.listenings for row in one.hearings]


IDS, TRACKS = ["a", "a", "a"], ["1", "2", "3"]


@pytest.mark.parametrize(
    "column",
    [
        pa.array([["Moss Choir", "Volt"], [], None]),
        pa.array([["Moss Choir"], [], None], pa.large_list(pa.large_string())),
        pa.array([{"id": "7", "name": "Moss Choir"}, {"id": "8", "name": None}, None]),
        pa.array([[{"id": "7", "name": "Moss Choir"}], [], None]),
        pa.array(["Moss Choir", "", None]).dictionary_encode(),
        pa.array([b"Moss Choir", b"", None]),
        pa.array(["  Moss Choir ", " ", None], pa.large_string()),
    ],
)
def test_a_name_in_a_nested_column_is_read(tmp_path, column):
    assert names(parquet(tmp_path, listener_id=IDS, track_id=TRACKS, artist_name=column)) == [
        "Moss Choir",
        "",
        "",
    ]


@pytest.mark.parametrize(
    ("column", "ids"),
    [
        (pa.array([2**62 + 1, None, 7]), [str(2**62 + 1), "", "7"]),
        (pa.array([2**64 - 1, None, 7], pa.uint64()), [str(2**64 - 1), "", "7"]),
        (pa.array([1234.0, None, float("nan")]), ["1234", "", ""]),
        (pa.array([1e15, 7.0, 2.0**60]), [str(10**15), "7", str(2**60)]),
        (pa.array([Decimal("12345678901234567890"), None, Decimal(7)]), ["12345678901234567890", "", "7"]),
    ],
)
def test_ids_that_are_numbers_keep_every_digit(tmp_path, column, ids):
    table = parquet(tmp_path, Listener_ID=IDS, artist_name=["x"] * 3, track_id=column)
    assert names(table, "track_id") == ids


@pytest.mark.parametrize(
    "column",
    [
        pa.array([1773522420, None]),
        pa.array([1773522420.0, None]),
        pa.array([1773522420_000, None]),
        pa.array([datetime(2026, 3, 14, 21, 7, tzinfo=UTC), None]),
        pa.array([1773522420_000_000_000, None], pa.timestamp("ns")),
        pa.array([1773522420, None], pa.timestamp("s", "Europe/Stockholm")),
    ],
)
def test_times_of_any_column_type_are_the_same(tmp_path, column):
    table = parquet(tmp_path, listener_id=["a", "a"], artist_name=["x", "y"], played_at=column)
    assert names(table, "heard_at_utc") == [datetime(2026, 3, 14, 21, 7, tzinfo=UTC), None]


def test_a_struct_without_a_name_is_refused_in_one_sentence(tmp_path):
    with pytest.raises(InputError, match="artist_name holds values of x, y; write one text"):
        parquet(tmp_path, listener_id=["a"], artist_name=[{"x": 1, "y": 2}])


def test_an_index_that_pandas_wrote_is_a_column(tmp_path):
    import pandas as pd

    frame = pd.DataFrame({"listener_id": ["a"], "artist_name": ["Moss Choir"]}, index=pd.Index([7]))
    frame.set_index("listener_id").to_parquet(tmp_path / "x.parquet")
    assert facts(read_listening(tmp_path / "x.parquet")) == [("a", "Moss Choir", "", 1.0)]


# ---- times --------------------------------------------------------------------------------------------

SAME = datetime(2026, 3, 14, 21, 7, tzinfo=UTC)


WRITTEN = """1773522420;1773522420.0;1773522420000;1773522420000000;1773522420000000000;1.77352242e9
14 Mar 2026 21:07;14 Mar 2026, 21:07;14 March 2026 21:07;Mar 14, 2026 9:07 PM;2026-03-14 21:07
2026-03-14T21:07:00.000000000Z;20260314T210700Z;14/03/2026 21:07;14.03.2026 21:07;3/14/26 9:07 PM
03/14/2026 21:07;2026/03/14 21:07;2026-03-15T02:37:00+0530;2026-03-14T22:07:00+01:00;2026-03-14 21:07:00 UTC
2026-03-14 21:07:00 +0000;Sat, 14 Mar 2026 21:07:00 +0000;Sat, 14 Mar 2026 21:07:00 GMT"""


@pytest.mark.parametrize("zone", ["CET", "PST", "TRACK"])
@pytest.mark.parametrize("text", ["14 Mar 2026 21:07", "14/03/2026 21:07", "2026-03-14 21:07:00"])
def test_a_zone_s_name_is_passed_over_and_not_quoted_in_a_warning(text, zone, monkeypatch):
    monkeypatch.setattr("time.tzname", ("CET", "CEST"))  # a server's own zone makes no difference
    assert Dates().time_of(f"{text} {zone}") == SAME


NOT_SET = ["", "0", "1970-01-01T00:00:00Z", "01 Jan 1970, 00:00", "0001-01-01T00:00:00Z", "2126-01-01"]


@pytest.mark.parametrize("text", NOT_SET)
def test_a_clock_that_was_not_set_tells_no_time(text):
    assert Dates().time_of(text) is None


def test_midnight_and_leap_seconds_are_times():
    assert Dates().time_of("2026-03-14T24:00:00Z") == datetime(2026, 3, 15, tzinfo=UTC)
    assert Dates().time_of("2026-03-14T21:06:60Z") == datetime(2026, 3, 14, 21, 6, 59, tzinfo=UTC)


NO_TIME = """yesterday;2026-02-30;2026-02-30T00:00:00Z;31/02/2026;2026-13-01;9999-12-31T23:59:59-14:00;14
Mar 2026;21:07;nan;0001-01-01T00:00:00+01:00;99/99/9999;1e400;999999999999999999999;٣"""


@pytest.mark.parametrize("text", NO_TIME.replace("\n", ";").split(";"))
def test_what_is_no_time_is_refused_without_a_traceback(text):
    with pytest.raises(ValueError, match="played_at"):
        Dates().time_of(text)


def test_the_order_of_day_and_month_is_learned_from_the_table(tmp_path):
    days = ["04/03/2026", "05/03/2026", "13/03/2026"]
    for order, month in ((days, 3), ([f"{day[3:5]}/{day[:2]}{day[5:]}" for day in days], 3)):
        dates = Dates()
        dates.learn(order)
        assert dates.time_of(order[0]) == datetime(2026, month, 4, tzinfo=UTC)
    with pytest.raises(ValueError, match="day/month or month/day"):
        Dates().time_of("04/03/2026")


@given(st.text(), st.lists(st.text(), max_size=3))
def test_no_text_breaks_the_reader_of_times(text, others):
    dates = Dates()
    dates.learn([text, *others])
    with suppress(ValueError):  # any other error fails the test
        found = dates.time_of(text)
        assert found is None or found.utcoffset().total_seconds() == 0


# ---- tags and attributes ------------------------------------------------------------------------------


def test_a_tag_that_nobody_gave_and_a_malformed_one_leave_the_others(tmp_path):
    path = tmp_path / "tags.csv"
    path.write_text(
        "Artist Name;Tag;N\nMoss Choir;folk;100\nMoss Choir;seen live;0\nVolt;synth;many\nVolt;pop;2;\n"
    )
    table = read_tags_table(path)
    assert table.tags == {"moss choir": {"folk": 100.0}}
    assert [row.line for row in table.problems.rows] == [4, 5]


@pytest.mark.parametrize(
    ("key", "mode", "expected"),
    [
        ("C#", "Major", {"key": 1.0, "mode": 1.0}),
        ("Db", "minor", {"key": 1.0, "mode": 0.0}),
        ("C♯/D♭", "maj", {"key": 1.0, "mode": 1.0}),
        ("B", "MINOR", {"key": 11.0, "mode": 0.0}),
        ("Cb", "1", {"key": 11.0, "mode": 1.0}),
        ("f sharp minor", "0.0", {"key": 6.0, "mode": 0.0}),
        ("-", "", {}),
        ("-1", "1", {"key": -1.0, "mode": 1.0}),
    ],
)
def test_keys_and_modes_may_be_written_as_words(tmp_path, key, mode, expected):
    path = tmp_path / "x.csv"
    path.write_text(f"track_id,Energy,KEY,Mode,Tempo,loudness\nt1,0.5,{key},{mode},120 BPM,-5.2 dB\n")
    ((_, found),) = read_attributes(path).rows
    assert found.values == {"energy": 0.5, "tempo": 120.0, "loudness": -5.2, **expected}
