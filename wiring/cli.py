"""The command `earshot`. Exit 0: done; 1: could not be done; 2: asked wrongly, or files that will not do."""

import logging
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from matcher.domain.listening import Source
from matcher.errors import EarshotError, InputError, ModelError

cli = typer.Typer(
    help="Find the listeners who hear music the way you do.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # what somebody typed comes back as they typed it
)
models = typer.Typer(
    help="The models that serve, and have served, here.", no_args_is_help=True, rich_markup_mode=None
)
cli.add_typer(models, name="models")
console = Console(stderr=True, highlight=False)


class Tower(StrEnum):
    """Which of the two towers."""

    USER = "user"
    CANDIDATE = "candidate"


@cli.command()
def demo(
    listeners: Annotated[int, typer.Option(min=20, max=20_000, help="Synthetic listeners.")] = 2000,
    seed: Annotated[int, typer.Option(help="Another seed is another world.")] = 7,
) -> None:
    """Everything at once, without keys: world, training, candidates, local Spotify, app."""
    from wiring.demo import run_demo

    run_demo(listeners, seed, console)


@cli.command()
def serve() -> None:
    """Run the app; settings say whether it is the demo or live."""
    from wiring.serving import serve_app

    serve_app()


@cli.command()
def emulator(  # noqa: PLR0913, PLR0917 - an option each
    world: Annotated[Path | None, typer.Option(exists=True, help="A listening table as its world.")] = None,
    listeners: Annotated[int, typer.Option(min=1, help="Synthetic listeners, without --world.")] = 2000,
    seed: Annotated[int, typer.Option(help="Seed of the synthetic world.")] = 7,
    host: str = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 9911,
    latency_ms: Annotated[int, typer.Option(min=0, help="Waited before every answer.")] = 0,
    extended: Annotated[bool, typer.Option(help="Answer as to an app with Extended Quota.")] = False,
    rotate_tokens: Annotated[bool, typer.Option(help="Each refresh gives a new refresh token.")] = False,
    token_life_s: Annotated[int, typer.Option(min=1, help="Life of an access token.")] = 3600,
    grant_life_days: Annotated[int, typer.Option(min=1, help="Life of a refresh token.")] = 182,
    allow: Annotated[
        list[str] | None, typer.Option(help="Serve these listeners alone, at most five.")
    ] = None,
) -> None:
    """Run the local Spotify alone."""
    from wiring.serving import serve_emulator

    behaviour = {
        "latency_ms": latency_ms,
        "dialect": "extended" if extended else "development",
        "rotate_refresh_tokens": rotate_tokens,
        "access_token_lifetime_s": token_life_s,
        "refresh_token_lifetime_s": grant_life_days * 86_400,
        "allow_list": tuple(allow) if allow else None,
    }
    serve_emulator(world, listeners, seed, host, port, behaviour)


@cli.command()
def train(
    listening: Annotated[list[Path], typer.Option(exists=True, help="Listening tables.")],
    out: Annotated[Path, typer.Option(help="Folder for the model.")],
    attributes: Annotated[Path | None, typer.Option(exists=True, help="Table of audio attributes.")] = None,
    tags: Annotated[Path | None, typer.Option(exists=True, help="Table of tags on artists.")] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of everything random.")] = None,
    config: Annotated[Path | None, typer.Option(exists=True, help="Config as JSON.")] = None,
    pairs: Annotated[
        Path | None,
        typer.Option(exists=True, help="Table of pairs who belong together: 0 ignored, 1 clicked, 5 strong."),
    ] = None,
) -> None:
    """Train the two towers and write the model folder."""
    from wiring.training import train_model

    train_model(listening, out, attributes, tags, seed, config, console, pairs)


@cli.command()
def embed(
    model: Annotated[Path, typer.Option(help="Model folder.")],
    listening: Annotated[Path, typer.Option(exists=True, help="Listening table.")],
    out: Annotated[Path, typer.Option(help="Parquet to write: listener_id, vector.")],
    tower: Annotated[Tower, typer.Option(help="Which tower's vectors.")] = Tower.CANDIDATE,
    attributes: Annotated[Path | None, typer.Option(exists=True, help="Table of audio attributes.")] = None,
    tags: Annotated[Path | None, typer.Option(exists=True, help="Table of tags on artists.")] = None,
) -> None:
    """Map listeners into the shared space."""
    from wiring.batch import embed_table

    embed_table(model, listening, tower == Tower.USER, out, attributes, tags, console)


