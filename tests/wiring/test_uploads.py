"""Uploads: streamed to disk, bounded, and deleted whatever happens."""

import os
import shutil
import subprocess
import sys

import pytest

from matcher.errors import FileTooLarge, NoFile, UploadBroken, UploadsFull
from wiring import uploads as module
from wiring.uploads import UploadForm, Uploads, length_of, safe_name

BOUNDARY = b"limit"
KIND = "multipart/form-data; boundary=limit"


def form_of(*files, end=True):
    """The body of a form; each file is a name and content."""
    parts = (
        b'--limit\r\nContent-Disposition: form-data; name="file"; filename="'
        + name.encode()
        + b'"\r\nContent-Type: application/zip\r\n\r\n'
        + content
        + b"\r\n"
        for name, content in files
    )
    return b"".join(parts) + (b"--limit--\r\n" if end else b"")


@pytest.fixture
def uploads(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "DISK_RESERVE", 0)
    made = Uploads(tmp_path / "uploads", 10_000, 2)
    yield made
    made.close()
    assert not made.folder.exists() or not list(made.folder.iterdir())


def taken(uploads, body, step=7):
    """An upload of a body that arrives in small pieces."""
    upload = uploads.begin(len(body))
    form = UploadForm(KIND, upload)
    for n in range(0, len(body), step):
        form.feed(body[n : n + step])
    form.finish()
    return upload


def test_files_arrive_as_they_were_sent(uploads):
    files = ("one.zip", bytes(range(256))), ("two.json", b"\r\n--limi\r\n--limit2"), ("one.zip", b"x")
    upload = taken(uploads, form_of(*files))
    assert [(one.name, one.read_bytes()) for one in upload.files] == list(files)


def test_files_are_their_owner_s_alone(uploads):
    assert taken(uploads, form_of(("a", b"x"))).folder.stat().st_mode & 0o077 == 0


def test_discarding_leaves_nothing_and_makes_room(uploads, tmp_path):
    one, _ = (taken(uploads, form_of(("a.zip", b"x"))) for _ in range(2))
    with pytest.raises(UploadsFull):
        uploads.begin(1)
    one.discard()
    one.discard()
    assert not one.folder.exists()
    uploads.begin(1).discard()


def test_without_a_file_there_is_nothing_to_take(uploads):
    text = b'--limit\r\nContent-Disposition: form-data; name="file"\r\n\r\nx\r\n--limit--\r\n'
    for body in (form_of(), form_of(("", b"")), form_of(("a.zip", b"")), text):
        with pytest.raises(NoFile):
            taken(uploads, body)
        uploads.close()


@pytest.mark.parametrize("kind", ["", "text/plain", "multipart/form-data", "multipart/form-data; boundary="])
def test_other_bodies_are_no_forms_with_files(uploads, kind):
    with pytest.raises(NoFile):
        UploadForm(kind, uploads.begin(1))


@pytest.mark.parametrize(
    "body",
    [
        form_of(("a.zip", b"x" * 99), end=False),
        b"--other\r\n\r\n",
        b"--limit\r\n" + b"X: y\r\n" * 500,
        b"--limit\r\nX" + b"y" * 9000,
        b"\x00" * 50,
    ],
)
def test_a_malformed_or_shortened_body_is_broken(uploads, body):
    with pytest.raises(UploadBroken):
        taken(uploads, body)


def test_what_claims_to_be_too_large_is_not_begun(uploads):
    with pytest.raises(FileTooLarge):
        uploads.begin(10_001)
    assert not uploads.folder.exists()


def test_what_turns_out_to_be_too_large_ends(uploads):
    upload = uploads.begin(None)
    form = UploadForm(KIND, upload)
    with pytest.raises(FileTooLarge):
        form.feed(form_of(("a.zip", b"x" * 10_001)))


def test_too_many_files_end(uploads, monkeypatch):
    monkeypatch.setattr(module, "MOST_FILES", 2)
    with pytest.raises(FileTooLarge):
        taken(uploads, form_of(*[("a.json", b"x")] * 3))


