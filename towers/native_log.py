"""Keeps start-up notices of native libraries off the terminal.

TensorFlow 2.21 and LiteRT write to file descriptor 2 from C++ before any setting applies:
TF_CPP_MIN_LOG_LEVEL has no effect before absl is initialised
(https://github.com/tensorflow/tensorflow/issues/100442).
"""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TextIO

NOTICES = (
    r"I\d{4} ",  # glog's INFO: oneDNN, missing CUDA, processor features
    r"WARNING: All log messages before absl::InitializeLog\(\) is called are written to STDERR",
    r"INFO: Created TensorFlow Lite XNNPACK delegate for CPU\.",
    # logged as errors, but they only mean that there is no GPU driver, or no AVX-512
    r"E\d{4} .*failed call to cuInit: .*\(303\)",
    r"E\d{4} .*oneDNN supports DT_INT64 only on platforms with AVX-512\.",
)
"""Beginnings of dropped lines."""

# a separate process, which still passes on the last lines when this one aborts
_FILTER = """
import re, sys
notice = re.compile(sys.argv[1].encode())
for line in sys.stdin.buffer:
    if not notice.match(line):
        sys.stderr.buffer.write(line)
        sys.stderr.buffer.flush()
"""
_LAST_WORDS_S = 2.0
_lock = threading.Lock()
_open: list["_Redirection"] = []
"""One entry per open block; all are the same redirection."""


@contextmanager
def without_notices() -> Iterator[None]:
    """Drop notices of TensorFlow and LiteRT from file descriptor 2; pass other lines.

    Blocks may be nested, and may overlap in several threads. Python's own `sys.stderr` keeps the terminal,
    for progress bars. TF_CPP_MIN_LOG_LEVEL=0 turns this off.
    """
    with _lock:
        redirection = _redirection()
        if redirection is not None:
            _open.append(redirection)
    try:
        yield
    finally:
        with _lock:
            if redirection is not None:
                _open.pop()
                if not _open:
                    redirection.end()


def _redirection() -> "_Redirection | None":
    if os.environ.get("TF_CPP_MIN_LOG_LEVEL") == "0":
        return None
    try:
        return _open[0] if _open else _Redirection()
    except OSError:  # no descriptor 2, or no new process: accept the notices
        return None


class _Redirection:
    """Redirection of file descriptor 2 through the filter.

    Raises:
        OSError: this process has no such descriptor, or the filter cannot be started.
    """

    def __init__(self) -> None:
        command = [sys.executable, "-I", "-S", "-c", _FILTER, "|".join(NOTICES)]
        self._terminal = os.dup(2)
        try:
            # a new session, so that Ctrl-C does not reach the filter; it ends when its input is closed
            self._filter = subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)  # noqa: S603
        except OSError:
            os.close(self._terminal)
            raise
        pipe = self._filter.stdin
        assert pipe is not None  # noqa: S101 - asked for above
        self._python = sys.stderr
        self._direct = self._lead_python_past()
        os.dup2(pipe.fileno(), 2)
        pipe.close()

    def _lead_python_past(self) -> TextIO | None:
        if not _is_descriptor_2(self._python):
            return None
        self._python.flush()
        direct = os.fdopen(self._terminal, "w", buffering=1, encoding=self._python.encoding, closefd=False)
        sys.stderr = direct
        return direct

    def end(self) -> None:
        """Restore descriptor 2 after the filter has passed on all output."""
        self._python.flush()
        os.dup2(self._terminal, 2)
        if self._direct is None:
            os.close(self._terminal)
        elif sys.stderr is self._direct:  # not closed: a logging handler may still use it
            sys.stderr = self._python
        with suppress(subprocess.TimeoutExpired):  # a process started meanwhile may still write to the filter
            self._filter.wait(_LAST_WORDS_S)


def _is_descriptor_2(stream: TextIO) -> bool:
    try:
        return stream.fileno() == 2
    except (OSError, ValueError, AttributeError):
        return False
