"""Process-wide settings of the server: allocator arenas and BLAS threads."""

import ctypes

import numpy as np  # noqa: F401  (load BLAS first)
from threadpoolctl import threadpool_limits

ARENAS = 2
_M_ARENA_MAX = -8


def share_arenas(n_arenas: int = ARENAS) -> bool:
    """Have all threads take memory from a few arenas, and not each from one of its own.

    Every run of a page is a thread: with glibc's eight arenas a core, each keeps for itself what a page once
    needed. To be called before there are threads.

    Args:
        n_arenas: at least 1.

    Returns:
        Whether the C library is glibc, and heeds it; others have no such arenas.
    """
    try:
        return bool(ctypes.CDLL(None).mallopt(_M_ARENA_MAX, n_arenas) == 1)
    except (AttributeError, TypeError, OSError):  # no mallopt; Windows does not look into None
        return False


def calculate_alone() -> None:
    """Have each thread of the server do its linear algebra by itself, in the whole process.

    The matrices of one page are small, and pages run side by side: to wake threads for a product of 54 by 54
    takes 14 ms where both cores are busy, the product alone less than a tenth of one.
    """
    threadpool_limits(1, "blas")
