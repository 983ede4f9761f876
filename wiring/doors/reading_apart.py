"""Reads uploaded files in a process of its own, with limited memory and time.

They are large and not trusted: read in a server, they would slow down every page, and a reader that fails
badly would end them all.
"""

import logging
import multiprocessing
import os
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path

from matcher.domain.listening import Listening
from matcher.errors import InputError

log = logging.getLogger(__name__)

MOST_MEMORY = 4 << 30  # bytes of addresses, of which most are never used
MOST_CPU_S = 900
_NICE = 10  # pages go first
_LOOK_EVERY_S = 0.5
_TOO_MUCH = "it takes more memory or time to read than is allowed"


def read_apart(files: Sequence[Path], report: Callable[[float], None]) -> Listening:
    """The listening in one listener's files; `report` is told the share that was read, in [0, 1].

    Raises:
        InputError: a file cannot be read, or holds more than one listener.
        Exception: what `report` raises ends the process.
    """
    context = multiprocessing.get_context("spawn")  # a fork would share locks that other threads hold
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_read, args=(list(files), theirs), name="upload", daemon=True)
    process.start()
    theirs.close()
    try:
        found = _last_of(ours, report)
    except EOFError:
        raise InputError(_TOO_MUCH) from None
    finally:
        process.kill()
        process.join()
        ours.close()
    if isinstance(found, InputError):
        raise found
    return found


def _last_of(told: Connection, report: Callable[[float], None]) -> Listening | InputError:
    """What the process ends with; EOFError if it ended without."""
    share = 0.0
    while True:
        report(share)  # also without news: by it a stop is noticed
        if told.poll(_LOOK_EVERY_S):
            news: float | str | Listening | InputError = told.recv()
            if isinstance(news, Listening | InputError):
                return news
            if isinstance(news, str):
                log.error("an upload could not be read: %s", news)
                return InputError("it cannot be read")
            share = news


def _read(files: Sequence[Path], told: Connection) -> None:
    _limit()
    from wiring.jobs.tables import read_own_files  # pandas only in here

    try:
        told.send(read_own_files(files, told.send))
    except InputError as error:
        told.send(error)
    except MemoryError:
        told.send(InputError(_TOO_MUCH))
    except Exception as error:  # noqa: BLE001 - a traceback in the log could hold names or music
        place = traceback.extract_tb(error.__traceback__)[-1]
        told.send(f"{type(error).__name__} < {Path(place.filename).name}:{place.lineno}")


def _limit() -> None:
    os.nice(_NICE)
    with suppress(ImportError, ValueError, OSError):  # not on every system
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (MOST_CPU_S, MOST_CPU_S))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a dump would hold what was uploaded
