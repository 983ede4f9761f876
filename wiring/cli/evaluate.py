"""`earshot evaluate`: evaluate on held-out listeners."""

from pathlib import Path
from typing import Annotated

import typer

from wiring.cli.app import cli, console


@cli.command()
def evaluate(
    listening: Annotated[list[Path], typer.Option(exists=True, help="Listening tables.")],
    pairs: Annotated[Path | None, typer.Option(exists=True, help="Table of friends, for P3.")] = None,
    attributes: Annotated[Path | None, typer.Option(exists=True, help="Table of audio attributes.")] = None,
    tags: Annotated[Path | None, typer.Option(exists=True, help="Table of tags on artists.")] = None,
    truth: Annotated[
        Path | None, typer.Option(exists=True, help="True tastes of a synthetic world, for P7.")
    ] = None,
    label: Annotated[str, typer.Option(help="Column of a label by listener, for P6.")] = "",
    out: Annotated[
        Path | None, typer.Option(help="JSON to write; a table (.md) and plots (.png) beside it.")
    ] = None,
    seeds: Annotated[int, typer.Option(min=1, help="Seeds: splits and trainings.")] = 5,
    config: Annotated[Path | None, typer.Option(exists=True, help="Config as JSON.")] = None,
) -> None:
    """Towers and pipeline beside tuned rivals, on listeners nobody has seen."""
    from wiring.jobs.evaluation import EvaluationFiles, evaluate_files

    files = EvaluationFiles(listening, pairs, attributes, tags, truth)
    evaluate_files(files, label, out, seeds, config, console)
