"""Entry point of `earshot`. Exit 0: done; 1: failed; 2: usage error, bad file."""

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
    rich_markup_mode=None,  # show user input verbatim
)
console = Console(stderr=True, highlight=False)


def main() -> None:
    """Run the command line; an error is one sentence with its fix."""
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
    """Print an error verbatim: a path may look like markup."""
    console.print(Text.assemble(("earshot:", "red"), f" {sentence}"), soft_wrap=True)


@contextmanager
def _ending_on_sigterm() -> Iterator[None]:
    """Turn SIGTERM and SIGHUP into SystemExit, so that child processes are stopped."""
    signals = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]

    def end(number: int, _: object) -> None:
        for one in signals:
            signal.signal(one, signal.SIG_IGN)  # a second signal must not interrupt the clean-up
        sys.exit(128 + number)

    before = {one: signal.signal(one, end) for one in signals}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def _log() -> None:
    """Log INFO of our packages and WARNING of libraries; never DEBUG."""
    # libraries' messages may hold tokens, names and music; at DEBUG, headers and rows
    logging.disable(logging.DEBUG)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    for room in ("wiring", "spotify_client", "storage", "towers", "emulator"):
        logging.getLogger(room).setLevel(logging.INFO)
