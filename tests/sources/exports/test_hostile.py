"""Files that are damaged or meant to harm: one sentence, and memory that stays bounded."""

import io
import json
import stat
import struct
import subprocess
import sys
import zipfile

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from harness.stack import ROOT
from matcher.errors import InputError
from sources.exports import archive, plays
from sources.exports.reader import is_export, read_export

ROW = {
    "ts": "2020-01-03T10:00:07Z",
    "ms_played": 200_000,
    "master_metadata_track_name": "Words",
    "master_metadata_album_artist_name": "Low",
    "spotify_track_uri": None,
}
GOOD = json.dumps([ROW])


def zipped(*entries, method=zipfile.ZIP_DEFLATED):
    """Bytes of an archive of (name or ZipInfo, content)."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as made:
        for name, content in entries:
            made.writestr(name, content)
    return file.getvalue()


def link():
    entry = zipfile.ZipInfo("a.json")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    return entry


def encrypted():
    packed = bytearray(zipped(("a.json", GOOD)))
    for magic, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        packed[packed.index(magic) + place] |= 1
    return bytes(packed)


def of_wrong_checksum():
    packed = bytearray(zipped(("a.json", GOOD), method=zipfile.ZIP_STORED))
    packed[packed.index(b"Words")] ^= 1
    return bytes(packed)


def claiming(size):
    """An archive whose only file claims to be of this size."""
    packed = bytearray(zipped(("a.json", GOOD)))
    struct.pack_into("<I", packed, packed.index(b"PK\x01\x02") + 24, size)
    return bytes(packed)


def within(n_levels):
    packed = zipped(("a.json", GOOD))
    for _ in range(n_levels):
        packed = zipped(("a.zip", packed))
    return packed


def text_of(**more):
    return json.dumps([{**ROW, **more}])


PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64
CUT_OFF = "cannot be read: it is damaged, or was not downloaded to its end$"
HOSTILE = {
    "nothing": (b"", "no JSON|ends too early"),
    "an archive of nothing": (zipped(), "no JSON about music"),
    "a bomb by ratio": (zipped(("a.json", b" " * (65 << 20))), "more than 64 MiB unpacked"),
    "a bomb by claim": (claiming(0xFFFFFFF0), "more than 64 MiB unpacked"),
    "a file that claims less than it is": (claiming(10), "cannot be read"),
    "a bomb by count": (zipped(*((f"{n}.json", GOOD) for n in range(1_001))), "more than 1,000 files"),
    "a bomb by nesting": (within(3), "no JSON about music"),
    "a path out of its folder": (zipped(("../../a.json", GOOD)), "outside"),
    "a path out of its folder, as Windows writes it": (zipped(("x\\..\\..\\a.json", GOOD)), "outside"),
    "an absolute path": (zipped(("/etc/a.json", GOOD)), "outside"),
    "a drive": (zipped(("C:\\a.json", GOOD)), "outside"),
    "a file without a name": (zipped(("a.json", GOOD)).replace(b"a.json", b"\0.json"), "has no name"),
    "a link": (zipped((link(), "/etc/passwd")), "link"),
    "an encrypted file": (encrypted(), "encrypted"),
    "a method that takes memory": (zipped(("a.json", GOOD), method=zipfile.ZIP_LZMA), "packed in a way"),
    "a truncated archive": (zipped(("a.json", GOOD))[:-30], CUT_OFF),
    "half an archive": (zipped(("a.json", GOOD))[:60], CUT_OFF),
    "a wrong checksum": (of_wrong_checksum(), CUT_OFF),
    "an image": (PNG, "cannot be read"),
    "an image with an archive behind it": (PNG + zipped(("a.json", GOOD)), "cannot be read"),
    "an image in an archive": (zipped(("a.json", PNG)), "a.json cannot be read"),
    "arrays 100,000 deep": (b"[" * 100_000, "nested too deep"),
    "whole arrays 100,000 deep": (b"[" * 100_000 + b"]" * 100_000, "nested too deep"),
    "objects 100,000 deep": (b'[{"a":' * 100_000, "nested too deep"),
    "depth in an archive": (zipped(("a.json", b"[" * 100_000)), "nested too deep"),
    "depth after many rows": (GOOD[:-1] + ("," + json.dumps(ROW)) * 30 + "," + "[" * 100_000, "too deep"),
    "NaN": ('[{"ts": "2020-01-03T10:00:07Z", "ms_played": NaN}]', "NaN is no JSON"),
    "infinity": ('[{"ts": "2020-01-03T10:00:07Z", "ms_played": -Infinity}]', "-Infinity is no JSON"),
    "a number beyond floats": (GOOD.replace("200000", "1e999"), "1 of 1 rows are malformed"),
    "a number of 10,000 digits": (GOOD.replace("200000", "9" * 10_000), "a number in it has too many"),
    "numbers as texts": (text_of(ms_played="200000"), "1 of 1 rows are malformed"),
    "negative numbers": (text_of(ms_played=-1), "1 of 1 rows are malformed"),
    "a time that is none": (text_of(ts="2020-02-30T10:00:07Z"), "1 of 1 rows are malformed"),
    "a time before Spotify": (text_of(ts="1970-01-01T00:00:00Z"), "1 of 1 rows are malformed"),
    "texts of lists": (text_of(master_metadata_track_name=["Words"]), "no music"),
    "a title of 10 MB": (text_of(master_metadata_track_name="x" * 10_000_000), "longer than any playlist"),
    "another encoding": ('[{"ts": "é"}]'.encode("cp1252"), "not UTF-8"),
    "half a character": ('[{"ts": "é"'.encode()[:-2], "not UTF-8|cannot be read"),
    "half a file": (GOOD[:-20], "cannot be read: (it is damaged, or no JSON|it ends too early)$"),
    "rows without an end": (GOOD[:-1], "ends too early"),
    "something behind the end": (GOOD + GOOD, "follows its end"),
    "two rows without a comma": (GOOD[:-1] + GOOD[1:], "where it should be"),
    "a key that is a number": ("{1: []}", "no text"),
    "an object without an end": ('{"playlists": [', "cannot be read"),
    "a playlist of nothing": ('{"playlists": [{"name": "Dawn", "items": 7}]}', "1 of 1 rows"),
    "a number": ("7", "where it should be"),
    "an empty array": ("[]", "no music"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_in_one_sentence(tmp_path, name):
    content, why = HOSTILE[name]
    path = tmp_path / "my_spotify_data.zip"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(InputError, match=why) as refused:
        read_export([path])
    assert str(refused.value).startswith("my_spotify_data.zip")
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 500
    assert [one.name for one in tmp_path.iterdir()] == [path.name]


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(InputError, match="no file"):
        read_export([tmp_path / "x.zip"])
    assert not is_export(tmp_path / "x.zip")


def test_a_list_of_files_that_would_take_the_memory_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "_MOST_DIRECTORY_BYTES", 1 << 16)
    path = tmp_path / "x.zip"
    path.write_bytes(zipped(*((f"{n:0100}.json", "") for n in range(900))))
    with pytest.raises(InputError, match="list of files is too long"):
        read_export([path])


def test_a_day_of_more_plays_than_it_has_time_for_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(plays, "MOST_A_DAY", 10)
    path = tmp_path / "x.json"
    path.write_text(json.dumps([{**ROW, "ts": f"2020-01-03T10:00:{n:02}Z"} for n in range(11)]))
    with pytest.raises(InputError, match="not one listener's history"):
        read_export([path])


MEMORY = """
import resource, sys
from pathlib import Path
from sources.exports.reader import read_export
from matcher.errors import InputError
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    read_export([Path(sys.argv[1])])
except InputError as error:
    print(error)
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


