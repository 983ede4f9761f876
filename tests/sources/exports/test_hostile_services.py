"""Damaged and hostile files of any service: one sentence, nothing written, and memory that stays bounded."""

import json
import os
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, event, example, given, settings
from hypothesis import strategies as st

from matcher.errors import InputError
from matcher.ports import silent
from sources.exports.reader import is_export, read_export
from sources.exports.roles import KNOWN_COLUMNS
from tests.sources.exports.test_hostile import json_values, memory_mib, zipped
from tests.sources.exports.test_services import LIBRARY_XML, workbook
from wiring.jobs.tables import read_own_files, require_known

CORPUS = Path(__file__).parent / "corpus"
SEEDS = {path.name: path.read_bytes() for path in sorted(CORPUS.iterdir())}
ARCHIVES = [name for name in SEEDS if name.endswith((".xlsx", ".zip")) and not name.startswith("hostile")]
N_EXAMPLES = int(os.environ.get("EARSHOT_FUZZ_EXAMPLES", "150"))

LAUGHS = """<?xml version="1.0"?><!DOCTYPE plist [<!ENTITY a "haha">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">
<!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">]><plist><dict><key>Tracks</key><dict><key>1</key><dict>
<key>Name</key><string>&d;</string></dict></dict></dict></plist>"""
OUTSIDE = """<?xml version="1.0"?><!DOCTYPE playlist [<!ENTITY a SYSTEM "file:///etc/passwd">]>
<playlist xmlns="http://xspf.org/ns/0/"><trackList><track><title>&a;</title><creator>Low</creator></track>
</trackList></playlist>"""
PARAMETER = (
    """<?xml version="1.0"?><!DOCTYPE plist [<!ENTITY % a SYSTEM "http://192.0.2.7/x.dtd"> %a;]><plist/>"""
)
LONG = "x" * 10_000_000
PLAYS = "uts,artist,track\n1577958007,Low,Words\n"
SHEETS = {"10_listeningHistory": [["Song Title", "Artist", "Date"], ["Words", "Low", "2020-01-03 10:00:07"]]}


def deezer(change):
    """A workbook whose files by name were changed."""
    path = Path("/dev/shm") if Path("/dev/shm").is_dir() else CORPUS
    made = path / f"earshot-{os.getpid()}.xlsx"
    try:
        with zipfile.ZipFile(workbook(made, SHEETS)) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
    finally:
        made.unlink(missing_ok=True)
    return zipped(*change(files).items())


def with_sheet(old, new):
    sheet = "xl/worksheets/sheet1.xml"
    return deezer(lambda files: {**files, sheet: files[sheet].replace(old, new)})


