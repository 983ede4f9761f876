"""The garbage collector while very many objects are made."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

MANY = 500_000
"""Objects made in one pause from which on they are kept out of later collections."""


@contextmanager
def collector_paused() -> Iterator[None]:
    """Pause the cycle collector: among a million new objects it finds none, and takes half of the time.

    Very many objects are frozen at the end. Else every later collection looks at all of them again, which
    makes building profiles of a large table half as long again.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        # while the collector is off, this counts what was made and is still there
        if gc.get_count()[0] > MANY:
            gc.freeze()
        if was_on:
            gc.enable()