def memory_mib(path):
    done = subprocess.run(
        [sys.executable, "-c", MEMORY, str(path)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return int(done.stdout.strip().splitlines()[-1])


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["a bomb by ratio", "a bomb by count", "whole arrays 100,000 deep", "a title of 10 MB"]
)
def test_a_hostile_file_takes_little_memory(tmp_path, name):
    content, _ = HOSTILE[name]
    path = tmp_path / "x.zip"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    assert memory_mib(path) < 150


@pytest.mark.slow
def test_a_long_history_is_never_whole_in_memory(tmp_path):
    path, row = tmp_path / "x.zip", {**ROW, "ip_addr_decrypted": "192.0.2.7" * 60}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made, made.open("a.json", "w") as file:
        file.write(b"[")
        for n in range(70_000):
            when = f"20{10 + n // 7_000}-0{1 + n // 1_000 % 7}-{1 + n // 50 % 20:02}"
            text = json.dumps({**row, "ts": f"{when}T10:{n % 50:02}:{n * 7 % 60:02}Z", "x": f"{n:0300}"})
            file.write(text.encode() + (b"," if n < 69_999 else b"]"))
    assert path.stat().st_size > 500_000
    assert memory_mib(path) < 40  # of 80 MB


KNOWN = [*ROW, "endTime", "msPlayed", "artistName", "trackName", "playlists", "items", "track", "tracks"]
KNOWN += ["albums", "artists", "bannedTracks", "bannedArtists", "userIsFollowing", "artist", "name", "uri"]
names = st.sampled_from(KNOWN) | st.text(max_size=8)
json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=6),
    max_leaves=25,
)