HOSTILE = {
    "entities that grow": (LAUGHS, "declares entities"),
    "an entity from a file": (OUTSIDE, "declares entities"),
    "an entity from an address": (PARAMETER, "declares entities"),
    "XML 100,000 deep": ("<plist>" + "<dict>" * 100_000, "nested too deep"),
    "a playlist 100,000 deep": ("<playlist>" + "<a>" * 100_000, "nested too deep"),
    "XML with a title of 10 MB": (LIBRARY_XML.replace("Lions", LONG), "longer than any name"),
    "XML that ends early": (LIBRARY_XML[:900], "damaged, or no XML"),
    "XML of another encoding": (LIBRARY_XML.replace("Lions", "Löwen").encode("cp1252"), "damaged, or no XML"),
    "XML that is none": ("<playlist><a></b></playlist>", "damaged, or no XML"),
    "a track of many fields": (
        "<playlist><trackList><track>"
        + "".join(f"<a{n}/>" for n in range(99))
        + "</track></trackList></playlist>",
        "more fields than any",
    ),
    "a table with a title of 10 MB": (PLAYS + f"1577958008,Low,{LONG}\n", "longer than any row"),
    "a table whose header is 10 MB": (f"uts,artist,track,{LONG}\n", "longer than any row"),
    "a table of no times": (PLAYS.replace("1577958007", "yesterday"), "1 of 1 rows are malformed"),
    "a table of NaN": ("artist,track,play_count\nLow,Words,nan\n", "1 of 1 rows are malformed"),
    "a table of infinity": ("artist,track,play_count\nLow,Words,inf\n", "1 of 1 rows are malformed"),
    "a table of 1e999": ("artist,track,play_count\nLow,Words,1e999\n", "1 of 1 rows are malformed"),
    "a table of too many plays": ("artist,track,play_count\nLow,Words,1e6\n", "1 of 1 rows are malformed"),
    "a table of lengths that are none": (
        "uts,artist,track,ms_played\n1577958007,Low,Words,nan\n",
        "1 of 1 rows are malformed",
    ),
    "a table with a comma too many": (
        "uts,artist,track\n1577958007,Low,Words,x\n",
        "1 of 1 rows are malformed",
    ),
    "a table of nobody": ("uts,artist,track\n1577958007,,\n", "no music"),
    "a table of binary": (PLAYS.encode() + b"\0\1\2" * 900, "cannot be read"),
    "JSON of NaN": ('[{"artist": "Low", "track": "Words", "uts": NaN}]', "NaN is no JSON"),
    "JSON 100,000 deep": ('[{"artist": "Low", "track": "Words", "uts": ' + "[" * 100_000, "nested too deep"),
    "JSON with a title of 10 MB": (
        json.dumps([{"artist": "Low", "track": LONG, "uts": 1}]),
        "longer than any",
    ),
    "JSON of lists of lists": ("[" + "[" * 900 + "]" * 901, "no music|malformed"),
    "a log of no times": ("#AUDIOSCROBBLER/1.1\nLow\tA\tWords\t1\t2\tL\tx\t\n", "1 of 1 rows are malformed"),
    "a log with a line of 10 MB": (f"#AUDIOSCROBBLER/1.1\nLow\tA\t{LONG}\n", "longer than any row"),
    "a list with a line of 10 MB": (f"#EXTM3U\n#EXTINF:1,Low - {LONG}\nx.mp3\n", "longer than any row"),
    "a workbook without sheets": (
        deezer(lambda files: {"xl/workbook.xml": files["xl/workbook.xml"]}),
        "it has no xl/_rels",
    ),
    "a workbook of wrong numbers": (with_sheet(b"<v>0</v>", b"<v>77</v>"), "text that is not there"),
    "a workbook of negative numbers": (with_sheet(b"<v>0</v>", b"<v>-1</v>"), "text that is not there"),
    "a workbook of numbers that are none": (with_sheet(b"<v>0</v>", b"<v>x</v>"), "cannot be read"),
    "a workbook with entities": (
        with_sheet(b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet'),
        "entities",
    ),
    "a row of a thousand cells": (
        with_sheet(b"</row>", b"<c/>" * 1_000 + b"</row>"),
        "more than 200 columns",
    ),
    "a workbook that is a bomb": (
        deezer(lambda files: {**files, "xl/sharedStrings.xml": b"<sst>" + b" " * (65 << 20)}),
        "more than 64 MiB unpacked",
    ),
    "a bomb of XML in an archive": (zipped(("a.xml", b"<plist>" + b" " * (65 << 20))), "more than 64 MiB"),
    "an image called as a table": (zipped(("a.csv", b"\x89PNG\r\n\x1a\n" + b"\0" * 64)), "cannot be read"),
    "an archive within one": (zipped(("a.xlsx", zipped(("x", "y")))), "no JSON about music"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_in_one_sentence(tmp_path, name):
    content, why = HOSTILE[name]
    path = tmp_path / "my files.zip"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    is_export(path)
    with pytest.raises(InputError, match=why) as refused:
        read_export([path])
    assert str(refused.value).startswith("my files.zip")
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 700
    assert [one.name for one in tmp_path.iterdir()] == [path.name]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["entities that grow", "XML 100,000 deep", "a bomb of XML in an archive"])
def test_a_hostile_file_takes_little_memory(tmp_path, name):
    content, _ = HOSTILE[name]
    path = tmp_path / "x.zip"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    assert memory_mib(path) < 100


ENDLESS = {
    "texts in XML": (b"<playlist><title>", b"x" * (1 << 20), 200),
    "tags in XML": (b"<playlist><trackList>", b"<track><title>x</title></track>" * 30_000, 100),
    "spaces in XML": (b"<plist>", b" " * (1 << 20), 200),
    "a line of a table": (b"uts,artist,track\n1577958007,Low,", b"x" * (1 << 20), 200),
    "quotes of a table": (b"uts,artist,track\n", b'"x\n' * 300_000, 30),
    "a line of a list": (b"#EXTM3U\n#EXTINF:1,", b"x" * (1 << 20), 200),
    "headers of a list": (b"#EXTM3U\n", b"#EXTINF:1,Low - Words\n" * 40_000, 100),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", ENDLESS)
def test_a_file_without_end_is_never_whole_in_memory(tmp_path, name):
    start, piece, n_pieces = ENDLESS[name]
    path = tmp_path / "x.dat"
    with path.open("wb") as file:
        file.write(start)
        for _ in range(n_pieces):
            file.write(piece)
    assert memory_mib(path) < 100


def reads_or_refuses(path):
    is_export(path)
    comes_in_or_is_refused(path)
    try:
        found = read_export([path]).listening.hearings
    except InputError as error:
        said = str(error)
    else:
        said = ""
        assert found
        assert all(0 < one.plays < 1e9 for one in found)
    assert "\n" not in said
    assert len(said) < 900
    return "refused" if said else "read"


def comes_in_or_is_refused(path):
    """By the road of an upload, which tables of a listener's own and ListenBrainz' export go as well."""
    try:
        require_known([path])
        said = "" if read_own_files([path], silent).hearings else "nothing, and no reason"
    except InputError as error:
        said = str(error)
    assert said != "nothing, and no reason"
    assert "\n" not in said
    assert len(said) < 900


@pytest.mark.parametrize("name", SEEDS)
def test_every_file_of_the_corpus_is_read_or_refused(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(SEEDS[name])
    reads_or_refuses(path)


WITH_A_FOLDER = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
    max_examples=N_EXAMPLES,
    print_blob=True,
)
TOKENS = [
    b'"',
    b"'",
    b",",
    b";",
    b"\t",
    b"\n",
    b"\r",
    b"{",
    b"[",
    b"]",
    b"}",
    b":",
    b"\0",
    b"\xff",
    b"&",
    b"&lt;",
]
TOKENS += [
    b"<",
    b"</dict>",
    b"<dict>",
    b"<array>",
    b"<![CDATA[",
    b"<key>Tracks</key>",
    b"NaN",
    b"1e999",
    b"-1",
    b"\\",
]
TOKENS += [
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"#",
    b"9" * 400,
    b"null",
    b"true",
    b"0",
    b"PK\x03\x04",
    b" - ",
    b"=",
    b"%",
]
changes = st.lists(
    st.tuples(
        st.sampled_from(["insert", "cut", "double", "set"]),
        st.floats(0, 1),
        st.integers(0, 60),
        st.sampled_from(TOKENS) | st.binary(max_size=4),
    ),
    min_size=1,
    max_size=8,
)


def changed(content, its_changes):
    for kind, share, n_bytes, token in its_changes:
        place = int(share * len(content))
        end = place + n_bytes
        if kind == "insert":
            content = content[:place] + token + content[place:]
        elif kind == "cut":
            content = content[:place] + content[end:]
        elif kind == "double":
            content = content[:end] + content[place:]
        else:
            content = content[:place] + token + content[place + len(token) :]
    return content


@pytest.mark.fuzz
@WITH_A_FOLDER
@given(name=st.sampled_from(sorted(SEEDS)), its_changes=changes)
def test_a_damaged_file_of_any_service_is_read_or_refused(tmp_path, name, its_changes):
    path = tmp_path / "x.dat"
    path.write_bytes(changed(SEEDS[name], its_changes))
    event(reads_or_refuses(path))


@pytest.mark.fuzz
@WITH_A_FOLDER
@given(name=st.sampled_from(ARCHIVES), data=st.data())
def test_an_archive_of_damaged_files_is_read_or_refused(tmp_path, name, data):
    with zipfile.ZipFile(CORPUS / name) as archive:
        files = {one: archive.read(one) for one in archive.namelist()}
    damaged = data.draw(st.sampled_from(sorted(files)))
    files[damaged] = changed(files[damaged], data.draw(changes))
    path = tmp_path / "x.dat"
    path.write_bytes(zipped(*files.items()))
    event(reads_or_refuses(path))


columns = st.sampled_from(sorted(KNOWN_COLUMNS)) | st.sampled_from(
    ["header", "subtitles", "time", "@attr", "score"]
)
rows = st.dictionaries(
    columns, json_values | st.sampled_from(["2020-01-03", "1577958007", 1577958007]), max_size=8
)


@pytest.mark.fuzz
@WITH_A_FOLDER
@given(content=st.lists(rows, max_size=6) | st.dictionaries(columns, st.lists(rows, max_size=3), max_size=3))
@example(content=[{"artist": "Low", "track": "Words", "date": {"uts": None}}])
def test_json_of_any_fields_is_read_or_refused(tmp_path, content):
    path = tmp_path / "x.dat"
    path.write_text(json.dumps(content))
    event(reads_or_refuses(path))


cells = st.text(max_size=9) | st.sampled_from(
    ["2020-01-03", "1577958007", "Low", "1e309", "nan", "Low - Words"]
)


@pytest.mark.fuzz
@WITH_A_FOLDER
@given(names=st.lists(columns, min_size=1, max_size=6), data=st.data())
def test_tables_of_any_columns_are_read_or_refused(tmp_path, names, data):
    delimiter = data.draw(st.sampled_from(",;\t|"))
    lines = [names, *data.draw(st.lists(st.lists(cells, max_size=7), max_size=5))]
    path = tmp_path / "x.dat"
    path.write_bytes("\n".join(map(delimiter.join, lines)).encode("utf-8", "surrogatepass"))
    event(reads_or_refuses(path))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("e.csv", ""),
        ("x.csv", "one\ntwo\n"),
        ("app.log", "Started"),
        ("x.m3u", ""),
        ("b.json", ""),
        ("b.json", "5"),
    ],
)
def test_a_file_that_is_nothing_does_not_cost_an_archive(tmp_path, name, content):
    path = tmp_path / "all.zip"
    path.write_bytes(zipped(("plays.csv", PLAYS), (name, content)))
    (one,) = read_export([path]).listening.hearings
    assert one.artist_name == "Low"


@pytest.mark.parametrize("time", ["inf", "-inf", "nan", "1e999"])
def test_a_time_that_is_none_costs_its_row_only(tmp_path, time):
    path = tmp_path / "plays.csv"
    path.write_text("played_at,artist,track\n" + "2020-01-03 10:00:07,Low,Words\n" * 3 + f"{time},Low,Will\n")
    assert {one.track_name for one in read_export([path]).listening.hearings} == {"Words"}


def test_a_file_that_is_not_opened_for_its_name_is_told_so(tmp_path):
    path = tmp_path / "user_history.csv"
    path.write_text(PLAYS)
    with pytest.raises(InputError, match="by its name it is about a person, so it was not opened"):
        read_export([path])
