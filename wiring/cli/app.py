"""The command `earshot`. Exit 0: done; 1: failed; 2: usage error or unusable file."""

import logging
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import typer
from rich.console import Console
from rich.text import Text

from matcher.errors import EarshotError, InputError, ModelError

cli = typer.Typer(
    help="Find the listeners who hear music the way you do.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # what somebody typed comes back as they typed it
)
console = Console(stderr=True, highlight=False)


def main() -> None:
    """Run the command line; an error is one sentence with the cure."""
    _log()
    try:
        with _ending_on_sigterm():
            cli(standalone_mode=True)
    except EarshotError as error:
        _say(str(error))
        sys.exit(2 if isinstance(error, InputError | ModelError) else 1)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        _say(f"{where}{error.strerror or error}; see whether it can be written, and whether there is room")
        sys.exit(1)


def _say(sentence: str) -> None:
    """Print an error as it stands: a path may hold what looks like markup, and is not to be broken."""
    console.print(Text.assemble(("earshot:", "red"), f" {sentence}"), soft_wrap=True)


@contextmanager
def _ending_on_sigterm() -> Iterator[None]:
    """Let SIGTERM, or a terminal that closes, end a command as an exception: it stops what it started."""
    signals = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]

    def end(number: int, _: object) -> None:
        for one in signals:
            signal.signal(one, signal.SIG_IGN)  # a second one does not interrupt the stopping
        sys.exit(128 + number)

    before = {one: signal.signal(one, end) for one in signals}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def _log() -> None:
    """Our own words from INFO on, libraries from WARNING on: theirs could show tokens, names and music.

    Nothing is logged below INFO, whatever the level of a logger: there libraries write headers and rows.
    """
    logging.disable(logging.DEBUG)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    for room in ("wiring", "spotify_client", "storage", "towers", "emulator"):
        logging.getLogger(room).setLevel(logging.INFO)
