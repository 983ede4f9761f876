"""How the server's memory is handed out, where the C library lets us say."""

import ctypes

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
