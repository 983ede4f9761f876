"""ListenBrainz' public dumps, written by hand, come out as exactly the listeners they hold."""

import io
import json
import shutil
import tarfile
from collections import Counter
from datetime import UTC, datetime

import pyarrow as pa
import pytest

from matcher.domain.canonical_keys import keys_of
from matcher.domain.listening import Hearing, Part, Source
from matcher.errors import InputError
from sources.dumps import listenbrainz, sorting
from sources.dumps.archives import n_bytes
from sources.dumps.listenbrainz import listener_id_of, listenings, sort_listens
from sources.dumps.sorting import SortedPlays

ANN, BOB = listener_id_of("ann"), listener_id_of("Bob")


def at(text):
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def listen(user, time, artist, title, **info):
    return {
        "user_id": 7,
        "user_name": user,
        "timestamp": at(time),
        "track_metadata": {
            "artist_name": artist,
            "track_name": title,
            "release_name": "A",
            "additional_info": {"recording_msid": "…", "origin_url": "secret", **info},
        },
        "recording_msid": "…",
    }


JANUARY = [
    listen("ann", "2024-01-03T10:00:00", "Low", "Words"),
    listen("Bob", "2024-01-03T10:00:00", "Can", "Vitamin C"),
    listen("ANN", "2024-01-31T23:59:59", "Low", "Words"),
]
MARCH = [
    listen("ann", "2024-03-01T00:00:00", "Low", "Words"),
    listen("ann", "2024-03-02T00:00:00", "Low, Can", "Sunflower", artist_names=["Low", "Can"]),
    listen("Bob", "2024-03-02T00:00:00", "  Can ", "Vitamin C"),
]
BOTH = {"2024/1": JANUARY, "2024/3": MARCH}


def text_of(rows):
    return "".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows)


def dump(path, months, packed="zstd"):
    """A dump as ListenBrainz makes them."""
    root = "listenbrainz-listens-dump-2041-20240401-000003-full"
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w") as archive:
        files = {"SCHEMA_SEQUENCE": "9", "COPYING": "CC0"}
        files |= {f"listens/{month}.listens": text_of(rows) for month, rows in months.items()}
        for name, text in files.items():
            entry = tarfile.TarInfo(f"{root}/{name}")
            entry.size = len(text.encode())
            archive.addfile(entry, io.BytesIO(text.encode()))
    if packed:
        with pa.CompressedOutputStream(str(path), packed) as file:
            file.write(plain.getvalue())
    else:
        path.write_bytes(plain.getvalue())
    return path


def folder(path, months):
    for month, rows in months.items():
        file = path / "listens" / f"{month}.listens"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text_of(rows))
    return path


def read(paths, place, n_buckets=4):
    plays = SortedPlays(place, n_buckets)
    reading = sort_listens(paths, plays)
    found = {one.listener_id: one for bucket in plays.buckets() for one in listenings(bucket)}
    return reading, found


def tracks_of(listening):
    """Plays by canonical track key."""
    found = Counter()
    for hearing in listening.hearings:
        found[keys_of(hearing)[1]] += hearing.plays
    return found


def test_all_listeners_come_with_their_sums_and_without_their_names(tmp_path):
    reading, found = read([dump(tmp_path / "dump.tar.zst", BOTH)], tmp_path / "sorted")
    assert reading.n_rows == 6
    assert not any(reading.left_out.values())
    assert set(found) == {ANN, BOB}
    # two plays in January and one in March are in January in the mean
    january, march = datetime(2024, 1, 1, tzinfo=UTC), datetime(2024, 3, 1, tzinfo=UTC)
    assert set(found[ANN].hearings) == {
        Hearing(Part.PLAYS, "Low", "", "Words", plays=3, heard_at_utc=january),
        Hearing(Part.PLAYS, "Low", "", "Sunflower", plays=1, heard_at_utc=march),
    }
    assert found[BOB].source is Source.LISTENBRAINZ
    assert tracks_of(found[BOB]) == {"can|vitamin c": 2}
    written = b"".join(path.read_bytes() for path in (tmp_path / "sorted").iterdir())
    assert b"ann" not in written
    assert b"Bob" not in written


@pytest.mark.parametrize("kind", ["zstd", "gzip", "bz2", "", "folder", "file"])
def test_it_may_be_packed_in_any_way_or_lie_in_a_folder(tmp_path, kind):
    if kind == "folder":
        path = folder(tmp_path / "dump", BOTH)
    elif kind == "file":
        path = tmp_path / "3.listens"
        path.write_text(text_of(JANUARY + MARCH))
    else:
        path = dump(tmp_path / "dump", BOTH, kind)
    _, found = read([path], tmp_path / "sorted")
    assert {key: sum(one.plays for one in listener.hearings) for key, listener in found.items()} == {
        ANN: 4,
        BOB: 2,
    }


def test_a_later_dump_adds_to_an_earlier_one(tmp_path):
    # with files of one name, as incremental dumps have them
    first = folder(tmp_path / "full", {"2024/1": JANUARY})
    second = folder(tmp_path / "incremental", {"2024/1": MARCH})
    _, found = read([first, second], tmp_path / "sorted")
    assert {key: sum(one.plays for one in listener.hearings) for key, listener in found.items()} == {
        ANN: 4,
        BOB: 2,
    }