@cli.command()
def match(
    model: Annotated[Path, typer.Option(help="Model folder.")],
    queries: Annotated[Path, typer.Option(exists=True, help="Listening table of who asks.")],
    candidates: Annotated[Path, typer.Option(exists=True, help="Listening table of who may be found.")],
    out: Annotated[Path, typer.Option(help="Parquet: query_id, candidate_id, rank, score, percent.")],
    top: Annotated[int, typer.Option(min=1, help="Matches each.")] = 20,
    attributes: Annotated[Path | None, typer.Option(exists=True, help="Table of audio attributes.")] = None,
    tags: Annotated[Path | None, typer.Option(exists=True, help="Table of tags on artists.")] = None,
) -> None:
    """The whole pipeline on files: retrieve, rank, calibrate. Never matches a listener_id with itself."""
    from wiring.batch import match_tables

    match_tables(model, queries, candidates, top, out, attributes, tags, console)


@cli.command()
def evaluate(
    listening: Annotated[list[Path], typer.Option(exists=True, help="Listening tables.")],
    pairs: Annotated[Path | None, typer.Option(exists=True, help="Table of friends, for P3.")] = None,
    attributes: Annotated[Path | None, typer.Option(exists=True, help="Table of audio attributes.")] = None,
    tags: Annotated[Path | None, typer.Option(exists=True, help="Table of tags on artists.")] = None,
    label: Annotated[str, typer.Option(help="Column of a label by listener, for P6.")] = "",
    out: Annotated[
        Path | None, typer.Option(help="JSON to write; a table (.md) and plots (.png) beside it.")
    ] = None,
    seeds: Annotated[int, typer.Option(min=1, help="Seeds: splits and trainings.")] = 5,
    config: Annotated[Path | None, typer.Option(exists=True, help="Config as JSON.")] = None,
) -> None:
    """Towers and pipeline beside the simple rivals, on listeners nobody has seen."""
    from wiring.evaluation import evaluate_files

    evaluate_files(listening, pairs, attributes, tags, label, out, seeds, config, console)


@cli.command("import")
def import_files(
    files: Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, help="Files to read.")],
    attributes: Annotated[Path | None, typer.Option(exists=True, help="Table of audio attributes.")] = None,
    tags: Annotated[Path | None, typer.Option(exists=True, help="Table of tags on artists.")] = None,
    synthetic: Annotated[bool, typer.Option(help="Label these listeners as synthetic.")] = False,
    local_accounts: Annotated[
        bool,
        typer.Option(
            help="These are the listeners of the local Spotify: who signs in is one of them (demo)."
        ),
    ] = False,
    wait_s: Annotated[
        float,
        typer.Option(min=0, help="Seconds to wait for a model in training, once all else is ready."),
    ] = 0.0,
) -> None:
    """Put listeners into the database, to be found as matches."""
    from wiring.importing import import_tables

    source = Source.SYNTHETIC if synthetic else Source.TABLE
    import_tables(files, attributes, tags, source, local_accounts, console, wait_s)


@cli.command()
def feedback(
    out: Annotated[Path, typer.Option(help="Pairs table to write, .csv or .parquet.")],
) -> None:
    """Write what listeners did with their matches as a pairs table: our own ids and scores, nothing else."""
    from wiring.feedback import export_feedback

    export_feedback(out, console)


@cli.command()
def purge(
    yes: Annotated[
        bool, typer.Option("--yes", help="Erase even more than a tenth of all people at once.")
    ] = False,
) -> None:
    """Delete what has been kept long enough, as the app does once a day: idle accounts, old readings."""
    from wiring.purging import purge_and_tell

    purge_and_tell(console, yes)


@models.command("list")
def list_models() -> None:
    """List the models that have served here, the latest first."""
    from wiring.models import list_models

    list_models(Console(highlight=False))


@cli.command()
def doctor() -> None:
    """Look at settings, keys, versions, clock, database and model, and say what to mend."""
    from wiring.doctor import Verdict, examine

    found = []
    for finding in examine():
        found.append(finding)
        console.print(str(finding), markup=False, soft_wrap=True)
    if any(one.verdict is Verdict.WRONG for one in found):
        raise typer.Exit(1)


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


if __name__ == "__main__":
    main()
