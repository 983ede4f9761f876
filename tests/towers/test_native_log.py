"""File descriptor 2 without the notices of native libraries."""

import os
import pty
import subprocess
import sys
import threading

import pytest

from towers.native_log import without_notices

LINES = {
    "a notice": (b"I0000 00:00:1.2 3 port.cc:153] oneDNN custom operations are on.\n", False),
    "that absl is not ready": (
        b"WARNING: All log messages before absl::InitializeLog() is called are written to STDERR\n",
        False,
    ),
    "LiteRT's delegate": (b"INFO: Created TensorFlow Lite XNNPACK delegate for CPU.\n", False),
    "no driver of a GPU": (
        b"E0000 00:00:1.2 3 cuda_platform.cc:52] failed call to cuInit: INTERNAL: CUDA error: "
        b"Failed call to cuInit: UNKNOWN ERROR (303)\n",
        False,
    ),
    "a driver that is broken": (
        b"E0000 00:00:1.2 3 cuda_platform.cc:52] failed call to cuInit: INTERNAL: CUDA error: "
        b"Failed call to cuInit: CUDA_ERROR_SYSTEM_DRIVER_MISMATCH (803)\n",
        True,
    ),
    "a warning": (b"W0000 00:00:1.2 3 allocator.cc:84] Allocation exceeds 10% of free memory.\n", True),
    "an error": (b"E0000 00:00:1.2 3 bfc.cc:1] out of memory\n", True),
    "the end of the process": (b"F0000 00:00:1.2 3 check.cc:1] Check failed\n", True),
    "words of ours": (b"INFO wiring.jobs.training: one epoch\n", True),
    "bytes that are no text": (b"\xff\xfe\n", True),
    "a line without an end": (b"Segmentation fault", True),
}


@pytest.mark.parametrize("name", LINES)
def test_notices_are_left_out_and_all_else_passes(name, capfdbinary):
    line, shown = LINES[name]
    with without_notices():
        os.write(2, line)
    assert capfdbinary.readouterr().err == (line if shown else b"")


def test_after_the_block_all_is_shown_again(capfdbinary):
    with without_notices():
        pass
    os.write(2, b"I0000 later\n")
    assert capfdbinary.readouterr().err == b"I0000 later\n"


def test_an_exception_passes_and_the_block_is_left(capfdbinary):
    with pytest.raises(KeyError), without_notices():
        raise KeyError("x")
    os.write(2, b"I0000 later\n")
    assert capfdbinary.readouterr().err == b"I0000 later\n"


def test_blocks_may_overlap_in_several_threads(capfdbinary):
    inside, leave = threading.Event(), threading.Event()

    def other():
        with without_notices():
            inside.set()
            leave.wait(30)
            os.write(2, b"I0000 of the other\nE0000 of the other\n")

    thread = threading.Thread(target=other)
    with without_notices():
        thread.start()
        inside.wait(30)
    leave.set()
    thread.join()
    os.write(2, b"I0000 later\n")
    assert capfdbinary.readouterr().err == b"E0000 of the other\nI0000 later\n"


def test_who_asks_for_every_line_gets_it(capfdbinary, monkeypatch):
    monkeypatch.setenv("TF_CPP_MIN_LOG_LEVEL", "0")
    with without_notices():
        os.write(2, b"I0000 a notice\n")
    assert capfdbinary.readouterr().err == b"I0000 a notice\n"


def run_on(stderr, code):
    code = "import os, sys\nfrom towers.native_log import without_notices\n" + code
    return subprocess.run([sys.executable, "-c", code], stderr=stderr, timeout=60, check=False)


def test_the_last_words_of_a_process_that_aborts_are_shown():
    code = "with without_notices():\n os.write(2, b'I0000 a notice\\nF0000 check failed\\n'); os.abort()"
    ended = run_on(subprocess.PIPE, code)
    assert ended.returncode != 0
    assert ended.stderr == b"F0000 check failed\n"


def test_progress_keeps_its_terminal():
    ours, theirs = pty.openpty()
    code = "with without_notices():\n print(sys.stderr.isatty(), file=sys.stderr); os.write(2, b'I0000 x\\n')"
    run_on(theirs, code)
    os.close(theirs)
    assert os.read(ours, 100) == b"True\r\n"
    os.close(ours)


def test_without_a_descriptor_there_is_nothing_to_filter_and_no_error():
    code = "os.close(2)\nwith without_notices():\n print('done')"
    ended = subprocess.run(
        [sys.executable, "-c", "import os\nfrom towers.native_log import without_notices\n" + code],
        stdout=subprocess.PIPE,
        timeout=60,
        check=True,
    )
    assert ended.stdout == b"done\n"