@pytest.mark.parametrize("block", [64, 700, 8 << 20])
def test_blocks_and_buckets_change_nothing(tmp_path, monkeypatch, block):
    monkeypatch.setattr(listenbrainz, "BLOCK_BYTES", block)
    monkeypatch.setattr(sorting, "MOST_ROWS", 2)
    path = dump(tmp_path / "dump.tar.zst", BOTH)
    _, one = read([path], tmp_path / "one", n_buckets=1)
    _, many = read([path], tmp_path / "many", n_buckets=100)
    assert {key: set(value.hearings) for key, value in one.items()} == {
        key: set(value.hearings) for key, value in many.items()
    }
    assert len(one) == 2


ODD = [
    "{broken",
    "",
    "[" * 100_000,
    json.dumps({"user_name": "ann"}),
    json.dumps(listen("", "2024-01-03T10:00:00", "Low", "Words")),
    json.dumps(listen("ann", "2024-01-03T10:00:00", "", "Words")),
    json.dumps(listen("ann", "2024-01-03T10:00:00", "Low", "Words") | {"timestamp": -5}),
    json.dumps(listen("ann", "2024-01-03T10:00:00", "Low", "Words") | {"timestamp": 1 << 50}),
]
FOREIGN = [
    listen("ann", "2024-01-03T10:00:00", "Low", "Words", artist_names="Low"),
    listen("ann", "2024-01-03T10:00:00", "Low", "Words") | {"timestamp": at("2024-01-05T00:00:00") + 0.5},
]


def test_rows_of_other_types_cost_themselves_and_not_their_block(tmp_path):
    path = folder(tmp_path / "dump", {"2024/1": [*JANUARY, *MARCH, *FOREIGN, *ODD]})
    reading, found = read([path], tmp_path / "sorted")
    assert tracks_of(found[ANN]) == {"low|words": 5, "low|sunflower": 1}
    assert reading.n_rows == len(JANUARY + MARCH + FOREIGN + ODD)
    assert reading.left_out == {
        listenbrainz.MALFORMED: 3,
        listenbrainz.INCOMPLETE: len(ODD) - 3,
    }


def test_a_line_without_an_end_is_passed_over(tmp_path, monkeypatch):
    monkeypatch.setattr(listenbrainz, "BLOCK_BYTES", 500)
    monkeypatch.setattr(listenbrainz, "LONGEST_LINE", 2000)
    path = folder(tmp_path / "dump", {"2024/1": [*JANUARY, "x" * 10_000, *MARCH]})
    reading, found = read([path], tmp_path / "sorted")
    assert (reading.n_rows, reading.left_out[listenbrainz.MALFORMED]) == (7, 1)
    assert tracks_of(found[ANN]) == {"low|words": 3, "low|sunflower": 1}


def test_what_was_sorted_is_not_read_again(tmp_path):
    path = folder(tmp_path / "dump", BOTH)
    plays = SortedPlays(tmp_path / "sorted", 4)
    looks = []

    def stop(n_rows, n_bytes):
        looks.append((n_rows, n_bytes))
        if len(looks) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sort_listens([path], plays, stop)
    assert [*plays.members] == ["0:listens/2024/1.listens"]
    looks.clear()
    again = SortedPlays(tmp_path / "sorted", 99)
    assert again.n_buckets == 4
    assert sort_listens([path], again, lambda *look: looks.append(look)).n_rows == 6
    assert looks == [(3, n_bytes([path]))]
    found = {one.listener_id: one for bucket in again.buckets() for one in listenings(bucket)}
    assert tracks_of(found[ANN]) == {"low|words": 3, "low|sunflower": 1}


def test_buckets_that_are_done_do_not_come_again(tmp_path):
    plays = SortedPlays(tmp_path / "sorted", 8)
    sort_listens([folder(tmp_path / "dump", BOTH)], plays)
    buckets = plays.buckets()
    first = next(bucket for bucket in buckets if bucket.num_rows)
    # not noted before the next one is taken
    assert any(bucket.equals(first) for bucket in SortedPlays(tmp_path / "sorted", 8).buckets(note=False))
    next(buckets)
    rest = list(SortedPlays(tmp_path / "sorted", 8).buckets())
    assert not any(bucket.equals(first) for bucket in rest)
    assert list(SortedPlays(tmp_path / "sorted", 8).buckets()) == []


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"no archive at all" * 100, "it is no tar archive"),
        (b"", "cannot be read"),
        (b"\x28\xb5\x2f\xfd" + b"\x00" * 100, "cannot be read"),
    ],
)
def test_what_is_no_dump_is_one_sentence(tmp_path, content, told):
    (tmp_path / "dump").write_bytes(content)
    with pytest.raises(InputError, match=told) as caught:
        read([tmp_path / "dump"], tmp_path / "sorted")
    assert "\n" not in str(caught.value)


def test_a_dump_that_was_not_downloaded_to_its_end_is_one_sentence(tmp_path):
    rows = [listen("ann", "2024-01-03T10:00:00", f"Low {n}", f"Words {n * n}") for n in range(5000)]
    path = dump(tmp_path / "dump.tar.zst", {"2024/1": rows})
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InputError, match="cannot be read"):
        read([path], tmp_path / "sorted")


def test_no_listens_or_mostly_broken_ones_are_one_sentence(tmp_path):
    with pytest.raises(InputError, match=r"holds no listens/YEAR/MONTH\.listens"):
        read([dump(tmp_path / "a", {})], tmp_path / "sorted")
    shutil.rmtree(tmp_path / "sorted")
    with pytest.raises(InputError, match="2 of 3 rows are malformed"):
        read([folder(tmp_path / "b", {"2024/1": ["x", "y", JANUARY[0]]})], tmp_path / "sorted")