def test_the_disk_is_not_filled(uploads, monkeypatch):
    monkeypatch.setattr(module, "DISK_RESERVE", 1 << 60)
    with pytest.raises(UploadsFull):
        uploads.begin(1)
    assert not list(uploads.folder.iterdir())


def test_a_trickle_is_cut_off(uploads, monkeypatch):
    upload = uploads.begin(None)
    upload._begun_s -= 120
    with pytest.raises(UploadBroken):
        UploadForm(KIND, upload).feed(form_of(("a.zip", b"x" * 50)))


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("Streaming_History_Audio_2024_1.json", "Streaming_History_Audio_2024_1.json"),
        ("../../etc/passwd", "passwd"),
        ("C:\\music\\a.zip", "a.zip"),
        ("...", "file"),
        ("", "file"),
        (".lock", "lock"),
        ("a\x00\n\u202eb.zip", "a___b.zip"),
        ("x" * 500 + ".json", "x" * 75 + ".json"),
    ],
)
def test_names_are_kept_as_far_as_they_are_harmless(name, safe):
    assert safe_name(name) == safe


@pytest.mark.parametrize(
    ("claimed", "length"), [("12", 12), ("", None), ("-1", None), ("1e9", None), ("9" * 30, None)]
)
def test_a_length_is_believed_as_far_as_it_is_one(claimed, length):
    assert length_of({"content-length": claimed}) == length


def test_what_a_killed_process_left_is_deleted_at_the_next_start_and_nothing_else(uploads, tmp_path):
    kept = taken(uploads, form_of(("a.zip", b"x")))
    script = (
        "import os; from pathlib import Path; from wiring.uploads import Uploads\n"
        f"upload = Uploads(Path({str(uploads.folder)!r}), 10_000, 2).begin(1)\n"
        "upload.begin_file('left.zip'); upload.write(b'x'); upload.end_file(); os._exit(9)"
    )
    subprocess.run([sys.executable, "-c", script], check=False, timeout=60, env={**os.environ})
    assert len(list(uploads.folder.iterdir())) == 2
    clean = (
        "from pathlib import Path; from wiring.uploads import Uploads\n"
        f"Uploads(Path({str(uploads.folder)!r}), 1, 1).clean()"
    )
    subprocess.run([sys.executable, "-c", clean], check=True, timeout=60, env={**os.environ})
    assert list(uploads.folder.iterdir()) == [kept.folder]


def test_an_empty_file_before_another_does_not_count(uploads):
    upload = taken(uploads, form_of(("a.json", b""), ("b.json", b"x"), ("c.json", b""), ("d.json", b"y")))
    assert [one.name for one in upload.files] == ["b.json", "d.json"]


def test_what_is_no_file_counts_as_well(uploads):
    upload = uploads.begin(None)
    field = b'--limit\r\nContent-Disposition: form-data; name="x"\r\n\r\n'
    form = UploadForm(KIND, upload)
    form.feed(field)
    with pytest.raises(FileTooLarge):
        form.feed(b"y" * 10_000)


def test_uploads_together_leave_the_disk_its_reserve(uploads, monkeypatch):
    free = shutil._ntuple_diskusage(0, 0, 15_000)
    monkeypatch.setattr(module.shutil, "disk_usage", lambda _: free)
    uploads.begin(9_000)
    with pytest.raises(UploadsFull):
        uploads.begin(9_000)


def test_a_disk_that_fills_up_meanwhile_ends_an_upload(uploads, monkeypatch):
    monkeypatch.setattr(module, "_LOOK_BYTES", 100)
    upload = uploads.begin(5_000)
    form = UploadForm(KIND, upload)
    monkeypatch.setattr(module.shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(0, 0, 10))
    with pytest.raises(UploadsFull):
        form.feed(form_of(("a.zip", b"x" * 200)))


def test_a_full_disk_is_said_as_one(uploads):
    class Full:
        def write(self, _):
            raise OSError(28, "No space left on device")

        def close(self):
            pass

    upload = uploads.begin(10)
    upload._file = Full()
    with pytest.raises(UploadsFull):
        upload.write(b"x")
