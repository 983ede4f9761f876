"""ListenBrainz' export comes out as exactly the listening it tells of."""

import json
import zipfile
from collections import Counter
from datetime import UTC, datetime

import pytest

from matcher.domain.canonical_keys import keys_of
from matcher.domain.listening import Hearing, Part, PartStatus, Source
from matcher.errors import InputError
from sources.scrobbles import files
from sources.scrobbles.files import is_listenbrainz_export, read_listens

WORDS, SUNFLOWER = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"
JAN = datetime(2024, 1, 1, tzinfo=UTC)
FEB = datetime(2024, 2, 1, tzinfo=UTC)


def at(text):
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def listen(time, artist="Low", title="Words", msid="msid-words", mbid=WORDS, **metadata):
    """A line of `listens/YEAR/MONTH.jsonl`."""
    mapped = mbid and {
        "recording_mbid": mbid,
        "recording_name": title,
        "artists": [{"artist_credit_name": "Low"}],
    }
    return {
        "listened_at": at(time),
        "inserted_at": at(time) + 7.25,
        "track_metadata": {
            "artist_name": artist,
            "track_name": title,
            "release_name": "An album",
            "recording_msid": msid,
            "additional_info": {"submission_client": "secret-client", "origin_url": "secret-url"},
            "mbid_mapping": mapped or None,
            **metadata,
        },
    }


def nights(n_nights):
    """Listens of one artist from 10 p.m. on, one every five minutes for seven hours."""
    whole = [(day, minutes) for day in range(1, 1 + n_nights) for minutes in range(0, 421, 5)]
    times = [
        f"2024-01-{day + (22 * 60 + minutes) // 1440:02}T{(22 + minutes // 60) % 24:02}:{minutes % 60:02}"
        for day, minutes in whole
    ]
    return [listen(f"{time}:00", "Calm Air", f"Air {n % 20}", mbid=None) for n, time in enumerate(times)]


def lines(*rows):
    return "".join(json.dumps(row) + "\n" for row in rows)


def export(path, months, **more):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("user.json", json.dumps({"user_id": 7, "username": "secret-user"}))
        for month, rows in months.items():
            archive.writestr(f"listens/{month}.jsonl", lines(*rows))
        for name, text in more.items():
            archive.writestr(f"{name}.jsonl", text)
    return path


@pytest.fixture
def archive(tmp_path):
    months = {
        "2024/1": [
            listen("2024-01-03T10:00:00"),
            listen("2024-01-03T10:00:00"),
            listen("2024-01-09T23:59:59", "LOW", "Words (Remastered 2019)", "msid-again", ""),
            listen("2024-01-10T00:00:00", "Can", "Vitamin C", "msid-can", ""),
        ],
        "2024/2": [
            listen("2024-02-01T00:00:00", "Low feat. Can", "Sunflower", "msid-sunflower", SUNFLOWER),
            listen("2024-02-02T00:00:00", "Nickel Choir", "Never Again", "msid-hated", ""),
            {"listened_at": at("2024-02-03T00:00:00"), "track_metadata": {"artist_name": "Low"}},
            {"hello": "world"},
        ],
    }
    marks = lines(
        {"recording_msid": "msid-can", "recording_mbid": None, "score": 1, "created": 1_700_000_000},
        {"recording_msid": None, "recording_mbid": SUNFLOWER, "score": 1, "created": 1_700_000_000},
        {"recording_msid": "msid-hated", "recording_mbid": None, "score": -1, "created": 1_700_000_000},
        {"recording_msid": "msid-nobody", "recording_mbid": None, "score": 1, "created": 1_700_000_000},
    )
    pinned = lines({"recording_msid": "msid-can", "blurb_content": "secret-words"})
    return export(
        tmp_path / "listenbrainz_me_1700000000.zip", months, feedback=marks, pinned_recording=pinned
    )


