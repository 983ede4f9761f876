"""`earshot feedback`: export feedback."""

from pathlib import Path
from typing import Annotated

import typer

from wiring.cli.app import cli, console


@cli.command()
def feedback(
    out: Annotated[Path, typer.Option(help="Pairs table to write, .csv or .parquet.")],
) -> None:
    """Write what listeners did with their matches as a pairs table: our own ids and scores, nothing else."""
    from wiring.jobs.feedback import export_feedback

    export_feedback(out, console)
