"""Process-wide settings of the server: allocator arenas and BLAS threads."""

import ctypes

import numpy as np  # noqa: F401  (load BLAS first)
from threadpoolctl import threadpool_limits

ARENAS = 2
_M_ARENA_MAX = -8


def share_arenas(n_arenas: int = ARENAS) -> bool:
    """Let all threads share `n_arenas` (at least 1) memory arenas.

    Call it before threads start. Returns whether the C library is glibc and accepts the setting.
    """
    try:
        # Every page run is a thread. With glibc's eight arenas per core, each arena keeps the memory that a
        # page once needed.
        return bool(ctypes.CDLL(None).mallopt(_M_ARENA_MAX, n_arenas) == 1)
    except (AttributeError, TypeError, OSError):  # no mallopt, or Windows, where CDLL(None) fails
        return False


def calculate_alone() -> None:
    """Limit BLAS to one thread per call, in the whole process."""
    # Matrices of a page are small, and pages run in parallel. Waking threads for a product of 54 by 54 takes
    # 14 ms if both cores are busy, the product itself less than 0.1 ms.
    threadpool_limits(1, "blas")
