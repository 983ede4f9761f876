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
from threading import Timer

from matcher.domain.listening import Listening, Source
from matcher.errors import InputError
from matcher.ports import silent
from wiring.doors.listening_messages import (
    LARGEST_MESSAGE,
    MOST_FACTS,
    Received,
    TooMuch,
    encoded,
    message,
    parsed,
)

log = logging.getLogger(__name__)

MOST_MEMORY = 4 << 30  # bytes of addresses, of which most are never used
MOST_CPU_S = 900
MOST_WALL_S = 1_800.0
MOST_LOOK_CPU_S = 20
MOST_LOOK_S = 60.0
_LONGEST_SENTENCE = 2_000
_NICE = 10  # pages go first
_LOOK_EVERY_S = 0.5
_TOO_MUCH = "it takes more memory or time to read than is allowed"
_TOO_MANY = f"it holds more than {MOST_FACTS:,} different tracks and months"
_UNREADABLE = "it cannot be read"


def read_apart(files: Sequence[Path], report: Callable[[float], None]) -> Listening:
    """The listening in one listener's files; `report` is told the share that was read, in [0, 1].

    Raises:
        InputError: a file cannot be read, or holds more than one listener.
        Exception: what `report` raises ends the process.
    """
    return _apart(_read, files, report, MOST_WALL_S)


def look_apart(files: Sequence[Path]) -> None:
    """Check by their beginnings that one of the files at least may hold music.

    Raises:
        InputError: none does.
    """
    _apart(_look, files, silent, MOST_LOOK_S)


def _apart(
    target: Callable[[Sequence[Path], Connection], None],
    files: Sequence[Path],
    report: Callable[[float], None],
    most_wall_s: float,
) -> Listening:
    context = multiprocessing.get_context("spawn")  # a fork would share locks that other threads hold
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=target, args=(list(files), theirs), name="upload", daemon=True)
    process.start()
    theirs.close()
    late = Timer(most_wall_s, process.kill)  # who waits in vain uses no CPU
    late.daemon = True
    late.start()
    try:
        return _last_of(ours, report)
    except (EOFError, OSError):  # it ended without a word, or with too many
        raise InputError(_TOO_MUCH) from None
    except TooMuch:
        raise InputError(_TOO_MANY) from None
    except (ValueError, TypeError, LookupError, AttributeError, OverflowError, RecursionError) as error:
        log.error("what the reader of an upload told is no listening: %s", type(error).__name__)
        raise InputError(_UNREADABLE) from None
    finally:
        late.cancel()
        process.kill()
        process.join()
        ours.close()


def _last_of(told: Connection, report: Callable[[float], None]) -> Listening:
    """What the process ends with.

    Raises:
        InputError: what it says of files that cannot be read.
        EOFError, OSError: it ended without, or a message is too long.
        TooMuch: there are more facts than are taken.
        ValueError, TypeError, LookupError, AttributeError, OverflowError, RecursionError: a message is none.
    """
    share, received = 0.0, Received()
    while True:
        report(share)  # also without news: by it a stop is noticed
        if not told.poll(_LOOK_EVERY_S):
            continue
        data = told.recv_bytes(LARGEST_MESSAGE)
        kind, value = parsed(data)
        if kind == "facts":
            received.take(value, len(data))
        elif kind == "plays":
            received.take_plays(value, len(data))
        elif kind == "end":
            return received.listening(value)
        elif kind == "refused":
            raise InputError(str(value)[:_LONGEST_SENTENCE])
        elif kind == "failed":
            log.error("an upload could not be read: %s", str(value)[:_LONGEST_SENTENCE])
            raise InputError(_UNREADABLE)
        else:
            share = float(value)


def _read(files: Sequence[Path], told: Connection) -> None:
    def read() -> Listening:
        from wiring.jobs.tables import read_own_files  # pandas only in here

        return read_own_files(files, lambda share: told.send_bytes(message("share", share)))

    _tell(read, told, MOST_CPU_S)


def _look(files: Sequence[Path], told: Connection) -> None:
    def look() -> Listening:
        from wiring.jobs.tables import require_known

        require_known(files)
        return Listening("", Source.FILE)

    _tell(look, told, MOST_LOOK_CPU_S)


def _tell(read: Callable[[], Listening], told: Connection, most_cpu_s: int) -> None:
    """What the process does: read within limits, and tell what came of it."""
    _limit(most_cpu_s)
    try:
        for data in encoded(read()):
            told.send_bytes(data)
    except InputError as error:
        told.send_bytes(message("refused", str(error)))
    except MemoryError:
        told.send_bytes(message("refused", _TOO_MUCH))
    except Exception as error:  # noqa: BLE001 - a traceback in the log could hold names or music
        place = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{type(error).__name__} < {Path(place.filename).name}:{place.lineno}"
        told.send_bytes(message("failed", where))


def _limit(most_cpu_s: int) -> None:
    os.nice(_NICE)
    with suppress(ImportError, ValueError, OSError):  # not on every system
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (most_cpu_s, most_cpu_s))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a dump would hold what was uploaded