rows = st.fixed_dictionaries(
    {},
    optional={
        "ts": st.sampled_from(["2020-01-03T10:00:07Z", "2020-13-03T10:00:07Z"]) | json_values,
        "ms_played": st.integers(-5, 400_000) | json_values,
        "master_metadata_track_name": st.text(max_size=9) | json_values,
        "master_metadata_album_artist_name": st.text(max_size=9) | json_values,
        "spotify_track_uri": st.just("spotify:track:0aAaAaAaAaAaAaAaAaAaAa") | json_values,
        "skipped": json_values,
    },
)
lists = st.dictionaries(names, st.lists(json_values, max_size=4), max_size=5)
WITH_A_FOLDER = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def reads_or_refuses(path):
    is_export(path)
    try:
        found = read_export([path]).listening
    except InputError as error:
        said = str(error)
        event("refused")
    else:
        said = ""
        event("read")
        assert found.hearings
    assert "\n" not in said


@pytest.mark.fuzz
@WITH_A_FOLDER
@given(content=st.lists(rows, max_size=6) | lists | json_values)
def test_any_json_is_read_or_refused(tmp_path, content):
    path = tmp_path / "x.json"
    path.write_text(json.dumps(content))
    reads_or_refuses(path)
    path.write_bytes(zipped(("a.json", json.dumps(content))))
    reads_or_refuses(path)


@pytest.mark.fuzz
@WITH_A_FOLDER
@given(
    content=st.binary(max_size=200),
    start=st.sampled_from([b"", b"[", b'[{"ts":', b"PK\x03\x04", b"\xff\xfe["]),
)
def test_any_bytes_are_read_or_refused(tmp_path, content, start):
    path = tmp_path / "x.json"
    path.write_bytes(start + content)
    reads_or_refuses(path)


@pytest.mark.fuzz
@WITH_A_FOLDER
@given(data=st.data())
def test_a_damaged_archive_is_read_or_refused(tmp_path, data):
    packed = bytearray(zipped(("x/a.json", GOOD), ("x/b.json", GOOD)))
    for _ in range(data.draw(st.integers(1, 6))):
        packed[data.draw(st.integers(0, len(packed) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path / "x.zip"
    path.write_bytes(packed)
    reads_or_refuses(path)
