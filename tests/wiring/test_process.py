import platform
import subprocess
import sys

import pytest

_PROGRAM = """
import ctypes
import threading

from wiring.process import share_arenas

if {shared}:
    assert share_arenas(2)
together = threading.Barrier(8)


def need_memory():
    together.wait()
    for _ in range(200):
        needed = [bytes(1000) for _ in range(200)]


threads = [threading.Thread(target=need_memory) for _ in range(8)]
for one in threads:
    one.start()
for one in threads:
    one.join()
ctypes.CDLL(None).malloc_stats()
"""


def count_arenas(shared: bool) -> int:
    program = _PROGRAM.format(shared=shared)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return done.stderr.count("Arena ")


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc has arenas")
def test_threads_share_arenas_once_it_is_asked_for():
    assert count_arenas(shared=True) <= 2 < count_arenas(shared=False)