def test_an_export_is_exactly_its_listening(archive):
    found = read_listens([archive], "ann")
    assert found.listening.hearings == (
        Hearing(Part.PLAYS, "Low", "", "Words", WORDS, plays=1, heard_at_utc=JAN),
        Hearing(Part.PLAYS, "LOW", "", "Words (Remastered 2019)", plays=1, heard_at_utc=JAN),
        Hearing(Part.PLAYS, "Can", "", "Vitamin C", plays=1, heard_at_utc=JAN),
        # of two artists MusicBrainz says where the first one ends
        Hearing(Part.PLAYS, "Low", "", "Sunflower", SUNFLOWER, plays=1, heard_at_utc=FEB),
        Hearing(Part.SAVED, "Can", "", "Vitamin C", plays=2),
        Hearing(Part.SAVED, "Low", "", "Sunflower", SUNFLOWER, plays=2),
    )
    assert found.listening.source is Source.LISTENBRAINZ
    assert found.listening.parts == {Part.PLAYS: PartStatus.OK, Part.SAVED: PartStatus.OK}
    assert found.left_out == (
        "1 plays without artist or track left out",
        "1 malformed rows left out",
        "1 marks of tracks that are in no play left out",
        "1 tracks left out that are marked as hated",
    )
    artists, tracks = Counter(), Counter()
    for hearing in found.listening.hearings:
        artist, track = keys_of(hearing)
        artists[artist] += hearing.plays
        tracks[track] += hearing.plays
    assert artists == {"low": 5, "can": 3}
    assert tracks == {"low|words": 2, "can|vitamin c": 3, "low|sunflower": 3}


def test_nothing_of_the_person_is_read(archive):
    found = read_listens([archive], "ann")
    assert "secret" not in repr(found)


def test_it_is_known_by_its_content_and_its_id_by_the_files(archive, tmp_path):
    renamed = archive.rename(tmp_path / "data")
    assert is_listenbrainz_export(renamed)
    first, second = (read_listens([renamed]).listening.listener_id for _ in range(2))
    assert first == second != ""


def test_single_files_and_older_arrays_are_read_too(tmp_path):
    rows = [listen("2024-01-03T10:00:00"), listen("2024-02-03T10:00:00")]
    (tmp_path / "1.jsonl").write_text(lines(*rows))
    (tmp_path / "old.json").write_text(json.dumps(rows))
    by_lines, by_array = (
        read_listens([tmp_path / name], "ann").listening for name in ("1.jsonl", "old.json")
    )
    assert by_lines == by_array
    # and one play at one second counts once, whatever number of files hold it
    assert read_listens([tmp_path / "1.jsonl", tmp_path / "old.json"], "ann").listening == by_lines


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.jsonl", '{"track_metadata": {}}\n{broken\n{"a": 1}\n[]\n', "3 of 4 rows are malformed"),
        ("a.json", '[{"listened_at": ', "it is damaged, or no JSON"),
        ("a.json", "[" * 100_000, "nested too deep"),
        ("a.jsonl", '{"track_metadata": {}}\n' + "[" * 100_000 + "\n", "nested too deep"),
        ("a.json", "[]", "there are no listens"),
        ("a.json", '{"scrobbles": [{"artist": "Low", "track": "Words"}]}', "malformed"),
        ("a.csv", "", "ends too early"),
        ("a.csv", "one,two\nthree,four\n", "cannot be read"),
        ("a.zip", b"PK\x03\x04 and nothing", "cannot be read"),
    ],
)
def test_what_is_broken_is_one_sentence(tmp_path, name, content, told):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(InputError, match=told) as caught:
        read_listens([path])
    assert "\n" not in str(caught.value)
    assert not is_listenbrainz_export(path) or name == "a.jsonl"


def test_a_line_without_an_end_is_not_read_into_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "LONGEST_LINE", 1000)
    row = listen("2024-01-03T10:00:00", title="x" * 2000)
    (tmp_path / "a.jsonl").write_text(lines(listen("2024-01-03T10:00:00"), row))
    with pytest.raises(InputError, match="longer than any listen"):
        read_listens([tmp_path / "a.jsonl"])


@pytest.mark.parametrize(("n_nights", "unbroken"), [(2, {}), (3, {"calm air": 7})])
def test_nights_of_one_artist_are_noise_by_how_they_are_played(tmp_path, n_nights, unbroken):
    path = tmp_path / "listens.jsonl"
    path.write_text(lines(listen("2024-03-01T10:00:00"), *nights(n_nights)))
    assert read_listens([path]).listening.unbroken == unbroken
